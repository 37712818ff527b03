/** What is attached to a post: what it has already, as the form leaves it, and new files in the order of their fields. */
import { type AsObject, values } from "../server/core/object.ts";
import { isJsonObject, type Json } from "../server/lib/json.ts";
import { Problem } from "../server/lib/problem.ts";
import { type Describable, describeFile, focusWords } from "../server/media/describe.ts";
import { type Focus, parseFocus } from "../server/media/kept.ts";
import { linkedUrl } from "../server/queries/plain.ts";
import { ACT, ATTACHMENT_NUMBERS, MAX_ATTACHMENTS, MAX_DESCRIPTION_CHARACTERS } from "./forms.ts";

/** Files that came with a form, by the names of their fields. */
export interface GivenFiles {
  has(field: string): boolean;
  /** Keeps it as one of the person who sent it. Throws Problem with the field. */
  keep(field: string): Promise<Describable>;
}

export const NO_FILES: GivenFiles = {
  has: () => false,
  keep: () => Promise.reject(new Error("There is no file to keep")),
};

export interface AttachmentPlan {
  readonly left: readonly Json[];
  /** Numbers of the fields with new files. */
  readonly added: readonly number[];
  /** Whether the post has something else attached afterwards than before. */
  readonly isChange: boolean;
}

type Fields = { get(name: string): string | null };

/** `document` is the post as it is, or null. @throws Problem `invalid` where there are too many, or too many words. */
export function planAttachments(
  fields: Fields,
  files: GivenFiles,
  document: AsObject | null,
): AttachmentPlan {
  const before = document === null ? [] : values(document, "attachment");
  const left = before.flatMap((one) => leftOf(fields, one));
  const added = ATTACHMENT_NUMBERS.filter((n) => files.has(ACT.fields.file(n)));
  if (added.length > 0 && left.length + added.length > MAX_ATTACHMENTS) {
    throw new Problem("invalid", `A post takes ${MAX_ATTACHMENTS} files. Remove one first.`, {
      field: ACT.fields.file(added[0] ?? 1),
    });
  }
  for (const n of added) textOf(fields, n);
  const isSame = left.length === before.length && left.every((one, i) => one === before[i]);
  return { left, added, isChange: added.length > 0 || !isSame };
}

/** Keeps the new files. @throws Problem as `Media.take`, with the field. */
export async function attach(
  plan: AttachmentPlan,
  fields: Fields,
  files: GivenFiles,
): Promise<readonly Json[]> {
  const all = [...plan.left];
  for (const n of plan.added) {
    const file = await files.keep(ACT.fields.file(n));
    all.push(
      describeFile(file, textOf(fields, n), file.family === "image" ? focusOf(fields, n) : null) as Json,
    );
  }
  return all;
}

/** None where it is to go; itself where the form says nothing new of it. */
function leftOf(fields: Fields, one: Json): readonly Json[] {
  const url = linkedUrl(one);
  const n = ATTACHMENT_NUMBERS.find(
    (number) => url !== null && fields.get(ACT.fields.fileUrl(number)) === url,
  );
  if (n === undefined) return [one];
  if (fields.get(ACT.fields.fileRemove(n)) === "yes") return [];
  if (!isJsonObject(one)) return [one];
  const { name, focalPoint, ...rest } = one;
  const text = textOf(fields, n);
  const focus = focusOf(fields, n);
  const isSameFocus = focus === null || String(focus) === String(focalPoint ?? "0,0");
  if (text === (name ?? "") && isSameFocus) return [one];
  return [
    {
      ...rest,
      ...(text === "" ? {} : { name: text }),
      ...(isSameFocus ? (focalPoint === undefined ? {} : { focalPoint }) : focusWords(focus)),
    },
  ];
}

/** Null where nothing is said of it. */
const focusOf = (fields: Fields, n: number): Focus | null => parseFocus(fields.get(ACT.fields.fileFocus(n)));

function textOf(fields: Fields, n: number): string {
  const field = ACT.fields.fileText(n);
  const text = (fields.get(field) ?? "").trim();
  if (text.length <= MAX_DESCRIPTION_CHARACTERS) return text;
  throw new Problem("invalid", `Make it shorter: at most ${MAX_DESCRIPTION_CHARACTERS} characters.`, {
    field,
  });
}
