/** `commons licences`: under which terms this program is, and everything that travels in it. */
import { Problem } from "../lib/problem.ts";
import { fullVersion } from "../version.ts";
import { type Command, EXIT } from "./command.ts";
import { packedNotices } from "./notices-asset.ts";

const OWN =
  "GNU Affero General Public License, version 3 or later: https://www.gnu.org/licenses/agpl-3.0.html";

export const licences: Command = {
  name: "licences",
  summary: "Show the licence of this program, and of all that is inside it.",
  async run({ isJson, print }) {
    if (packedNotices === null)
      throw new Problem(
        "invalid",
        "This is not the one file: the licences lie in node_modules, with each package.",
      );
    const notices = await Bun.file(packedNotices).text();
    print(isJson ? JSON.stringify({ own: OWN, notices }) : `commons ${fullVersion}\n${OWN}\n\n${notices}`);
    return EXIT.good;
  },
};
