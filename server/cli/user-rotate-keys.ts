/** `commons user rotate-keys`: new keys for a person, a group or the server itself. */
import { type Command, EXIT } from "./command.ts";
import type { Parts } from "./parts.ts";
import { withApp } from "./with-app.ts";

export const userRotateKeys = (parts: Parts): Command => ({
  name: "user rotate-keys",
  words: ["NAME"],
  summary: "Make new keys for a person, a group or the server itself (commons), and tell other servers.",
  async run(call) {
    const [name = ""] = call.words;
    await withApp(parts, call, (app) => app.rotateKeys(name));
    call.print(
      call.isJson
        ? JSON.stringify({ name, state: "promised" })
        : `${name} gets new keys as soon as the server runs: in a second where it does.`,
    );
    return EXIT.good;
  },
});
