/** Which files a post is to have: those of the person whose ids it names, in that order. */
import type { AsObject } from "../../core/object.ts";
import { Problem } from "../../lib/problem.ts";
import { describeFile } from "../../media/describe.ts";
import { typeOfExtension } from "../../media/probe.ts";
import { FILES_PATH } from "../../media/serve.ts";
import { findMediaByKeys } from "../../media/store-chosen.ts";
import type { Face } from "./face.ts";
import { keysOf } from "./ids.ts";
import type { Params } from "./params.ts";

/** @throws Problem `invalid` where one is not there, or somebody else's. */
export async function mediaOf(face: Face, owner: number, params: Params): Promise<readonly AsObject[]> {
  const keys = keysOf(params.list("media_ids"));
  const found = await findMediaByKeys(face.db, owner, keys);
  return keys.map((key) => {
    const row = found.get(key);
    if (row === undefined) {
      throw new Problem("invalid", "A file that was named is not here, or not yours. Send it again.", {
        field: "media_ids",
      });
    }
    const family = typeOfExtension(row.name.slice(row.name.lastIndexOf(".") + 1))?.family ?? "file";
    return describeFile({ ...row, url: face.origin + FILES_PATH + row.name, family });
  });
}
