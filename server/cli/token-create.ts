/** `commons token create`: a bearer token for a script. */
import { Problem } from "../lib/problem.ts";
import { type Command, EXIT, textOption } from "./command.ts";
import type { Parts } from "./parts.ts";
import { withApp } from "./with-app.ts";

export const tokenCreate = (parts: Parts): Command => ({
  name: "token create",
  summary: "Print a bearer token with which a script acts for somebody.",
  options: [
    { name: "user", takes: "NAME", help: "Whom the script acts for (needed)." },
    {
      name: "scopes",
      takes: "LIST",
      help: 'What it may do, separated by spaces [read]. For all: "read write".',
    },
    {
      name: "label",
      takes: "TEXT",
      help: "What the person sees in the list of connected programs [Command line].",
    },
  ],
  async run(call) {
    const name = textOption(call, "user");
    if (name === null) throw new Problem("invalid", "Say whom the token is for: --user NAME.");
    const scopes = (textOption(call, "scopes") ?? "read").split(/[\s,]+/).filter(Boolean);
    const label = textOption(call, "label") ?? "Command line";
    const token = await withApp(parts, call, async (app) => {
      const account = await app.accounts.people.getByName(name);
      return app.createToken({ account, scopes, label });
    });
    call.print(call.isJson ? JSON.stringify({ token, user: name, scopes }) : token);
    return EXIT.good;
  },
});
