/** `commons user reset-password`: a new password, or a link with which the person sets one. */
import { toIso } from "../lib/clock.ts";
import { type Command, EXIT, PASSWORD_OPTIONS, textOption } from "./command.ts";
import { resetLink } from "./links.ts";
import type { Parts } from "./parts.ts";
import { readPassword } from "./password.ts";
import { withApp } from "./with-app.ts";

export const userResetPassword = (parts: Parts): Command => ({
  name: "user reset-password",
  words: ["NAME"],
  summary: "Set a new password, or without one print a one-time link for the person to set it.",
  options: PASSWORD_OPTIONS,
  async run(call) {
    const [name = ""] = call.words;
    const isGiven = textOption(call, "password") !== null || textOption(call, "password-file") !== null;
    const password = isGiven ? await readPassword(call) : null;
    await withApp(parts, call, async ({ accounts }, { origin }) => {
      const account = await accounts.people.getByName(name);
      if (password !== null) {
        await accounts.passwords.set(account, password);
        call.print(
          call.isJson ? JSON.stringify({ name: account.name }) : `${account.name} has a new password.`,
        );
        return;
      }
      const { token, expiresMs } = await accounts.passwords.createResetLink(null, account);
      const link = resetLink(origin, token);
      const until = toIso(expiresMs);
      call.print(call.isJson ? JSON.stringify({ link, until }) : `${link}\nGood once, until ${until}.`);
    });
    return EXIT.good;
  },
});
