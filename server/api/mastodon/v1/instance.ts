/** `/api/v1/instance`, `/api/v2/instance`: what this server is, its rules, and whom it knows. */
import { type AnyElysia, Elysia } from "elysia";
import { steady } from "../../../lib/clock.ts";
import { sha256 } from "../../../lib/secret.ts";
import { fromMarkdownText } from "../../../lib/text.ts";
import type { DomainRule } from "../../../moderation/rules.ts";
import { requireListsOpen } from "../accounts.ts";
import { type Account, accountOf } from "../entities/account.ts";
import { type InstanceSources, instanceV1, instanceV2, rulesOf } from "../entities/instance.ts";
import type { Face } from "../face.ts";
import { notHere, timeOf } from "../ids.ts";
import { countHosts, findHostNames } from "../store-peers.ts";

/** Names of other servers in one answer: more than any server here has met. */
const MAX_HOSTS = 50_000;
/** Rules about servers read at one time; an answer has all of them, as lists of thousands are taken in. */
const RULES_AT_ONCE = 1_000;
/** How many servers are known changes slowly. */
const HOSTS_LAST_MS = 10 * 60_000;

export function instanceRoutes(face: Face): AnyElysia {
  const { settings } = face.accounts;
  const sources = createSources(face);
  const textAt = (name: "about" | "privacy") => async () => {
    const text = settings.get(name);
    if (text === "" && name === "privacy") throw notHere();
    return { content: fromMarkdownText(text), updated_at: text === "" ? null : timeOf(face.now()) };
  };

  return (
    new Elysia({ name: "mastodon instance" })
      .get(
        "/api/v1/instance",
        face.endpoint(null, async () => instanceV1(await sources())),
      )
      .get(
        "/api/v2/instance",
        face.endpoint(null, async () => instanceV2(await sources())),
      )
      .get(
        "/api/v1/instance/rules",
        face.endpoint(null, async () => rulesOf(settings.get("rules"))),
      )
      .get("/api/v1/instance/extended_description", face.endpoint(null, textAt("about")))
      .get("/api/v1/instance/privacy_policy", face.endpoint(null, textAt("privacy")))
      .get(
        "/api/v1/instance/terms_of_service",
        face.endpoint(null, async () => {
          throw notHere();
        }),
      )
      .get(
        "/api/v1/instance/peers",
        face.endpoint(null, async (call) => {
          requireListsOpen(face, call);
          return findHostNames(face.db, MAX_HOSTS);
        }),
      )
      // Who wrote how much each week is nobody else's business.
      .get(
        "/api/v1/instance/activity",
        face.endpoint(null, async () => []),
      )
      .get(
        "/api/v1/instance/domain_blocks",
        face.endpoint(null, async () => (await rulesTold(face)).map(domainBlockOf)),
      )
      .get(
        "/api/v1/instance/languages",
        face.endpoint(null, async () =>
          settings.get("languages").map((code) => ({ code, name: nameOf(code) })),
        ),
      ) as unknown as AnyElysia
  );
}

async function rulesTold({ domains }: Face): Promise<readonly DomainRule[]> {
  const told: DomainRule[] = [];
  let after: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof domains.list>> = await domains.list({
      after,
      limit: RULES_AT_ONCE,
    });
    told.push(...page.rules.filter(({ level }) => level === "block" || level === "limit"));
    after = page.next;
  } while (after !== null);
  return told;
}

const domainBlockOf = ({ domain, level, publicComment }: DomainRule) => ({
  domain,
  digest: Buffer.from(sha256(domain), "base64url").toString("hex"),
  severity: level === "block" ? "suspend" : "silence",
  comment: publicComment,
});

const nameOf = (code: string): string => new Intl.DisplayNames([code], { type: "language" }).of(code) ?? code;

function createSources(face: Face): () => Promise<InstanceSources> {
  const { origin, host, version, iconPath, maxUploadBytes, accounts, now } = face;
  const passed = steady(now);
  let hosts: { readonly atMs: number; readonly total: number } | null = null;

  async function countKnown(): Promise<number> {
    if (hosts === null || hosts.atMs + HOSTS_LAST_MS <= passed())
      hosts = { atMs: passed(), total: await countHosts(face.db) };
    return hosts.total;
  }

  /** Whoever runs this server, where the settings name somebody here. */
  async function contact(): Promise<Account | null> {
    const named = accounts.settings.get("contact").trim();
    const view = /^@?[\w.-]+$/.test(named) ? await face.queries.actorByHandle(named) : null;
    return view === null ? null : accountOf(view, face);
  }

  return async () => {
    const { get } = accounts.settings;
    return {
      origin,
      host,
      version,
      iconPath,
      maxUploadBytes,
      vapidKey: face.push.publicKey,
      counts: await face.counts(),
      hosts: await countKnown(),
      contact: await contact(),
      canTranslate: face.translator !== null,
      settings: {
        siteName: get("siteName"),
        description: get("description"),
        contact: get("contact"),
        rules: get("rules"),
        sourceUrl: get("sourceUrl"),
        registration: get("registration"),
        languages: get("languages"),
        publicLists: get("publicLists"),
        federation: get("federation"),
        applicationQuestion: get("applicationQuestion"),
      },
    };
  };
}
