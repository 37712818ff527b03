/** `commons user create`: an account that can sign in at once. */
import { isRole, ROLES, type Role } from "../accounts/account.ts";
import { Problem } from "../lib/problem.ts";
import { type Command, EXIT, PASSWORD_OPTIONS, textOption } from "./command.ts";
import type { Parts } from "./parts.ts";
import { readPassword } from "./password.ts";
import { withApp } from "./with-app.ts";

export const userCreate = (parts: Parts): Command => ({
  name: "user create",
  words: ["NAME"],
  summary: "Make an account that can sign in at once, whatever the rules for signing up.",
  options: [
    { name: "email", takes: "ADDRESS", help: "The person's e-mail address." },
    { name: "display-name", takes: "TEXT", help: "The name that others read." },
    ...PASSWORD_OPTIONS,
    { name: "role", takes: "ROLE", help: `One of ${ROLES.join(", ")} [member].` },
    { name: "admin", takes: null, help: "The same as --role admin." },
  ],
  async run(call) {
    const [name = ""] = call.words;
    const email = textOption(call, "email");
    const displayName = textOption(call, "display-name");
    const role = roleAsked(textOption(call, "role"), call.options.admin === true);
    const password = await readPassword(call);
    const account = await withApp(parts, call, (app) =>
      app.accounts.create({
        name,
        password,
        role,
        state: "active",
        mayBeReserved: true,
        ...(email === null ? {} : { email }),
        ...(displayName === null ? {} : { displayName }),
      }),
    );
    if (call.isJson) call.print(JSON.stringify({ name: account.name, role: account.role }));
    else call.print(`${account.name} can sign in now (${account.role}).`);
    return EXIT.good;
  },
});

function roleAsked(text: string | null, isAdmin: boolean): Role {
  const role = roleOf(text ?? (isAdmin ? "admin" : "member"));
  if (isAdmin && role !== "admin")
    throw new Problem("invalid", `--admin and --role ${role} say two things: leave one of them out.`);
  return role;
}

export function roleOf(text: string): Role {
  if (isRole(text)) return text;
  throw new Problem("invalid", `There is no role "${text}". Use one of ${ROLES.join(", ")}.`);
}
