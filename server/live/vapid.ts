/** How push services know this server: a signed word with every message (RFC 8292), by a pair of keys made once. */
import { createECDH, createPrivateKey, type KeyObject, sign } from "node:crypto";
import { type Now, steady } from "../lib/clock.ts";
import { HOUR_MS } from "../lib/durations.ts";
import { createLru } from "../lib/lru.ts";
import type { Db } from "../storage/db.ts";
import { findPushKey, insertPushKey } from "./store-push.ts";

/** RFC 8292 §2 allows a day; push services with slow clocks want less. */
const VALID_MS = 12 * HOUR_MS;
/** A word is said again while it is good for at least half of its time. */
const REUSE_MS = VALID_MS / 2;
/** The push services of browsers are a handful, those of telephones some dozens. */
const MAX_AUDIENCES = 200;
const POINT_HEAD_BYTES = 1;
const COORDINATE_BYTES = 32;

export interface Vapid {
  /** A point of P-256, uncompressed, in base64url: what browsers call the application server key. */
  readonly publicKey: string;
  /** The signed word for the push service of that origin (JWT, ES256). */
  tokenFor(audience: string): string;
}

/** `subject` is where the operator of a push service can reach us: our address (RFC 8292 §2.1). */
export async function createVapid(deps: { db: Db; now: Now; subject: string }): Promise<Vapid> {
  const { db, now, subject } = deps;
  const pair = (await findPushKey(db)) ?? (await makePair(db, now()));
  const key = privateKeyOf(pair);
  const passed = steady(now);
  const known = createLru<{ readonly token: string; readonly atMs: number }>(MAX_AUDIENCES);
  return {
    publicKey: pair.publicKey,
    tokenFor(audience) {
      const atMs = passed();
      const said = known.get(audience);
      if (said && atMs - said.atMs < REUSE_MS) return said.token;
      const expires = Math.floor((now() + VALID_MS) / 1000);
      const token = signed(key, { aud: audience, exp: expires, sub: subject });
      known.set(audience, { token, atMs });
      return token;
    },
  };
}

interface Pair {
  readonly publicKey: string;
  readonly privateKey: string;
}

/** Of several nodes that start at once the first one's pair is everybody's. */
async function makePair(db: Db, nowMs: number): Promise<Pair> {
  const made = createECDH("prime256v1");
  made.generateKeys();
  const pair = {
    publicKey: made.getPublicKey().toString("base64url"),
    privateKey: made.getPrivateKey().toString("base64url"),
  };
  await db.batch([insertPushKey(pair, nowMs)]);
  return (await findPushKey(db)) ?? pair;
}

function privateKeyOf({ publicKey, privateKey }: Pair): KeyObject {
  const point = Buffer.from(publicKey, "base64url").subarray(POINT_HEAD_BYTES);
  // A scalar that begins with zeros was given with fewer bytes.
  const scalar = Buffer.alloc(COORDINATE_BYTES);
  const given = Buffer.from(privateKey, "base64url");
  given.copy(scalar, COORDINATE_BYTES - given.byteLength);
  const part = (bytes: Buffer): string => bytes.toString("base64url");
  return createPrivateKey({
    format: "jwk",
    key: {
      kty: "EC",
      crv: "P-256",
      x: part(point.subarray(0, COORDINATE_BYTES)),
      y: part(point.subarray(COORDINATE_BYTES)),
      d: part(scalar),
    },
  });
}

/** RFC 7515 §3.1, RFC 7518 §3.4. */
function signed(key: KeyObject, claims: object): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  const text = `${part({ typ: "JWT", alg: "ES256" })}.${part(claims)}`;
  return `${text}.${sign("sha256", Buffer.from(text), { key, dsaEncoding: "ieee-p1363" }).toString("base64url")}`;
}
