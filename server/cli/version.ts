/** `commons version`: which program this is. */
import { fullVersion } from "../version.ts";
import { type Command, EXIT } from "./command.ts";

export const version: Command = {
  name: "version",
  summary: "Say which version this is.",
  async run({ isJson, print }) {
    const runtime = `Bun ${Bun.version}`;
    print(isJson ? JSON.stringify({ version: fullVersion, runtime }) : `commons ${fullVersion} (${runtime})`);
    return EXIT.good;
  },
};
