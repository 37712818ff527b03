/** One sentence that survives one redirect, in a cookie of its own. */
import { readCookie } from "../server/http/cookies.ts";
import { isJsonObject, parseJson } from "../server/lib/json.ts";
import type { Flash } from "./page.ts";

const NAME = "flash";
/** Long enough for the redirect that follows, even on a phone. */
const MAX_AGE_SECONDS = 60;
/** Browsers drop cookies over 4 kB; the sentence is ours and short, an undo carries one address. */
const MAX_LENGTH = 3_000;

export function setFlash(flash: Flash): string {
  const value = Buffer.from(JSON.stringify(flash)).toString("base64url");
  return `${NAME}=${value.length > MAX_LENGTH ? "" : value}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${MAX_AGE_SECONDS}`;
}

/** What was left for this page, and the cookie that takes it away. */
export function readFlash(request: Request): { flash: Flash | null; clear: string | null } {
  const value = readCookie(request, NAME);
  if (!value) return { flash: null, clear: null };
  const parsed = parseJson(Buffer.from(value, "base64url").toString("utf8"));
  return { flash: isFlash(parsed) ? parsed : null, clear: `${NAME}=; Path=/; Max-Age=0` };
}

const isFlash = (value: unknown): value is Flash =>
  isJsonObject(value) &&
  typeof value.text === "string" &&
  (value.kind === "good" || value.kind === "warn" || value.kind === "bad") &&
  (value.undo === undefined ||
    (isJsonObject(value.undo) && Object.values(value.undo).every((field) => typeof field === "string")));
