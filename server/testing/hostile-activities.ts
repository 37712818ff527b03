/** Words for tables of hostile activities: who does what, which is dropped. */
import { expect } from "bun:test";
import { type AsObject, PUBLIC } from "../core/object.ts";
import type { HostileCase, World } from "./hostile.ts";
import type { StrangerActor } from "./strangers.ts";

export const OPEN_TO_ALL = { to: [PUBLIC] };

/** Who does it, and what. Everything is well signed, accepted, and dropped. */
export const dropped = (
  name: string,
  by: (world: World) => StrangerActor,
  activity: (world: World) => AsObject,
  more: Partial<HostileCase> = {},
): HostileCase => ({ name, status: 202, send: (world) => world.post(by(world), activity(world)), ...more });

/** Of a kind that has no effect: it is kept and shown to whom it is about, and nothing else changes. */
export const onlyNoted: typeof dropped = (name, by, activity) =>
  dropped(name, by, activity, {
    allows: (line) => /^\+ (?:object .*\/activities\/|link .*"audience"|member .*"cause":null)/.test(line),
  });

export const mallory = (world: World) => world.mallory;
export const mule = (world: World) => world.mule;

/** The address of the activity of this type that is stored about something. */
export async function activityOf(world: World, type: string, by: string, about: string): Promise<string> {
  const { look } = world.app.federation;
  const [actor, subject] = [await look.find(by), await look.find(about)];
  return (await look.activityAbout(type, actor?.key ?? 0, subject?.key ?? 0))?.iri ?? "";
}

/** The same for activities that need to be looked up first. */
export const about = (
  name: string,
  by: (world: World) => StrangerActor,
  type: string,
  found: (world: World) => readonly [type: string, by: string, about: string],
): HostileCase => ({
  name,
  status: 202,
  async send(world) {
    const object = await activityOf(world, ...found(world));
    expect(object).not.toBe("");
    return world.post(by(world), { type, object });
  },
});

/** When somebody was last here is written down now and then. */
export const isLastUse = (line: string): boolean =>
  /^. (?:oauth_grant|oauth_token|session|account) /.test(line);

/** Posted by eve, whole of right, to her own outbox. */
export const byEve = (
  name: string,
  status: HostileCase["status"],
  body: (world: World) => unknown,
  more: Partial<HostileCase> = {},
): HostileCase => ({
  name,
  status,
  send: async (world) => world.eve.send(await body(world)),
  allows: isLastUse,
  ...more,
});
