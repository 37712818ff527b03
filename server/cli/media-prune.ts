/** `commons media prune`: keeps pictures of other servers to their quota, or drops them all, and clears away lost files. */
import { type Command, EXIT } from "./command.ts";
import type { Parts } from "./parts.ts";
import { withApp } from "./with-app.ts";

export const mediaPrune = (parts: Parts): Command => ({
  name: "media prune",
  summary: "Drop pictures of other servers that are over the quota, and files that a crash left behind.",
  options: [
    {
      name: "all",
      takes: null,
      help: "Drop all pictures of other servers; they are fetched again when somebody looks.",
    },
  ],
  async run(call) {
    await withApp(parts, call, async ({ prunePictures, clearFiles }) => {
      const dropped = await prunePictures(call.options.all === true);
      const lost = await clearFiles();
      if (call.isJson) return call.print(JSON.stringify({ ...dropped, lost }));
      call.print(`${dropped.files} pictures were dropped, ${megabytes(dropped)} MB.`);
      if (lost.files > 0)
        call.print(`Files that nothing needs were cleared away: ${lost.files}, ${megabytes(lost)} MB.`);
    });
    return EXIT.good;
  },
});

const megabytes = ({ bytes }: { readonly bytes: number }): string => (bytes / 1e6).toFixed(1);
