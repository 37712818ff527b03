/** Proof Key for Code Exchange, S256 alone (RFC 7636; RFC 9700 §2.1.1). */
import { sameSecret, sha256 } from "../../lib/secret.ts";

/** A SHA-256 in base64url has 43 characters. */
export const isChallenge = (text: string): boolean => /^[\w-]{43}$/.test(text);

/** RFC 7636 §4.1, §4.6. */
export const isVerified = (verifier: string, challenge: string): boolean =>
  /^[\w.~-]{43,128}$/.test(verifier) && sameSecret(sha256(verifier), challenge);
