/** Lists of people that somebody keeps: who asks to follow, is blocked, muted, recommended; and servers they avoid. */
import { type AnyElysia, Elysia } from "elysia";
import { Problem } from "../../../lib/problem.ts";
import { normaliseHost } from "../../../lib/url.ts";
import { accountOf } from "../entities/account.ts";
import { type Answer, type Face, type Handler, paged } from "../face.ts";
import { notHere, timeOrNull } from "../ids.ts";
import { causeIn, needed, PEOPLE, peopleIn, personAt, relationshipWith } from "../people.ts";

/** More servers than anybody blocks by hand. */
const SERVERS = { default: 100, max: 200 } as const;

export function circleRoutes(face: Face): AnyElysia {
  const own = (scope: string, list: "blocked" | "requests" | "endorsements") =>
    face.endpoint(scope, (call) => peopleIn(face, call, list));
  return new Elysia({ name: "mastodon circle" })
    .get("/api/v1/follow_requests", own("read:follows", "requests"))
    .post("/api/v1/follow_requests/:id/authorize", answering(face, "Accept"), { parse: "none" })
    .post("/api/v1/follow_requests/:id/reject", answering(face, "Reject"), { parse: "none" })
    .get("/api/v1/blocks", own("read:blocks", "blocked"))
    .get("/api/v1/mutes", muted(face))
    .get("/api/v1/endorsements", own("read:accounts", "endorsements"))
    .get("/api/v1/accounts/:id/endorsements", endorsedBy(face))
    .get("/api/v1/domain_blocks", servers(face))
    .post("/api/v1/domain_blocks", avoid(face), { parse: "none" })
    .delete("/api/v1/domain_blocks", stopAvoiding(face), { parse: "none" }) as unknown as AnyElysia;
}

const answering = (face: Face, type: "Accept" | "Reject"): Handler =>
  face.endpoint("write:follows", async (call) => {
    const person = await personAt(face, call.key());
    const asked = await causeIn(face, call.me.actorKey, ["requests"], person.key);
    if (asked === null) throw notHere();
    await face.core.act(call.me.actorKey, { type, object: asked, to: [person.iri] });
    return relationshipWith(face, call, person.key);
  });

const muted = (face: Face): Handler =>
  face.endpoint("read:mutes", async (call) => {
    const page = await call.queries.people(call.me.actorKey, "muted", call.page(PEOPLE));
    const keys = page.items.map(({ key }) => key);
    const terms = await face.avoiding.terms(call.me.actorKey, keys);
    const accounts = page.items.map((view) => ({
      ...accountOf(view, face),
      mute_expires_at: timeOrNull(terms.get(view.key)?.ends),
    }));
    return paged(page, accounts);
  });

/** Whom somebody here recommends is for everybody; of others it is not known. */
const endorsedBy = (face: Face): Handler =>
  face.open("read:accounts", async (call): Promise<Answer> => {
    const person = await personAt(face, call.key());
    const page = await call.queries.people(person.key, "endorsements", call.page(PEOPLE), call.viewerKey);
    return paged(
      page,
      page.items.map((view) => accountOf(view, face)),
    );
  });

const servers = (face: Face): Handler =>
  face.endpoint("read:blocks", async (call) => {
    const { limit, before, after, from } = call.page(SERVERS);
    const all = (await face.tastes.hosts(call.me.actorKey)).toSorted((a, b) => b.host - a.host);
    const older = all.filter(
      ({ host }) => (before === undefined || host < before) && host > (from ?? after ?? -1),
    );
    const shown = from === undefined ? older.slice(0, limit) : older.slice(-limit);
    const page = {
      older: older.length > limit ? (shown.at(-1)?.host ?? null) : null,
      newer: shown[0]?.host ?? null,
    };
    return paged(
      page,
      shown.map(({ name }) => name),
    );
  });

const avoid = (face: Face): Handler =>
  face.endpoint("write:blocks", async (call) => {
    const name = serverIn(needed(call, "domain"));
    if (name === face.host)
      throw new Problem("invalid", "This is the server that you are on.", { field: "domain" });
    await face.avoiding.avoidHost(call.me.actorKey, name);
    return {};
  });

const stopAvoiding = (face: Face): Handler =>
  face.endpoint("write:blocks", async (call) => {
    const wanted = serverIn(needed(call, "domain"));
    const known = (await face.tastes.hosts(call.me.actorKey)).find(({ name }) => name === wanted);
    if (known) await face.tastes.stopAvoiding(call.me.actorKey, known.host);
    return {};
  });

function serverIn(text: string): string {
  const host = normaliseHost(text.replace(/^https?:\/\//i, "").replace(/\/.*$/, ""));
  if (host !== null && /[.:]/.test(host)) return host;
  throw new Problem("invalid", "Name a server, such as noisy.example.", { field: "domain" });
}
