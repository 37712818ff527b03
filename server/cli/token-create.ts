/** `commons token create`: a bearer token for a script. */
import { systemNow } from "../lib/clock.ts";
import { DAY_MS } from "../lib/durations.ts";
import { nearest } from "../lib/nearest.ts";
import { Problem } from "../lib/problem.ts";
import { SCOPES, unknownScopes } from "../oauth/provider/scopes.ts";
import { type Command, EXIT, textOption } from "./command.ts";
import type { Parts } from "./parts.ts";
import { withApp } from "./with-app.ts";

export const tokenCreate = (parts: Parts): Command => ({
  name: "token create",
  summary: "Print a bearer token with which a script acts for somebody, without a second step.",
  options: [
    { name: "user", takes: "NAME", help: "Whom the script acts for (needed)." },
    {
      name: "scopes",
      takes: "LIST",
      help: 'What it may do, separated by spaces [read]. For all: "read write".',
    },
    { name: "days", takes: "NUMBER", help: "How long it works; without this, until it is revoked." },
  ],
  async run(call) {
    const name = textOption(call, "user");
    if (name === null) throw new Problem("invalid", "Say whom the token is for: --user NAME.");
    const scope = textOption(call, "scopes") ?? "read";
    const [unknown] = unknownScopes(scope);
    if (unknown !== undefined) {
      const guess = nearest(unknown, SCOPES);
      throw new Problem(
        "invalid",
        `"${unknown}" is no scope.${guess ? ` Did you mean ${guess}?` : ""} For all: "read write".`,
      );
    }
    const expiresMs = endAfter(textOption(call, "days"));
    const token = await withApp(parts, call, async (app) => {
      const account = await app.accounts.people.getByName(name);
      if (account.state !== "active")
        throw new Problem(
          "conflict",
          `${name} cannot use a token: the account is ${account.state}. \`commons user enable ${name}\` lets them in.`,
        );
      return app.createToken({ account, scope, expiresMs });
    });
    call.print(call.isJson ? JSON.stringify({ token, user: name, scope }) : token);
    return EXIT.good;
  },
});

function endAfter(days: string | null): number | null {
  if (days === null) return null;
  if (!/^[1-9]\d{0,4}$/.test(days))
    throw new Problem("invalid", `--days is "${days}": write a whole number.`);
  return systemNow() + Number(days) * DAY_MS;
}
