/** Which files a post is to have: those of the person whose ids it names, in that order. */
import type { AsObject } from "../../core/object.ts";
import type { Face } from "./face.ts";
import type { Params } from "./params.ts";

/** @throws Problem `invalid` where one is not there, or somebody else's. */
export const mediaOf = (face: Face, owner: number, params: Params): Promise<readonly AsObject[]> =>
  face.media.loose.attach(owner, params.list("media_ids"));
