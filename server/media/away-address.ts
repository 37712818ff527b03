/** Addresses here for media of other servers: signed, so that nobody makes us fetch what we did not show. */
import { hmac, sameSecret, sha256 } from "../lib/secret.ts";
import { hostOf, parseHttpUrl } from "../lib/url.ts";
import { FILES_PATH } from "./files-path.ts";

/** What the medium is for, which says how large it is made; a `film` (or sound) is passed on in parts. */
export const AWAY_KINDS = ["avatar", "header", "emoji", "picture", "film"] as const;
export type AwayKind = (typeof AWAY_KINDS)[number];

/** `/media/away/KIND/OF/SIGNATURE/ADDRESS`: of which row it is, in base 36, and the address in base64url. */
export const AWAY_PATH = `${FILES_PATH}away/`;
/** Longer addresses are of no use to anybody, and each stands in the pages. */
const MAX_URL = 2_000;
/** Of the HMAC in base64url: 128 bits. */
const SIGNATURE_LENGTH = 22;

export interface Asked {
  /** Of kind and address: what the cache calls it. */
  readonly id: string;
  /** The key of the row that shows it; 0 for none. */
  readonly of: number;
  readonly kind: AwayKind;
  readonly url: string;
  /** Normalised, of the address. */
  readonly host: string;
}

export interface AwayAddresses {
  /**
   * Path here under which the medium is shown; null for what cannot be fetched. `of` is the key of the row that shows it,
   * with which it is put out of sight; 0 for what is no one's.
   */
  pathFor(url: string, kind: AwayKind, of: number): string | null;
  /** What a path below `AWAY_PATH` asks for; null where we never gave it out. */
  read(path: string): Asked | null;
}

/** `secret` must be the same after a restart and on every node, and known to nobody else. */
export function createAwayAddresses(secret: string): AwayAddresses {
  const signature = (kind: string, of: string, url: string) =>
    hmac(secret, `${kind} ${of} ${url}`).slice(0, SIGNATURE_LENGTH);
  return {
    pathFor(url, kind, key) {
      if (url.length > MAX_URL || hostOf(url) === null) return null;
      const of = key.toString(36);
      return `${AWAY_PATH}${kind}/${of}/${signature(kind, of, url)}/${Buffer.from(url).toString("base64url")}`;
    },
    read(path) {
      const [kind = "", of = "", signed = "", written = "", more] = path.slice(AWAY_PATH.length).split("/");
      const known = AWAY_KINDS.find((each) => each === kind);
      if (known === undefined || more !== undefined || written.length > MAX_URL * 2) return null;
      const url = Buffer.from(written, "base64url").toString();
      if (!sameSecret(signed, signature(kind, of, url))) return null;
      const host = parseHttpUrl(url) === null ? null : hostOf(url);
      if (host === null) return null;
      return { id: sha256(`${kind} ${url}`), of: Number.parseInt(of, 36), kind: known, url, host };
    },
  };
}
