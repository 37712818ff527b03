/** Secrets: made at random, kept as hashes, compared in constant time. */
import { createHash, createHmac, randomBytes, timingSafeEqual } from "node:crypto";

/** 256 bits: cannot be guessed, so a plain SHA-256 of it is safe to store. */
const TOKEN_BYTES = 32;
/** No letters or digits that look alike on paper. 31 of them: a random byte below 248 maps evenly. */
const CODE_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789";
const CODE_EVEN_LIMIT = 248;

/** A new secret in base64url (43 characters, 256 bits). */
export const newToken = (): string => randomBytes(TOKEN_BYTES).toString("base64url");

/** A code that a person can read out or copy from paper; 12 characters carry 59 bits. */
export function newCode(length = 12): string {
  let code = "";
  while (code.length < length) {
    for (const byte of randomBytes(length)) {
      if (byte < CODE_EVEN_LIMIT && code.length < length) code += CODE_ALPHABET[byte % CODE_ALPHABET.length];
    }
  }
  return code;
}

/** SHA-256 in base64url without padding (43 characters). */
export const sha256 = (text: string): string => createHash("sha256").update(text).digest("base64url");

/** HMAC-SHA-256 in base64url. */
export const hmac = (key: string, text: string): string =>
  createHmac("sha256", key).update(text).digest("base64url");

/** Whether both are the same, in a time that does not tell where they differ. */
export function sameSecret(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}
