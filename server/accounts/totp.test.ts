/** The published examples of RFC 6238, and that no code is good twice. */
import { describe, expect, test } from "bun:test";
import { newTotpSecret, totpAddress, totpCode, totpStepOf } from "./totp.ts";

/** “12345678901234567890” of RFC 6238 appendix B, in base32. */
const SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
const STEP_MS = 30_000;

describe("codes by time", () => {
  test.each([
    [59, "94287082"],
    [1_111_111_109, "07081804"],
    [1_111_111_111, "14050471"],
    [1_234_567_890, "89005924"],
    [2_000_000_000, "69279037"],
    [20_000_000_000, "65353130"],
  ])("at %d seconds the code is that of RFC 6238 appendix B", (seconds, code) => {
    expect(totpCode(SECRET, Math.floor(seconds / 30), 8)).toBe(code);
    expect(totpCode(SECRET, Math.floor(seconds / 30))).toBe(code.slice(2));
  });

  test("a code is good in its own half minute and in the two beside it", () => {
    const nowMs = 1_111_111_109_000;
    const here = Math.floor(nowMs / STEP_MS);
    const taken = [-2, -1, 0, 1, 2].map((away) =>
      totpStepOf(SECRET, totpCode(SECRET, here + away), nowMs, 0),
    );
    expect(taken).toEqual([null, here - 1, here, here + 1, null]);
  });

  test("a code that was taken, and every one before it, is good no more", () => {
    const nowMs = 1_111_111_109_000;
    const here = Math.floor(nowMs / STEP_MS);
    expect(totpStepOf(SECRET, totpCode(SECRET, here), nowMs, here)).toBeNull();
    expect(totpStepOf(SECRET, totpCode(SECRET, here - 1), nowMs, here)).toBeNull();
    expect(totpStepOf(SECRET, totpCode(SECRET, here + 1), nowMs, here)).toBe(here + 1);
  });

  test.each(["", "12345", "1234567", "abcdef", "×"])("%p is no code", (code) => {
    expect(totpStepOf(SECRET, code, 60_000, 0)).toBeNull();
  });

  test("a new secret has 160 bits, and the address that apps read says what they need", () => {
    const secret = newTotpSecret();
    expect(secret).toMatch(/^[A-Z2-7]{32}$/);
    expect(secret).not.toBe(newTotpSecret());
    const url = new URL(totpAddress(secret, "Our School: 1", "ada"));
    expect(url.href).toStartWith("otpauth://totp/Our%20School%3A%201:ada?");
    expect(Object.fromEntries(url.searchParams)).toEqual({
      secret,
      issuer: "Our School: 1",
      algorithm: "SHA1",
      digits: "6",
      period: "30",
    });
  });
});
