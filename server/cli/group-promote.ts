/** `commons group promote`: gives a group an owner, where the last one is gone. */
import { type Command, EXIT } from "./command.ts";
import type { Parts } from "./parts.ts";
import { withApp } from "./with-app.ts";

export const groupPromote = (parts: Parts): Command => ({
  name: "group promote",
  words: ["NAME", "PERSON"],
  summary: "Make a person the owner of a group, besides those who own it.",
  async run(call) {
    const [name = "", person = ""] = call.words;
    await withApp(parts, call, async ({ accounts, withActors }) => {
      const account = await accounts.people.getByName(person);
      await withActors(({ groups }) => groups.entrust(name, account));
    });
    call.print(call.isJson ? JSON.stringify({ group: name, owner: person }) : `${person} now owns ${name}.`);
    return EXIT.good;
  },
});
