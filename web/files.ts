/** Forms with files in them: read, and each file kept as one of the person who sent it. */
import { BODY_DEADLINE_MS, MAX_BODY_BYTES } from "../server/http/edge.ts";
import { isProblem, Problem } from "../server/lib/problem.ts";
import type { KeptFile } from "../server/media/kept.ts";
import type { WebDeps } from "./face.ts";
import { ACT, PROFILE } from "./forms.ts";
import { DOMAIN_LISTS } from "./forms-federation.ts";
import { GROUP_EDIT, GROUP_NEW } from "./forms-groups.ts";
import { CARRY } from "./forms-moving.ts";
import { ADMIN_EMOJI } from "./forms-site.ts";

/** Addresses to which forms with files are sent. */
export const FORMS_WITH_FILES: ReadonlySet<string> = new Set([
  ACT.path,
  PROFILE.path,
  GROUP_NEW.path,
  GROUP_EDIT.path,
  CARRY.path,
  DOMAIN_LISTS.path,
  ADMIN_EMOJI.path,
]);

export const isMultipart = (contentType: string): boolean => /^multipart\/form-data\s*;/i.test(contentType);

/** By the names of their fields; a field without a file is not among them. */
export type Files = ReadonlyMap<string, File>;

export interface Filled {
  readonly fields: URLSearchParams;
  readonly files: Files;
}

/** Whatever a browser sends for a form. @throws Problem `invalid` where it is not what it says. */
export async function readForm(request: Request): Promise<Filled> {
  if (!isMultipart(request.headers.get("content-type") ?? "")) {
    const fields = new URLSearchParams();
    for (const [name, value] of new URLSearchParams(await request.text())) fields.append(name, lines(value));
    return { fields, files: new Map() };
  }
  const fields = new URLSearchParams();
  const files = new Map<string, File>();
  for (const [name, value] of await formDataOf(request)) {
    if (typeof value === "string") fields.append(name, lines(value));
    // A browser sends an empty file for a field that was left alone (HTML §4.10.22.4).
    else if (value.size > 0) files.set(name, value);
  }
  return { fields, files };
}

/**
 * The same from somebody who is nobody here (any more): they are listened to no longer than for a form without files.
 * Null where theirs is larger, or takes too long.
 */
export async function readShortForm(request: Request): Promise<Filled | null> {
  const length = Number(request.headers.get("content-length") ?? Number.NaN);
  if (!(length <= MAX_BODY_BYTES)) return null;
  const late = Promise.withResolvers<null>();
  const timer = setTimeout(late.resolve, BODY_DEADLINE_MS, null);
  try {
    return await Promise.race([readForm(request), late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

/** Browsers send every line break as two characters, and count it as one (HTML §4.10.22). */
const lines = (text: string): string => text.replace(/\r\n?/g, "\n");

async function formDataOf(request: Request): Promise<FormData> {
  try {
    return await request.formData();
  } catch (cause) {
    if (isProblem(cause, "too-large") || isProblem(cause, "full")) throw cause;
    throw new Problem("invalid", "This form did not arrive as a whole. Send it again.", {}, { cause });
  }
}

/** Takes the file that came in this field; it goes after a day unless something uses it, or `isLoose` is false. @throws Problem as `Media.take`, with the field. */
export async function keepFile(
  deps: { readonly media: Pick<WebDeps["media"], "take"> },
  owner: number,
  field: string,
  file: File,
  options: { readonly maxSide?: number; readonly isLoose?: boolean } = {},
): Promise<KeptFile> {
  try {
    return await deps.media.take(owner, { content: file, fileName: file.name, isLoose: true, ...options });
  } catch (error) {
    if (!isProblem(error)) throw error;
    throw new Problem(error.code, error.message, { ...error.detail, field }, { cause: error });
  }
}
