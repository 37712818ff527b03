/** `/api/v1/admin/domain_blocks` and `domain_allows`: rules for other servers. A rule's id is its domain. */

import { type AnyElysia, Elysia } from "elysia";
import { Problem } from "../../../lib/problem.ts";
import { rowOf } from "../../../lib/row-of.ts";
import type { DomainRule, Level, RuleDraft } from "../../../moderation/rules.ts";
import { staffOf } from "../admin.ts";
import { domainAllowOf, domainBlockOf } from "../entities/admin.ts";
import { type Face, paged, type SignedCall } from "../face.ts";
import { notHere } from "../ids.ts";
import { limitOf } from "../paging.ts";
import type { Params } from "../params.ts";

const PAGE = { usual: 100, max: 200 };
/** Bodies are read by `params.ts`. */
const RAW = { parse: "none" } as const;

const LEVELS: Readonly<Record<string, Level>> = { silence: "limit", suspend: "block", noop: "none" };

export const adminDomainsRoutes = (face: Face): AnyElysia => {
  const { domains } = face;

  const deciding = (call: SignedCall) => staffOf(face, call, "decide-about-servers");

  /** By name; `max_id` is the domain behind which the page begins. */
  const list = (scope: string, isAllow: boolean) =>
    face.endpoint(scope, async (call) => {
      await deciding(call);
      const limit = limitOf(call.params, PAGE.usual, PAGE.max);
      const after = call.params.text("max_id");
      const all = [...(await domains.all()).values()]
        .filter(({ domain, level }) => (level === "allow") === isAllow && (after === null || domain > after))
        .sort((a, b) => (a.domain < b.domain ? -1 : 1));
      const rules = all.slice(0, limit);
      const last = rules.at(-1)?.domain ?? null;
      return paged(
        { older: all.length > rules.length ? last : null, newer: null },
        rules.map(isAllow ? domainAllowOf : domainBlockOf),
      );
    });

  async function ruleAt(call: SignedCall, isAllow: boolean): Promise<DomainRule> {
    const rule = await domains.find(call.part("id"));
    if (rule === null || (rule.level === "allow") !== isAllow) throw notHere();
    return rule;
  }

  const get = (scope: string, isAllow: boolean) =>
    face.endpoint(scope, async (call) => {
      await deciding(call);
      const rule = await ruleAt(call, isAllow);
      return isAllow ? domainAllowOf(rule) : domainBlockOf(rule);
    });

  async function put(by: number, draft: RuleDraft): Promise<DomainRule> {
    await domains.change(by, { put: [{ ...draft, list: null }], remove: [] });
    const rule = await domains.find(draft.domain);
    if (rule === null) throw notHere();
    return rule;
  }

  const remove = (scope: string, isAllow: boolean) =>
    face.endpoint(scope, async (call) => {
      const by = await deciding(call);
      const rule = await ruleAt(call, isAllow);
      await domains.change(by.key, { put: [], remove: [rule.domain] });
      return isAllow ? domainAllowOf(rule) : {};
    });

  const update = face.endpoint("admin:write:domain_blocks", async (call) => {
    const by = await deciding(call);
    const rule = await ruleAt(call, false);
    return domainBlockOf(await put(by.key, domains.parse({ ...rule, ...givenIn(call.params, rule) })));
  });

  return new Elysia({ name: "mastodon admin domains" })
    .get("/api/v1/admin/domain_blocks", list("admin:read:domain_blocks", false))
    .get("/api/v1/admin/domain_blocks/:id", get("admin:read:domain_blocks", false))
    .post(
      "/api/v1/admin/domain_blocks",
      face.endpoint("admin:write:domain_blocks", async (call) => {
        const by = await deciding(call);
        const draft = domains.parse({
          domain: call.params.text("domain"),
          ...givenIn(call.params, null),
        });
        const known = await domains.find(draft.domain);
        if (known !== null && known.level !== "allow")
          throw new Problem("invalid", "You have already imposed stricter limits on this domain.");
        return domainBlockOf(await put(by.key, draft));
      }),
      RAW,
    )
    .put("/api/v1/admin/domain_blocks/:id", update, RAW)
    .patch("/api/v1/admin/domain_blocks/:id", update, RAW)
    .delete("/api/v1/admin/domain_blocks/:id", remove("admin:write:domain_blocks", false), RAW)
    .get("/api/v1/admin/domain_allows", list("admin:read:domain_allows", true))
    .get("/api/v1/admin/domain_allows/:id", get("admin:read:domain_allows", true))
    .post(
      "/api/v1/admin/domain_allows",
      face.endpoint("admin:write:domain_allows", async (call) => {
        const by = await deciding(call);
        const draft = domains.parse({ domain: call.params.text("domain"), level: "allow" });
        return domainAllowOf(await put(by.key, draft));
      }),
      RAW,
    )
    .delete(
      "/api/v1/admin/domain_allows/:id",
      remove("admin:write:domain_allows", true),
      RAW,
    ) as unknown as AnyElysia;
};

/** What the request says of a rule; the rest stays as it was. @throws Problem `invalid`. */
function givenIn(params: Params, before: DomainRule | null) {
  const severity = params.text("severity");
  const level = severity === null ? (before?.level ?? "limit") : rowOf(LEVELS, severity);
  if (level === undefined) throw new Problem("invalid", "severity is silence, suspend or noop.");
  return {
    level,
    noMedia: params.flag("reject_media") ?? before?.noMedia ?? false,
    noReports: params.flag("reject_reports") ?? before?.noReports ?? false,
    publicComment: params.text("public_comment") ?? before?.publicComment ?? "",
    privateComment: params.text("private_comment") ?? before?.privateComment ?? "",
  };
}
