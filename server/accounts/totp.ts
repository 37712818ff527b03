/** Codes of an app by time (RFC 6238): pure functions over a secret and a moment. */
import { createHmac, randomBytes } from "node:crypto";
import { sameSecret } from "../lib/secret.ts";

/** RFC 4226 §4 asks for 160 bits with SHA-1. */
const SECRET_BYTES = 20;
/** What every app takes (RFC 6238 §5.2); others are ignored by some. */
const STEP_MS = 30_000;
const DIGITS = 6;
/** A code of the step before or after is taken: clocks differ, and typing takes time (RFC 6238 §5.2, §6). */
const SKEW_STEPS = 1;
/** RFC 4648 §6. */
const BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** A new secret in base32. */
export const newTotpSecret = (): string => toBase32(randomBytes(SECRET_BYTES));

/** The code of one time step. `secret` is in base32; `digits` is 6 but for the published examples. */
export function totpCode(secret: string, step: number, digits = DIGITS): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const mac = createHmac("sha1", fromBase32(secret)).update(counter).digest();
  // RFC 4226 §5.3: four bytes from where the last half byte says, without their sign.
  const offset = (mac.at(-1) ?? 0) & 15;
  return String((mac.readUInt32BE(offset) & 0x7fffffff) % 10 ** digits).padStart(digits, "0");
}

/**
 * The time step whose code this is, or null: that of `nowMs`, or one beside it, and later than `afterStep`, so that no
 * code is good twice (RFC 6238 §5.2).
 */
export function totpStepOf(secret: string, code: string, nowMs: number, afterStep: number): number | null {
  const here = Math.floor(nowMs / STEP_MS);
  let found: number | null = null;
  // All are compared, so that the time does not tell which it was.
  for (let step = here - SKEW_STEPS; step <= here + SKEW_STEPS; step++) {
    if (sameSecret(totpCode(secret, step), code) && step > afterStep) found = step;
  }
  return found;
}

/** What the picture says that apps read (Key Uri Format of Google Authenticator). */
export function totpAddress(secret: string, issuer: string, name: string): string {
  const label = `${encodeURIComponent(issuer)}:${encodeURIComponent(name)}`;
  return `otpauth://totp/${label}?secret=${secret}&issuer=${encodeURIComponent(issuer)}&algorithm=SHA1&digits=${DIGITS}&period=${STEP_MS / 1000}`;
}

function toBase32(bytes: Uint8Array): string {
  let bits = 0;
  let value = 0;
  let text = "";
  for (const byte of bytes) {
    value = (value << 8) | byte;
    for (bits += 8; bits >= 5; bits -= 5) text += BASE32[(value >>> (bits - 5)) & 31];
    value &= 31;
  }
  return bits > 0 ? text + BASE32[(value << (5 - bits)) & 31] : text;
}

function fromBase32(text: string): Buffer {
  const bytes: number[] = [];
  let bits = 0;
  let value = 0;
  for (const letter of text) {
    value = ((value << 5) | BASE32.indexOf(letter)) & 0xfff;
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      bytes.push((value >>> bits) & 255);
    }
  }
  return Buffer.from(bytes);
}
