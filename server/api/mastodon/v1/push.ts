/** `/api/v1/push/subscription`: where a program wants to be told of notices while it sleeps. */
import { type AnyElysia, Elysia } from "elysia";
import type { NoticeKind } from "../../../core/effects.ts";
import { Problem } from "../../../lib/problem.ts";
import {
  PUSH_POLICIES,
  type PushHolder,
  type PushPolicy,
  type PushSubscription,
} from "../../../live/push-subscriptions.ts";
import { kindsOf, TOLD, typeOf } from "../entities/notification.ts";
import type { Face, SignedCall } from "../face.ts";
import type { Params } from "../params.ts";

const PATH = "/api/v1/push/subscription";
const SCOPE = "push";
/** Bodies are read by `params.ts`. */
const RAW = { parse: "none" } as const;

/** Types that the answer names, whatever was asked for: programs read them without a look. */
const TYPES = [...new Set(TOLD.flatMap((kind) => typeOf(kind) ?? []))].filter((type) => !type.includes(":"));

export const pushRoutes = (face: Face): AnyElysia => {
  const { push } = face;

  const entityOf = ({ key, endpoint, alerts, policy, isStandard }: PushSubscription): object => ({
    // A small number, the one exception among ids.
    id: key,
    endpoint,
    standard: isStandard,
    alerts: Object.fromEntries(TYPES.map((type) => [type, kindsOf([type]).some((kind) => alerts.has(kind))])),
    policy,
    server_key: push.publicKey,
  });

  return new Elysia({ name: "mastodon push" })
    .post(
      PATH,
      face.endpoint(SCOPE, async (call) => {
        const given = call.params.object("subscription");
        const keys = given.object("keys");
        const data = call.params.object("data");
        return entityOf(
          await push.subscriptions.put(holderOf(call), {
            account: call.me.accountKey,
            endpoint: given.text("endpoint") ?? "",
            publicKey: keys.text("p256dh") ?? "",
            auth: keys.text("auth") ?? "",
            alerts: alertsIn(data.object("alerts")),
            policy: policyIn(data, call.params) ?? "all",
            isStandard: given.flag("standard") === true,
            token: tokenOf(call.request),
          }),
        );
      }),
      RAW,
    )
    .get(
      PATH,
      face.endpoint(SCOPE, async (call) => {
        const known = await push.subscriptions.of(holderOf(call));
        if (known === null) throw new Problem("not-found", "Record not found");
        return entityOf(known);
      }),
    )
    .put(
      PATH,
      face.endpoint(SCOPE, async (call) => {
        const holder = holderOf(call);
        const known = await push.subscriptions.of(holder);
        const data = call.params.object("data");
        const policy = policyIn(data, call.params) ?? known?.policy ?? "all";
        return entityOf(
          await push.subscriptions.change(holder, { alerts: alertsIn(data.object("alerts")), policy }),
        );
      }),
      RAW,
    )
    .delete(
      PATH,
      face.endpoint(SCOPE, async (call) => {
        await push.subscriptions.remove(holderOf(call));
        return {};
      }),
      RAW,
    ) as unknown as AnyElysia;
};

/** One for each program that somebody let in, as long as they let it. */
function holderOf({ me }: SignedCall): PushHolder {
  if (me.consent !== null) return { consent: me.consent };
  throw new Problem("forbidden", "This is for programs with a token of their own.");
}

/** Kinds whose type is switched on. */
const alertsIn = (alerts: Params): readonly NoticeKind[] =>
  kindsOf(alerts.names.filter((type) => alerts.flag(type) === true)) as readonly NoticeKind[];

function policyIn(data: Params, whole: Params): PushPolicy | null {
  const given = data.text("policy") ?? whole.text("policy");
  return PUSH_POLICIES.find((policy) => policy === given) ?? null;
}

/** Programs with several accounts tell them apart by it. */
const tokenOf = (request: Request): string | null =>
  /^bearer +(\S+)$/i.exec(request.headers.get("authorization")?.trim() ?? "")?.[1] ?? null;
