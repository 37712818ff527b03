/** `commons user delete`: closes somebody's account for good, as they could themselves. */
import { Problem } from "../lib/problem.ts";
import { type Command, EXIT } from "./command.ts";
import type { Parts } from "./parts.ts";
import { withApp } from "./with-app.ts";

export const userDelete = (parts: Parts): Command => ({
  name: "user delete",
  words: ["NAME"],
  summary: "Close an account for good, and delete all that was written in it, here and elsewhere.",
  options: [{ name: "yes", takes: null, help: "You are sure: it cannot be taken back." }],
  async run(call) {
    if (call.options.yes !== true)
      throw new Problem(
        "invalid",
        "This cannot be taken back, and the name is never given again. Say --yes when you are sure; `user disable` only shuts somebody out.",
      );
    const account = await withApp(parts, call, async ({ accounts, withActors }) => {
      const found = await accounts.people.getByName(call.words[0] ?? "");
      await withActors(({ leaving }) => leaving.leave(found));
      return found;
    });
    call.print(
      call.isJson
        ? JSON.stringify({ name: account.name, state: "gone" })
        : `${account.name} is closed. What was written in it is deleted by the server, now or when it is started.`,
    );
    return EXIT.good;
  },
});
