/** Whether this browser is told of notices while no page is open. */
import type { NoticeKind } from "../../server/core/effects.ts";
import { Problem } from "../../server/lib/problem.ts";
import { signedIn } from "../face.ts";
import { PUSH } from "../forms-live.ts";
import type { Post } from "./answer.ts";

/** What is meant for the person; that somebody likes something can wait. */
const TOLD: readonly NoticeKind[] = ["mention", "reply", "quote", "follow", "follow-request", "poll", "post"];

export const push: Post = async ({ push: { subscriptions } }, visit, fields) => {
  const { viewer } = signedIn(visit);
  if (viewer.sessionKey === null) throw new Problem("forbidden", "This is for browsers.");
  const holder = { session: viewer.sessionKey };
  const endpoint = fields.get(PUSH.fields.endpoint);
  if (endpoint === null) await subscriptions.remove(holder);
  else {
    await subscriptions.put(holder, {
      account: viewer.accountKey,
      endpoint,
      publicKey: fields.get(PUSH.fields.publicKey) ?? "",
      auth: fields.get(PUSH.fields.auth) ?? "",
      alerts: TOLD,
      policy: "all",
      isStandard: true,
      token: null,
    });
  }
  return { json: { isOn: endpoint !== null } };
};
