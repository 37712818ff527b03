/** `commons user promote`: gives somebody a role. */
import { type Command, EXIT, textOption } from "./command.ts";
import type { Parts } from "./parts.ts";
import { roleOf } from "./user-create.ts";
import { withApp } from "./with-app.ts";

export const userPromote = (parts: Parts): Command => ({
  name: "user promote",
  words: ["NAME"],
  summary: "Make somebody an admin, or give another role.",
  options: [{ name: "role", takes: "ROLE", help: "admin, moderator, teacher or member [admin]." }],
  async run(call) {
    const [name = ""] = call.words;
    const role = roleOf(textOption(call, "role") ?? "admin");
    const account = await withApp(parts, call, async ({ accounts }) => {
      const found = await accounts.people.getByName(name);
      await accounts.people.setRole(null, found, role);
      return found;
    });
    const answer = { name: account.name, role };
    call.print(call.isJson ? JSON.stringify(answer) : `${answer.name} is now ${role}.`);
    return EXIT.good;
  },
});
