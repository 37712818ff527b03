/** A server with people, friends and a fiend, and tables of what the fiend tries: each is refused and changes nothing. */
import { beforeAll, describe, expect, test } from "bun:test";
import { type AsObject, PUBLIC } from "../core/object.ts";
import type { JsonObject } from "../lib/json.ts";
import type { TestApp } from "./app.ts";
import { type Engine, eachEngine } from "./engines.ts";
import { type Fediverse, fediverse } from "./fediverse.ts";
import { type Letter, post } from "./letters.ts";
import { type Person, person } from "./people.ts";
import { changesBetween, snapshotOf } from "./snapshot.ts";
import { type Stranger, type StrangerActor, stranger } from "./strangers.ts";

export interface World {
  readonly fediverse: Fediverse;
  readonly app: TestApp;
  /** Whom all of this is done to; bob is her friend (and the admin), eve a stranger under the same roof. */
  readonly alice: Person;
  readonly bob: Person;
  readonly eve: Person;
  /** The fiend, whom alice follows and who follows her, and another actor of the same server, who does not. */
  readonly fiends: Stranger;
  readonly mallory: StrangerActor;
  readonly mule: StrangerActor;
  /** An honest server; alice and victor follow each other. */
  readonly friends: Stranger;
  readonly victor: StrangerActor;
  /** Posts of alice: for everybody, for followers, for bob alone; a poll that is open and one that is over. */
  readonly open: string;
  readonly closed: string;
  readonly direct: string;
  readonly poll: string;
  readonly oldPoll: string;
  /** Posts of victor and of mallory that are stored here, and a poll of victor's. */
  readonly victors: string;
  readonly victorsPoll: string;
  readonly mallorys: string;
  /** A complete activity with a new id of its author's server. */
  activity(by: StrangerActor, activity: AsObject): JsonObject;
  /** Sends it, well signed by its author, to the shared inbox or where the letter says. */
  post(by: StrangerActor, activity: AsObject, letter?: Partial<Letter>): Promise<Response>;
}

export interface HostileCase {
  /** A sentence. */
  readonly name: string;
  /** What the server answers: one of these. */
  readonly status: number | readonly number[];
  /** What happened before, by right. */
  readonly given?: (world: World) => Promise<unknown>;
  readonly send: (world: World) => Promise<Response>;
  /** What else must be so; afterwards, when everything has come to rest. */
  readonly also?: (
    world: World,
    answer: { readonly body: string; readonly headers: Headers },
  ) => Promise<void> | void;
  /** Lines of the snapshot that may come or go: the true thing that was fetched instead of the forged one. */
  readonly allows?: (line: string) => boolean;
  /** Origins may be asked again whether it is so: when a row was fetched may change, and nothing else of it. */
  readonly mayAskAgain?: boolean;
}

/** How long the fiend waits between two tries, so that one does not fall under the limits that the other used up. */
const PAUSE_MS = 5_000;
/** Seven RSA keys are made for a world, which a busy machine takes its time for. */
const PATIENCE_MS = 60_000;

/**
 * Tests of a table of cases, in one world. `settle` advances all clocks a little. Most things are refused before the
 * database is asked for more than rows by key, which the contract of the engines covers: `engines` names both where
 * it is the database that is fed.
 */
export function hostile(
  title: string,
  cases: readonly HostileCase[],
  more?: (world: () => World) => void,
  engines: readonly Engine["name"][] = ["sqlite"],
): void {
  eachEngine((engine) => {
    describe(title, () => {
      let world: World;
      beforeAll(async () => {
        world = await createWorld(engine);
      }, PATIENCE_MS);
      test.each(cases.map((each) => [each.name, each] as const))("%s", (_, each) => tried(world, each));
      more?.(() => world);
    });
  }, engines);
}

async function tried(world: World, tried: HostileCase): Promise<void> {
  const { given, send, status, also, allows, mayAskAgain = false } = tried;
  const { app, fediverse } = world;
  await given?.(world);
  await fediverse.settle();
  fediverse.clock.advance(PAUSE_MS);
  const before = await snapshotOf(app.opened.db);
  const errors = errorsOf(app);
  const response = await send(world);
  const body = await response.text();
  const answer = `${response.status} ${body}`;
  expect(Array.isArray(status) ? status : [status], answer).toContain(response.status);
  await fediverse.settle();
  const found = changesBetween(before, await snapshotOf(app.opened.db));
  const changes = mayAskAgain ? withoutRefreshes(found) : found;
  expect(changes.filter((line) => !allows?.(line))).toEqual([]);
  expect(errorsOf(app).slice(errors.length)).toEqual([]);
  await also?.(world, { body, headers: response.headers });
}

