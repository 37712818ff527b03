/** `commons media prune`: keeps pictures of other servers to their quota, or drops them all. */
import { type Command, EXIT } from "./command.ts";
import type { Parts } from "./parts.ts";
import { withApp } from "./with-app.ts";

export const mediaPrune = (parts: Parts): Command => ({
  name: "media prune",
  summary: "Drop pictures of other servers that are over the quota, and files that a crash left behind.",
  options: [
    { name: "all", takes: null, help: "Drop all of them; they are fetched again when somebody looks." },
  ],
  async run(call) {
    await withApp(parts, call, async ({ prunePictures }) => {
      const dropped = await prunePictures(call.options.all === true);
      const megabytes = (dropped.bytes / 1e6).toFixed(1);
      call.print(
        call.isJson ? JSON.stringify(dropped) : `${dropped.files} pictures were dropped, ${megabytes} MB.`,
      );
    });
    return EXIT.good;
  },
});
