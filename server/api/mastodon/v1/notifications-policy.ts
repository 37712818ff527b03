/** `/api/v1/notifications/policy` and `/api/v2/notifications/policy`: from whom the viewer wants to be told things. */
import { type AnyElysia, Elysia } from "elysia";
import { Problem } from "../../../lib/problem.ts";
import {
  isPolicyChoice,
  type NoticePolicy,
  POLICY_ASPECTS,
  type PolicyAspect,
} from "../../../moderation/notice-policy.ts";
import type { Face, SignedCall } from "../face.ts";

/** Bodies are read by `params.ts`. */
const RAW = { parse: "none" } as const;

const NAMES: Readonly<Record<PolicyAspect, string>> = {
  notFollowing: "not_following",
  notFollowers: "not_followers",
  newAccounts: "new_accounts",
  privateMentions: "private_mentions",
  limitedAccounts: "limited_accounts",
};

export const notificationsPolicyRoutes = (face: Face): AnyElysia => {
  const { tastes } = face;

  async function summaryOf(call: SignedCall): Promise<object> {
    const senders = await call.queries.noticeSenders(call.viewerKey);
    return {
      summary: {
        pending_requests_count: senders.length,
        pending_notifications_count: senders.reduce((sum, { count }) => sum + count, 0),
      },
    };
  }

  const answer = async (call: SignedCall, version: 1 | 2): Promise<object> => {
    const policy = await tastes.policy(call.viewerKey);
    const parts =
      version === 2
        ? POLICY_ASPECTS.map((aspect) => [`for_${NAMES[aspect]}`, policy[aspect]])
        : POLICY_ASPECTS.filter((aspect) => aspect !== "limitedAccounts").map((aspect) => [
            `filter_${NAMES[aspect]}`,
            policy[aspect] !== "accept",
          ]);
    return { ...Object.fromEntries(parts), ...(await summaryOf(call)) };
  };

  const read = (version: 1 | 2) => face.endpoint("read:notifications", (call) => answer(call, version));

  const write = (version: 1 | 2) =>
    face.endpoint("write:notifications", async (call) => {
      const policy: Partial<Record<PolicyAspect, NoticePolicy[PolicyAspect]>> = {};
      for (const aspect of POLICY_ASPECTS) {
        const given = call.params.text(`for_${NAMES[aspect]}`);
        if (version === 2 && given !== null) {
          if (!isPolicyChoice(given))
            throw new Problem("invalid", `for_${NAMES[aspect]} is accept, filter or drop.`);
          policy[aspect] = given;
        }
        const isFiltered = call.params.flag(`filter_${NAMES[aspect]}`);
        if (version === 1 && isFiltered !== null) policy[aspect] = isFiltered ? "filter" : "accept";
      }
      await tastes.setPolicy(call.viewerKey, policy);
      return answer(call, version);
    });

  // PUT and PATCH are the same: clients use either.
  return new Elysia({ name: "mastodon notifications policy" })
    .get("/api/v1/notifications/policy", read(1))
    .put("/api/v1/notifications/policy", write(1), RAW)
    .patch("/api/v1/notifications/policy", write(1), RAW)
    .get("/api/v2/notifications/policy", read(2))
    .put("/api/v2/notifications/policy", write(2), RAW)
    .patch("/api/v2/notifications/policy", write(2), RAW) as unknown as AnyElysia;
};
