/** Files that an app sends: kept, and described, before they are in a status. */
import { Problem } from "../../lib/problem.ts";
import { attachmentIdOf } from "../../media/attachment-id.ts";
import type { KeptFile } from "../../media/kept.ts";
import type { Face, SignedCall } from "./face.ts";
import { notHere } from "./ids.ts";
import { descriptionIn, focusIn } from "./media.ts";

/** What comes in `file`, `description`, `focus` and `thumbnail`. @throws Problem as `Media.take` does. */
export async function takeUpload(face: Face, call: SignedCall): Promise<KeptFile> {
  const { params, me } = call;
  const file = params.file("file");
  if (file === null)
    throw new Problem("invalid", "Validation failed: File can't be blank. Send it in a field called file.", {
      field: "file",
    });
  const description = descriptionIn(params);
  const focus = focusIn(params);
  const kept = await face.media.take(me.actorKey, {
    content: file,
    fileName: file.name || null,
    isLoose: true,
    ...(description === undefined ? {} : { description }),
    ...(focus === undefined ? {} : { focus }),
  });
  return withWords(face, call, kept);
}

/** Says other words of it, or gives it another cover. @throws Problem `not-found`, `invalid`. */
export async function changeUpload(face: Face, call: SignedCall, id: string): Promise<KeptFile> {
  const kept = await face.media.loose.find(call.me.actorKey, id);
  if (kept === null) throw notHere();
  return withWords(face, call, kept);
}

/** Of a file that was sent before, what is said now counts. */
async function withWords(face: Face, { params, me }: SignedCall, kept: KeptFile): Promise<KeptFile> {
  const thumbnail = params.file("thumbnail");
  if (thumbnail !== null) await face.media.cover(kept.key, thumbnail);
  const description = descriptionIn(params);
  const focus = focusIn(params);
  const words = {
    ...(description === undefined ? {} : { description }),
    ...(focus === undefined ? {} : { focus }),
  };
  if (thumbnail === null && Object.keys(words).length === 0) return kept;
  return face.media.loose.describe(me.actorKey, attachmentIdOf(kept.url), words);
}
