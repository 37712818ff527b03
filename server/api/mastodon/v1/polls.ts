/** `/api/v1/polls`: how a question stands, and answering it. */
import { type AnyElysia, Elysia } from "elysia";
import { Problem } from "../../../lib/problem.ts";
import { type Poll, pollOf } from "../entities/poll.ts";
import type { Call, Face, SignedCall } from "../face.ts";
import { notHere } from "../ids.ts";
import { viewByKey } from "../statuses.ts";

export const pollsRoutes = (face: Face): AnyElysia =>
  new Elysia({ name: "mastodon polls" })
    .get(
      "/api/v1/polls/:id",
      face.endpoint(null, (call) => pollAt(face, call)),
    )
    .post(
      "/api/v1/polls/:id/votes",
      face.endpoint("write:statuses", (call) => vote(face, call)),
      { parse: "none" },
    ) as unknown as AnyElysia;

async function pollAt(face: Face, call: Call): Promise<Poll> {
  const poll = pollOf(await viewByKey(face, call, call.key()), face);
  if (poll === null) throw notHere();
  return poll;
}

/** Each chosen answer is a vote of its own, as servers count them; `choices` come as texts or numbers. */
async function vote(face: Face, call: SignedCall): Promise<Poll> {
  const view = await viewByKey(face, call, call.key());
  const { poll, author } = view;
  if (poll === null || author === null) throw notHere();
  const wanted = [...new Set(call.params.list("choices"))];
  const names = wanted.map((choice) =>
    /^\d{1,3}$/.test(choice) ? poll.options[Number(choice)]?.name : undefined,
  );
  const known = names.filter((name) => name !== undefined);
  if (known.length === 0 || known.length < names.length)
    throw new Problem("invalid", "Choose among the answers of this poll.", { field: "choices" });
  if (known.length > 1 && !poll.isMultiple)
    throw new Problem("invalid", "This poll takes one answer.", { field: "choices" });
  if (poll.hasEnded) throw new Problem("invalid", "The poll has already ended");
  const to = [author.iri];
  try {
    for (const name of known)
      await face.core.act(call.viewerKey, {
        type: "Create",
        to,
        object: { type: "Note", name, inReplyTo: view.iri, to },
      });
  } catch (error) {
    // Refusals of the core are 403 elsewhere; here clients expect what the poll does not take.
    if (error instanceof Problem && error.code === "forbidden")
      throw new Problem("invalid", error.message, error.detail, { cause: error });
    throw error;
  }
  return pollAt(face, call);
}
