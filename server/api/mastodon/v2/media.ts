/** `POST /api/v2/media`: a file that may need some work before it can be shown. There is no `PUT`. */
import { type AnyElysia, Elysia } from "elysia";
import { uploadOf } from "../entities/attachment.ts";
import type { Face } from "../face.ts";
import { takeUpload } from "../uploads.ts";

export const mediaV2Routes = (face: Face): AnyElysia =>
  new Elysia({ name: "mastodon media v2" }).post(
    "/api/v2/media",
    face.endpoint("write:media", async (call) => {
      const file = await takeUpload(face, call);
      return file.isPending ? Response.json(uploadOf(file, face), { status: 202 }) : uploadOf(file, face);
    }),
    { parse: "none" },
  ) as unknown as AnyElysia;
