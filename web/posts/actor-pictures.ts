/** Pictures of a person or a group, as the forms of both send them. */
import type { Json } from "../../server/lib/json.ts";
import { Problem } from "../../server/lib/problem.ts";
import { describeFile } from "../../server/media/describe.ts";
import type { WebDeps } from "../face.ts";
import { type Files, keepFile } from "../files.ts";

/** Their longest sides in pixels: as large as any screen shows them, twice as fine. */
const PICTURES = { icon: 512, image: 1_500 } as const;

export type ActorPicture = keyof typeof PICTURES;

export const isActorPicture = (name: string | null): name is ActorPicture =>
  name !== null && Object.hasOwn(PICTURES, name);

/**
 * What the actor's document says of the pictures that were chosen, each kept for `owner`; one that was not chosen stays as
 * it is. @throws Problem `invalid` for a file that is no picture.
 */
export async function actorPictures(
  deps: WebDeps,
  owner: number,
  files: Files,
): Promise<Partial<Record<ActorPicture, Json>>> {
  const pictures: Record<string, Json> = {};
  for (const [name, maxSide] of Object.entries(PICTURES)) {
    const file = files.get(name);
    if (file === undefined) continue;
    const kept = await keepFile(deps, owner, name, file, { maxSide });
    if (kept.family !== "image") {
      throw new Problem("invalid", "This is no picture. Choose a JPEG, PNG, WebP or GIF.", { field: name });
    }
    pictures[name] = describeFile(kept) as Json;
  }
  return pictures;
}
