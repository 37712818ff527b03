/** `/api/v1/media`: files that an app has sent, before they are in a status. */
import { type AnyElysia, Elysia } from "elysia";
import { isProblem } from "../../../lib/problem.ts";
import { uploadOf } from "../entities/attachment.ts";
import type { Face, SignedCall } from "../face.ts";
import { notHere } from "../ids.ts";
import { changeUpload, takeUpload } from "../uploads.ts";

const PATH = "/api/v1/media";

export const mediaRoutes = (face: Face): AnyElysia =>
  new Elysia({ name: "mastodon media" })
    .post(
      PATH,
      // The older method waits for nothing: what is not there yet is told as if it were.
      face.endpoint("write:media", async (call) =>
        uploadOf({ ...(await takeUpload(face, call)), isPending: false }, face),
      ),
      { parse: "none" },
    )
    .get(
      `${PATH}/:id`,
      face.endpoint("write:media", async (call) => {
        const file = await face.media.loose.find(call.me.actorKey, call.part("id"));
        if (file === null) throw notHere();
        return file.isPending ? partly(uploadOf(file, face)) : uploadOf(file, face);
      }),
    )
    .put(`${PATH}/:id`, face.endpoint("write:media", changed(face)), { parse: "none" })
    .patch(`${PATH}/:id`, face.endpoint("write:media", changed(face)), { parse: "none" })
    .delete(
      `${PATH}/:id`,
      face.endpoint("write:media", async (call) => {
        try {
          await face.media.loose.remove(call.me.actorKey, call.part("id"));
          return {};
        } catch (error) {
          if (!isProblem(error, "conflict")) throw error;
          return Response.json({ error: error.message, details: {} }, { status: 422 });
        }
      }),
      { parse: "none" },
    ) as unknown as AnyElysia;

const changed =
  (face: Face) =>
  async (call: SignedCall): Promise<object> =>
    uploadOf(await changeUpload(face, call, call.part("id")), face);

/** 206: it is here, and its preview is not. */
const partly = (entity: object): Response => Response.json(entity, { status: 206 });
