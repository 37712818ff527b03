/** `commons user list`: the people who live here. */
import { ACCOUNT_STATES, type AccountState } from "../accounts/account.ts";
import { toIso } from "../lib/clock.ts";
import { MAX_PAGE_SIZE } from "../lib/page.ts";
import { Problem } from "../lib/problem.ts";
import { type Command, EXIT, sayNone, textOption } from "./command.ts";
import type { Parts } from "./parts.ts";
import { withApp } from "./with-app.ts";

export const userList = (parts: Parts): Command => ({
  name: "user list",
  summary: "List the people who live here, newest first.",
  options: [{ name: "state", takes: "STATE", help: `Only those who are ${ACCOUNT_STATES.join(", ")}.` }],
  async run(call) {
    const state = stateOf(textOption(call, "state"));
    await withApp(parts, call, async ({ accounts }) => {
      let isEmpty = true;
      let before: number | null | undefined;
      do {
        const page = await accounts.people.list({
          limit: MAX_PAGE_SIZE,
          ...(state === null ? {} : { state }),
          ...(before === undefined || before === null ? {} : { before }),
        });
        if (page.items.length > 0) isEmpty = false;
        for (const { name, email, role, state, createdMs, seenMs } of page.items) {
          const times = { created: toIso(createdMs), seen: seenMs === null ? null : toIso(seenMs) };
          call.print(
            call.isJson
              ? JSON.stringify({ name, email, role, state, ...times })
              : `${name.padEnd(24)} ${role.padEnd(10)} ${state.padEnd(9)} ${times.created}  ${email ?? ""}`,
          );
        }
        before = page.older;
      } while (before !== null);
      if (isEmpty) sayNone(call, state === null ? "There is nobody here yet." : `Nobody here is ${state}.`);
    });
    return EXIT.good;
  },
});

function stateOf(text: string | null): AccountState | null {
  if (text === null) return null;
  const state = ACCOUNT_STATES.find((each) => each === text);
  if (!state)
    throw new Problem("invalid", `There is no state "${text}". Use one of ${ACCOUNT_STATES.join(", ")}.`);
  return state;
}
