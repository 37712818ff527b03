/** One server here, and strangers elsewhere that are told how to take letters: for tests of deliveries. */
import { PUBLIC } from "../core/object.ts";
import type { JsonObject } from "../lib/json.ts";
import type { Engine } from "./engines.ts";
import { type Fediverse, fediverse } from "./fediverse.ts";
import { post } from "./letters.ts";
import { type Person, person } from "./people.ts";
import { type Answer, type Stranger, type StrangerActor, shareKeys, stranger } from "./strangers.ts";

/** How an inbox answers; `nth` counts the letters to this host from 1. */
export type Answering = (request: Request, nth: number) => Answer;

export interface Reader {
  readonly host: string;
  readonly there: Stranger;
  /** Follows the writers. */
  readonly fan: StrangerActor;
  /** From now on its inboxes answer so. */
  answer(answering: Answering): void;
  /** Bodies that came, oldest first. */
  letters(): readonly (JsonObject & { readonly id: string; readonly type: string })[];
}

export interface Mail {
  readonly all: Fediverse;
  readonly alice: Person;
  readonly bob: Person;
  /** A host of its own, where somebody follows `writers` (alice, where nobody is named). */
  reader(answering?: Answering, writers?: readonly Person[]): Promise<Reader>;
  /** A public post to the followers. */
  say(by: Person, text: string): Promise<string>;
  /** What the author sees of the way of a post to this host. */
  arrival(
    by: Person,
    iri: string,
    host: string,
  ): Promise<{ state: string; tries: number; lastError: string | null } | null>;
  /** Time passes in steps, and whatever falls due is done. */
  pass(ms: number, stepMs?: number): Promise<void>;
  /** Nobody there follows anybody any more, so that other tests have nothing to do with it. */
  leave(reader: Reader): Promise<void>;
}

const TAKEN: Answering = () => ({ status: 202, body: "" });

/** Call it inside a hook; one for a file is enough. */
export async function mail(engine: Engine, host = "a.test"): Promise<Mail> {
  const all = await fediverse(engine, [host]);
  const alice = await person(all.at(host), "alice", "admin");
  const bob = await person(all.at(host), "bob");
  let count = 0;

  async function reader(answering: Answering = TAKEN, writers: readonly Person[] = [alice]): Promise<Reader> {
    const name = `s${++count}.test`;
    const there = stranger(all, name);
    shareKeys("fans", `${there.origin}/users/fan`);
    const fan = await there.actor("fan");
    for (const writer of writers) {
      const body = {
        id: fan.at(`/follow-${writer.key}`),
        type: "Follow",
        actor: fan.iri,
        object: writer.iri,
      };
      await post(alice.app, { by: fan, body });
    }
    await all.settle();
    let nth = 0;
    const answer = (how: Answering) => {
      for (const path of ["/inbox", "/users/fan/inbox"]) there.put(path, (request) => how(request, ++nth));
    };
    answer(answering);
    there.received.length = 0;
    return {
      host: name,
      there,
      fan,
      answer,
      letters: () => there.received.map(({ body }) => JSON.parse(body)),
    };
  }

  return {
    all,
    alice,
    bob,
    reader,
    say: (by, text) => by.note(text, { to: [PUBLIC], cc: [by.followers] }),
    async arrival(by, iri, at) {
      const seen = await by.sees(iri);
      const arrivals = await by.app.queries.arrivals(seen?.key ?? 0, by.key);
      return arrivals.find((each) => each.host === at) ?? null;
    },
    async pass(ms, stepMs = ms) {
      for (let passed = 0; passed < ms; passed += stepMs) {
        all.clock.advance(stepMs);
        await all.settle();
      }
    },
    async leave({ fan }) {
      for (const writer of [alice, bob]) {
        const undo = { id: fan.at(`/undo-${writer.key}`), type: "Undo", actor: fan.iri };
        await post(alice.app, { by: fan, body: { ...undo, object: fan.at(`/follow-${writer.key}`) } });
      }
      await all.settle();
    },
  };
}
