/** The form of relays: taking part, leaving, and how much is taken from each. */
import { parseKey } from "../../server/lib/id.ts";
import { Problem } from "../../server/lib/problem.ts";
import { permitted, type WebDeps } from "../face.ts";
import { ADMIN_RELAYS } from "../forms-moving.ts";
import { adminRelaysPage } from "../pages/admin/relays.ts";
import { goTo, orAgain, type Post } from "./answer.ts";

/** What the page of relays shows. */
export const relaysProps = async ({ relays, accounts }: WebDeps) => ({
  relays: await relays.list(),
  publicLists: accounts.settings.get("publicLists"),
});

export const relays: Post = (deps, visit, fields) => {
  const { viewer } = permitted(visit, "decide-about-servers");
  const { fields: f, actions, path } = ADMIN_RELAYS;
  const { relays: said, flash } = visit.context.words;
  return orAgain(
    visit,
    fields,
    async (form) => adminRelaysPage(visit.context, { ...(await relaysProps(deps)), form }),
    async () => {
      const action = fields.get(f.action);
      const key = parseKey(fields.get(f.relay)) ?? 0;
      if (action === actions.add) {
        await deps.relays.add(fields.get(f.address) ?? "", viewer.actorKey);
        return goTo(path, { kind: "good", text: said.added });
      }
      if (action === actions.remove) {
        await deps.relays.remove(key, viewer.actorKey);
        return goTo(path, { kind: "good", text: said.removed });
      }
      if (action === actions.lists) {
        permitted(visit, "change-settings");
        await deps.accounts.settings.set({ publicLists: fields.get(f.publicLists) }, viewer.actorKey);
        return goTo(path, { kind: "good", text: flash.saved });
      }
      if (action !== actions.limit) throw new Problem("invalid", "The form does not say what to do.");
      await deps.relays.setLimit(key, Number(fields.get(f.perHour)));
      return goTo(path, { kind: "good", text: flash.saved });
    },
  );
};
