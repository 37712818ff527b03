/** `commons setup-link`: the one-time link with which the first person claims the server, anew. */
import { toIso } from "../lib/clock.ts";
import { Problem } from "../lib/problem.ts";
import { type Command, EXIT } from "./command.ts";
import { claimLink } from "./links.ts";
import type { Parts } from "./parts.ts";
import { withApp } from "./with-app.ts";

export const setupLink = (parts: Parts): Command => ({
  name: "setup-link",
  summary: "Print a new one-time link with which the first person claims this server.",
  async run(call) {
    const { claim, origin } = await withApp(parts, call, async ({ accounts }, config) => ({
      claim: await accounts.claim.renew(),
      origin: config.origin,
    }));
    if (!claim)
      throw new Problem(
        "conflict",
        "This server has an admin already. `commons user promote NAME` makes another.",
      );
    const link = claimLink(origin, claim.token);
    const until = toIso(claim.expiresMs);
    call.print(call.isJson ? JSON.stringify({ link, until }) : `${link}\nGood once, until ${until}.`);
    return EXIT.good;
  },
});
