/** `commons media move`: carries people's files from the data folder into the bucket of `media_url`. */
import { type Command, EXIT } from "./command.ts";
import type { Parts } from "./parts.ts";
import { withApp } from "./with-app.ts";

export const mediaMove = (parts: Parts): Command => ({
  name: "media move",
  summary: "Carry people's files from the data folder into the bucket that media_url names.",
  options: [],
  async run(call) {
    await withApp(parts, call, async ({ moveFiles }) => {
      const files = await moveFiles();
      call.print(call.isJson ? JSON.stringify({ files }) : `${files} files are in the bucket now.`);
    });
    return EXIT.good;
  },
});
