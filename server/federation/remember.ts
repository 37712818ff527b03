/** Which signature another server accepts: remembered, and found out by knocking twice. */
import { isDeepStrictEqual } from "node:util";
import { type Now, steady } from "../lib/clock.ts";
import { DAY_MS, HOUR_MS } from "../lib/durations.ts";
import { createLru } from "../lib/lru.ts";
import { readAcceptSignature, type WantedSignature } from "../signatures/accept-signature.ts";
import type { KeyKind } from "../signatures/keys.ts";
import type { Scheme } from "../signatures/request.ts";

interface Answer {
  readonly status: number;
  readonly headers: Headers;
}

/** How a request is to be signed. */
export type Manner = readonly [scheme: Scheme, wanted: WantedSignature | null];

/** The key to sign with: RSA, which every peer reads, unless the receiver asks for another. */
export const keyKindFor = (scheme: Scheme, wanted: WantedSignature | null): KeyKind =>
  (scheme === "rfc9421" ? wanted?.kind : null) ?? "rsa";

export interface Knocking {
  /**
   * Sends with the signature that `host` is known to accept, at first by draft-cavage-12 as every peer does; where
   * the answer is 400 or 401, once more with the other. What works is remembered. Gives the answer that counts.
   * A host that says with `Accept-Signature` what it wants gets that (RFC 9421 §5): `wanted`, for that scheme.
   */
  knock<T extends Answer>(host: string, send: (...manner: Manner) => Promise<T>): Promise<T>;
  /**
   * `host` says that it understands RFC 9421: it signs so, or tells it in its actor (FEP-844e). Not believed for a
   * day after it has refused one of ours.
   */
  understandsRfc9421(host: string): Promise<void>;
}

/** What peers answer to a signature that they do not read; any other status is about something else. */
const UNREAD_STATUSES: ReadonlySet<number> = new Set([400, 401]);
/** Hosts kept in memory: about 1 MB. */
const MAX_HOSTS = 5_000;
/** A host that refuses both is not knocked at twice for each delivery. */
const BOTH_REFUSED_FOR_MS = HOUR_MS;

const NOT_BELIEVED_FOR_MS = DAY_MS;

const OTHER: Readonly<Record<Scheme, Scheme>> = { cavage: "rfc9421", rfc9421: "cavage" };

export function createKnocking(deps: {
  readonly now: Now;
  readonly findScheme: (host: string) => Promise<Scheme | null>;
  readonly saveScheme: (host: string, scheme: Scheme) => Promise<void>;
}): Knocking {
  const now = steady(deps.now);
  /** Null stands for "nothing is stored". */
  const schemes = createLru<Scheme | null>(MAX_HOSTS);
  const bothRefusedAtMs = createLru<number>(MAX_HOSTS);
  const rfc9421RefusedAtMs = createLru<number>(MAX_HOSTS);
  /** What each host wants of a signature, without what is good for one request. */
  const wishes = createLru<WantedSignature>(MAX_HOSTS);
  const isWithin = (ms: number | undefined, forMs: number): boolean => ms !== undefined && now() - ms < forMs;

  async function schemeOf(host: string): Promise<Scheme | null> {
    const known = schemes.get(host);
    if (known !== undefined) return known;
    const stored = await deps.findScheme(host);
    schemes.set(host, stored);
    return stored;
  }

  async function remember(host: string, scheme: Scheme): Promise<void> {
    if ((await schemeOf(host)) === scheme) return;
    schemes.set(host, scheme);
    await deps.saveScheme(host, scheme);
  }

  async function hear(host: string): Promise<void> {
    if (!isWithin(rfc9421RefusedAtMs.get(host), NOT_BELIEVED_FOR_MS)) await remember(host, "rfc9421");
  }

  return {
    async knock(host, send) {
      const first = (await schemeOf(host)) ?? "cavage";
      const known = wishes.get(host) ?? null;
      const answer = await send(first, known);
      const wish = wishOf(answer);
      if (!UNREAD_STATUSES.has(answer.status)) {
        if (wish && !isWithin(rfc9421RefusedAtMs.get(host), NOT_BELIEVED_FOR_MS))
          wishes.set(host, kept(wish));
        if (answer.headers.has("accept-signature")) await hear(host);
        return answer;
      }
      if (isWithin(bothRefusedAtMs.get(host), BOTH_REFUSED_FOR_MS)) return answer;
      // A wish that was not known yet is tried in the scheme that it is about.
      const other = wish && !isSame(wish, known) ? "rfc9421" : OTHER[first];
      const second = await send(other, wish ?? known);
      if (UNREAD_STATUSES.has(second.status)) {
        bothRefusedAtMs.set(host, now());
        return answer;
      }
      if (first === "rfc9421" && other === "cavage") rfc9421RefusedAtMs.set(host, now());
      if (second.status >= 200 && second.status <= 299) {
        if (wish) wishes.set(host, kept(wish));
        await remember(host, other);
      }
      return second;
    },

    understandsRfc9421: hear,
  };
}

const wishOf = ({ headers }: Answer): WantedSignature | null =>
  readAcceptSignature(headers.get("accept-signature") ?? "");

const kept = (wish: WantedSignature): WantedSignature => ({ ...wish, nonce: null });

/** A nonce makes a wish another one each time. */
const isSame = (wish: WantedSignature, known: WantedSignature | null): boolean =>
  wish.nonce === null && isDeepStrictEqual(wish, known);
