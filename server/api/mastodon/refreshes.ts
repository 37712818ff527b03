/** What is still being fetched: the header that says so, and the id under which clients ask whether it is done. */
import { Problem } from "../../lib/problem.ts";
import type { Face } from "./face.ts";
import { idOf, keyOf } from "./ids.ts";

/** Between two questions, in seconds; looking around takes some of them. */
const RETRY_SECONDS = 5;
const CONTEXT = "context-";

/** The answer, with `Mastodon-Async-Refresh` where more of the conversation around the status is on its way. */
export async function withRefresh(face: Face, key: number, answer: object): Promise<object> {
  const { isUnderWay, found } = await face.lookedFor(key);
  if (!isUnderWay) return answer;
  return Response.json(answer, {
    headers: {
      "content-type": "application/json; charset=utf-8",
      "cache-control": "private, no-store",
      "mastodon-async-refresh": `id="${CONTEXT}${idOf(key)}", retry=${RETRY_SECONDS}, result_count=${found}`,
    },
  });
}

/** The key of the status whose conversation an id stands for. @throws Problem `not-found`. */
export function keyOfRefresh(id: string): number {
  if (!id.startsWith(CONTEXT)) throw new Problem("not-found", "Record not found");
  return keyOf(id.slice(CONTEXT.length));
}

export async function refreshOf(face: Face, id: string, key: number): Promise<object> {
  const { isUnderWay, found } = await face.lookedFor(key);
  return { async_refresh: { id, status: isUnderWay ? "running" : "finished", result_count: found } };
}