/** Without rows that are the same but for when they were fetched. */
function withoutRefreshes(changes: readonly string[]): readonly string[] {
  const timeless = (line: string) => line.slice(1).replace(/"(?:updated|fetched)":(?:null|\d+)/g, "");
  const gone = changes.filter((line) => line.startsWith("-")).map(timeless);
  const come = changes.filter((line) => line.startsWith("+")).map(timeless);
  return changes.filter((line) => !(gone.includes(timeless(line)) && come.includes(timeless(line))));
}

/** What only a bug writes into the log. */
export const errorsOf = (app: TestApp) =>
  app
    .warnings()
    .filter(({ level }) => level === "error")
    .reverse();

export async function createWorld(engine: Engine): Promise<World> {
  const all = await fediverse(engine, ["pub.test"]);
  const app = all.at("pub.test");
  const [alice, bob, eve] = [
    await person(app, "alice"),
    await person(app, "bob", "admin"),
    await person(app, "eve"),
  ];
  const fiends = stranger(all, "mallory.test");
  const friends = stranger(all, "honest.test");
  const [mallory, mule, victor] = [
    await fiends.actor("mallory"),
    await fiends.actor("mule"),
    await friends.actor("victor"),
  ];
  let count = 0;
  const activity = (by: StrangerActor, given: AsObject): JsonObject => ({
    "@context": "https://www.w3.org/ns/activitystreams",
    id: by.at(`/activities/${++count}`),
    actor: by.iri,
    ...given,
  });
  const send: World["post"] = (by, given, letter = {}) =>
    post(app, { by, body: activity(by, given), ...letter });
  const must = async (by: StrangerActor, given: AsObject): Promise<void> => {
    const { status } = await send(by, given);
    if (status !== 202)
      throw new Error(`The world could not be made: ${status} for ${JSON.stringify(given)}`);
    await all.settle();
  };
  /** Something of theirs, served at its address and sent here. */
  const said = async (at: Stranger, by: StrangerActor, path: string, object: AsObject): Promise<string> => {
    const document = {
      "@context": "https://www.w3.org/ns/activitystreams",
      id: by.at(path),
      attributedTo: by.iri,
      to: [PUBLIC],
      cc: [by.followers],
      ...object,
    };
    at.put(path, { body: document });
    await must(by, { type: "Create", to: [PUBLIC], cc: [by.followers], object: document });
    return by.at(path);
  };

  await app.federation.look.fetch(mule.iri);
  await bob.act({ type: "Follow", object: alice.iri });
  for (const friend of [victor, mallory]) {
    await must(friend, { type: "Follow", object: alice.iri });
    const follow = await friendship(alice, friend);
    await all.settle();
    await must(friend, { type: "Accept", object: follow });
  }
  const open = await alice.note("Open to all", { to: [PUBLIC], cc: [alice.followers] });
  const closed = await alice.note("For my followers", { to: [alice.followers] });
  const direct = await alice.note("For bob alone", { to: [bob.iri] });
  const ask = async (name: string, endTime: string) => {
    const oneOf = ["Yes", "No"].map((choice) => ({ type: "Note", name: choice }));
    const question = { type: "Question", name, content: name, oneOf, endTime };
    return (await alice.act({ type: "Create", to: [PUBLIC], object: question })).object?.iri ?? "";
  };
  const poll = await ask("Shall we?", "2099-01-01T00:00:00Z");
  const oldPoll = await ask("Shall we have?", "2001-01-01T00:00:00Z");
  const victors = await said(friends, victor, "/notes/1", {
    type: "Note",
    content: "<p>Victor was here</p>",
  });
  const victorsPoll = await said(friends, victor, "/notes/2", {
    type: "Question",
    content: "Tea?",
    oneOf: [
      { type: "Note", name: "Yes", replies: { type: "Collection", totalItems: 3 } },
      { type: "Note", name: "No", replies: { type: "Collection", totalItems: 1 } },
    ],
    endTime: "2099-01-01T00:00:00Z",
  });
  const mallorys = await said(fiends, mallory, "/notes/1", {
    type: "Note",
    content: "<p>Harmless</p>",
    updated: "2023-11-14T22:00:00Z",
  });
  await must(victor, { type: "Like", object: open });
  await must(victor, { type: "Announce", object: open, to: [PUBLIC] });
  await alice.act({ type: "Like", object: victors });
  await all.settle();
  return {
    fediverse: all,
    app,
    alice,
    bob,
    eve,
    fiends,
    mallory,
    mule,
    friends,
    victor,
    open,
    closed,
    direct,
    poll,
    oldPoll,
    victors,
    victorsPoll,
    mallorys,
    activity,
    post: send,
  };
}

async function friendship(alice: Person, friend: StrangerActor): Promise<string> {
  const { activity } = await alice.act({ type: "Follow", object: friend.iri });
  return activity.id ?? "";
}
