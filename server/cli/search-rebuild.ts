/** `commons search rebuild`: makes the index of words anew from what the database holds. */
import { type Command, EXIT } from "./command.ts";
import type { Parts } from "./parts.ts";
import { withApp } from "./with-app.ts";

/** How often a person who watches hears how far it is. */
const TOLD_EVERY = 10_000;

export const searchRebuild = (parts: Parts): Command => ({
  name: "search rebuild",
  summary: "Make the index that searches use anew; may be broken off, and the server goes on with it.",
  async run(call) {
    await withApp(parts, call, async ({ search }) => {
      let done = 0;
      let told = 0;
      await search.rebuild();
      await search.drain((count) => {
        done = count;
        if (!call.isTerminal || done - told < TOLD_EVERY) return;
        told = done;
        call.complain(`${done} so far`);
      });
      call.print(
        call.isJson
          ? JSON.stringify({ looked_at: done })
          : `The index is made anew: ${done} things were looked at.`,
      );
    });
    return EXIT.good;
  },
});
