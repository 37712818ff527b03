/** Forms about other servers. What a block ends is told before it is ended; the switch is for admins alone. */
import { parseKey } from "../../server/lib/id.ts";
import { Problem } from "../../server/lib/problem.ts";
import { FEDERATION_MODES, type FederationMode } from "../../server/moderation/rules.ts";
import { permitted, type Visit } from "../face.ts";
import { EMPTY_FORM, type FormState } from "../forms.ts";
import { DOMAIN_DRAFT, DOMAIN_LISTS, DOMAIN_RULE, FEDERATION } from "../forms-federation.ts";
import { listLines, ruleRow } from "../loads/federation.ts";
import { domainListsPage } from "../pages/admin/domain-lists.ts";
import { domainRulePage } from "../pages/admin/domain-rule.ts";
import { goTo, orAgain, type Post } from "./answer.ts";

const deciding = (visit: Visit): number => permitted(visit, "decide-about-servers").viewer.actorKey;

export const federation: Post = async (deps, visit, fields) => {
  const by = deciding(visit);
  const { fields: f, actions, path } = FEDERATION;
  const { federation: said } = visit.context.words;
  if (fields.get(f.action) === actions.mode) {
    permitted(visit, "change-settings");
    const mode = modeFrom(fields.get(f.mode));
    const { settings } = deps.accounts;
    await deps.domains.switchTo(by, mode, (also) => settings.set({ federation: mode }, by, also));
    return goTo(path, { kind: "good", text: said.switched });
  }
  if (fields.get(f.action) !== actions.remove)
    throw new Problem("invalid", "The form does not say what to do.");
  const rule = await deps.domains.find(fields.get(f.domain) ?? "");
  if (rule === null) throw new Problem("not-found", "There is no such rule any more.");
  await deps.domains.change(by, { put: [], remove: [rule.domain] });
  return goTo(path, { kind: "good", text: said.removed(rule.domain) });
};

function modeFrom(text: string | null): FederationMode {
  const mode = FEDERATION_MODES.find((each) => each === text);
  if (mode) return mode;
  throw new Problem("invalid", "Choose with whom this server exchanges things.", {
    field: FEDERATION.fields.mode,
  });
}

export const domainRule: Post = (deps, visit, fields) => {
  const by = deciding(visit);
  const { fields: f } = DOMAIN_RULE;
  const again = async (form: FormState) =>
    domainRulePage(visit.context, { rule: null, domain: fields.get(f.domain) ?? "", form });
  return orAgain(visit, fields, again, async () => {
    const draft = deps.domains.parse({
      domain: fields.get(f.domain),
      level: fields.get(f.level),
      noMedia: fields.get(f.noMedia) === "yes",
      noReports: fields.get(f.noReports) === "yes",
      publicComment: fields.get(f.publicComment),
      privateComment: fields.get(f.privateComment),
    });
    const change = { put: [{ ...draft, list: null }], remove: [] };
    const { follows, people } = await deps.domains.cost(change);
    if (follows > 0 && fields.get(f.confirmed) !== "yes") {
      const known = await deps.domains.find(draft.domain);
      const form = { ...EMPTY_FORM, values: Object.fromEntries(fields) };
      return {
        page: domainRulePage(visit.context, {
          rule: known && ruleRow(known),
          domain: draft.domain,
          cost: { follows, people },
          form,
        }),
        status: 200,
      };
    }
    await deps.domains.change(by, change);
    return goTo(FEDERATION.path, {
      kind: "good",
      text: visit.context.words.domainRule.saved(draft.domain),
    });
  });
};

export const domainLists: Post = (deps, visit, fields, files) => {
  const by = deciding(visit);
  const { fields: f, actions, path } = DOMAIN_LISTS;
  const { domainLists: said, domainDraft } = visit.context.words;
  const again = async (form: FormState) =>
    domainListsPage(visit.context, { lists: await listLines(deps), form });
  return orAgain(visit, fields, again, async () => {
    const key = parseKey(fields.get(f.list)) ?? 0;
    const plain = fields.get(f.plain) === "allow" ? "allow" : "block";
    switch (fields.get(f.action)) {
      case actions.read: {
        const file = files.get(f.file);
        if (!file) throw new Problem("invalid", "Choose a file.", { field: f.file });
        const bytes = new Uint8Array(await file.arrayBuffer());
        const list = await deps.lists.read(by, { name: file.name, bytes, plain });
        return goTo(`${DOMAIN_DRAFT}?${f.list}=${list}`);
      }
      case actions.subscribe:
        await deps.lists.subscribe(by, {
          url: fields.get(f.url) ?? "",
          plain,
          acceptsItself: fields.get(f.acceptsItself) === "yes",
        });
        return goTo(path, { kind: "good", text: said.subscribed });
      case actions.refresh:
        await deps.lists.refresh(key);
        return goTo(path, { kind: "good", text: said.refreshing });
      case actions.accept:
        await deps.lists.accept(by, key);
        return goTo(FEDERATION.path, { kind: "good", text: domainDraft.accepted });
      case actions.discard:
        await deps.lists.discard(key);
        return goTo(path, { kind: "good", text: domainDraft.discarded });
      case actions.giveUp:
        await deps.lists.remove(by, key);
        return goTo(path, { kind: "good", text: said.givenUp });
      default:
        throw new Problem("invalid", "The form does not say what to do.");
    }
  });
};
