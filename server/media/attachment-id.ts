/** The number by which an app knows an attachment: made of its address, so that nothing has to be stored for it. */
import { createHash } from "node:crypto";
import { FILES_PATH } from "./files-path.ts";

/** Hexadecimal digits that fit into 53 bits. */
const DIGITS = 13;

/** The same for one address always. Of a file here it is the beginning of its name, so that it leads back to the row. */
export function attachmentIdOf(url: string): string {
  const at = url.indexOf(FILES_PATH);
  const name = at < 0 ? "" : url.slice(at + FILES_PATH.length, at + FILES_PATH.length + 64);
  const hash = /^[0-9a-f]{64}$/.test(name) ? name : createHash("sha256").update(url).digest("hex");
  return String(Number.parseInt(hash.slice(0, DIGITS), 16));
}

/** How the name of the file with that number begins; null for what is no number of ours. */
export function nameBeginning(id: string): string | null {
  if (!/^\d{1,16}$/.test(id)) return null;
  const hex = Number(id).toString(16).padStart(DIGITS, "0");
  return hex.length === DIGITS ? hex : null;
}
