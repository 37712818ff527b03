/** `commons group list`: the groups that live here. */
import { MAX_KEY } from "../lib/id.ts";
import { MAX_PAGE_SIZE } from "../lib/page.ts";
import { type Command, EXIT, sayNone } from "./command.ts";
import type { Parts } from "./parts.ts";
import { withApp } from "./with-app.ts";

export const groupList = (parts: Parts): Command => ({
  name: "group list",
  summary: "List the groups that live here, newest first.",
  async run(call) {
    await withApp(parts, call, ({ withActors }) =>
      withActors(async ({ groups }) => {
        let isEmpty = true;
        for (let before: number | undefined = MAX_KEY; before !== undefined; ) {
          const page = await groups.list(before, MAX_PAGE_SIZE);
          if (page.length > 0) isEmpty = false;
          for (const { name, members, owners } of page) {
            call.print(
              call.isJson
                ? JSON.stringify({ name, members, owners })
                : `${name.padEnd(24)} ${String(members).padStart(6)}  ${owners.join(", ") || "(no owner)"}`,
            );
          }
          before = page.length < MAX_PAGE_SIZE ? undefined : page.at(-1)?.key;
        }
        if (isEmpty) sayNone(call, "There is no group here yet.");
      }),
    );
    return EXIT.good;
  },
});
