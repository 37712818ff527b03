/** `commons user reset-factors`: takes passkeys and codes from somebody who lost them. */
import { type Command, EXIT } from "./command.ts";
import type { Parts } from "./parts.ts";
import { withApp } from "./with-app.ts";

export const userResetFactors = (parts: Parts): Command => ({
  name: "user reset-factors",
  words: ["NAME"],
  summary: "Take passkeys, the app for codes and recovery codes from somebody, and sign them out.",
  async run(call) {
    const account = await withApp(parts, call, async ({ accounts }) => {
      const found = await accounts.people.getByName(call.words[0] ?? "");
      await accounts.factors.reset(null, found);
      return found;
    });
    call.print(
      call.isJson
        ? JSON.stringify({ name: account.name })
        : `${account.name} has no second factor any more, and is signed out.${account.hasPassword ? "" : " There is no password either: `commons user reset-password` gives a link to set one."}`,
    );
    return EXIT.good;
  },
});
