/** `commons user disable` and `user enable`: shuts somebody out, and lets them in again. */
import { type Command, EXIT, textOption } from "./command.ts";
import type { Parts } from "./parts.ts";
import { withApp } from "./with-app.ts";

export const userDisable = (parts: Parts): Command => ({
  name: "user disable",
  words: ["NAME"],
  summary: "Shut somebody out: ends sessions, programs, links and invitations at once.",
  options: [{ name: "note", takes: "TEXT", help: "Why, for the staff." }],
  async run(call) {
    const note = textOption(call, "note") ?? undefined;
    const account = await withApp(parts, call, async ({ accounts }) => {
      const found = await accounts.people.getByName(call.words[0] ?? "");
      await accounts.people.disable(null, found, note);
      return found;
    });
    call.print(
      call.isJson
        ? JSON.stringify({ name: account.name, state: "disabled" })
        : `${account.name} is shut out.`,
    );
    return EXIT.good;
  },
});

export const userEnable = (parts: Parts): Command => ({
  name: "user enable",
  words: ["NAME"],
  summary: "Let somebody in again who was shut out, or who waits for approval.",
  async run(call) {
    const account = await withApp(parts, call, async ({ accounts }) => {
      const found = await accounts.people.getByName(call.words[0] ?? "");
      if (found.state === "pending") await accounts.people.approve(null, found);
      else await accounts.people.enable(null, found);
      return found;
    });
    call.print(
      call.isJson ? JSON.stringify({ name: account.name, state: "active" }) : `${account.name} may sign in.`,
    );
    return EXIT.good;
  },
});
