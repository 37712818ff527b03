/** Two other servers whose people talk with each other, and somebody here who reads it: for tests of whole conversations. */
import { type AsObject, PUBLIC } from "../core/object.ts";
import { DAY_MS } from "../lib/durations.ts";
import type { JsonObject } from "../lib/json.ts";
import type { ReplyNode } from "../queries/view.ts";
import type { TestApp } from "./app.ts";
import type { Engine } from "./engines.ts";
import { type Fediverse, fediverse } from "./fediverse.ts";
import { type Person, person } from "./people.ts";
import { type Answer, type Stranger, type StrangerActor, stranger } from "./strangers.ts";

const AS = "https://www.w3.org/ns/activitystreams";

export interface Talk {
  readonly all: Fediverse;
  readonly app: TestApp;
  readonly alice: Person;
  /** The servers of mira and noam. */
  readonly there: Stranger;
  readonly elsewhere: Stranger;
  readonly mira: StrangerActor;
  readonly noam: StrangerActor;
  /** A new day, on which nothing was asked, with addresses of its own. */
  begin(): void;
  /** An address of today. */
  at(by: StrangerActor, path: string): string;
  /** As the request for it looks from there. */
  path(path: string): string;
  /** Answers so at an address of today; objects get a context. */
  put(by: StrangerActor, path: string, body: JsonObject): void;
  answer(by: StrangerActor, path: string, answer: Answer | (() => Answer)): void;
  /** Puts a post at its address and gives its document. */
  says(by: StrangerActor, name: string, more?: AsObject): AsObject & { readonly id: string };
  /** The post comes here, and nothing around it; gives its key. */
  arrives(document: AsObject): Promise<number>;
  /** alice reads it, and all work that comes of that is done. */
  opens(key: number): Promise<void>;
  /** What the page shows around it: what it answers with a `^`, and what answers it. */
  texts(key: number): Promise<readonly string[]>;
  isHere(iri: string): Promise<boolean>;
}

export async function talk(engine: Engine): Promise<Talk> {
  const all = await fediverse(engine, ["pub.test"]);
  const app = all.at("pub.test");
  const alice = await person(app, "alice", "admin");
  const there = stranger(all, "there.test");
  const elsewhere = stranger(all, "elsewhere.test");
  const mira = await there.actor("mira");
  const noam = await elsewhere.actor("noam");
  await app.federation.look.fetch(mira.iri);
  await app.federation.look.fetch(noam.iri);
  let day = 0;
  const at = (by: StrangerActor, path: string) => by.at(`/${day}${path}`);
  const answer: Talk["answer"] = (by, path, given) =>
    (by === mira ? there : elsewhere).put(`/${day}${path}`, given);
  const put: Talk["put"] = (by, path, body) => answer(by, path, { body: { "@context": AS, ...body } });

  return {
    ...{ all, app, alice, there, elsewhere, mira, noam, at, answer, put },
    begin() {
      day++;
      all.clock.advance(DAY_MS);
      there.asked.length = 0;
      elsewhere.asked.length = 0;
    },
    path: (path) => `/${day}${path}`,
    says(by, name, more = {}) {
      const document = {
        "@context": AS,
        id: at(by, `/notes/${name}`),
        type: "Note",
        attributedTo: by.iri,
        content: `<p>${name}</p>`,
        published: "2023-11-14T20:00:00Z",
        to: [PUBLIC],
        ...more,
      };
      put(by, `/notes/${name}`, document as JsonObject);
      return document;
    },
    async arrives(document) {
      const entity = await app.federation.resolve.fetch(document.id ?? "");
      if (entity === null) throw new Error(`${document.id} did not come.`);
      return entity.key;
    },
    async opens(key) {
      const view = await app.queries.object(key, alice.key);
      const { status } = await alice.page(view?.path ?? "");
      if (status !== 200) throw new Error(`The page answered ${status}.`);
      await all.settle();
    },
    async texts(key) {
      const { ancestors, replies } = await app.queries.thread(key, alice.key);
      const below = (nodes: readonly ReplyNode[]): readonly string[] =>
        nodes.flatMap((node) => [node.view.contentHtml, ...below(node.replies)]);
      return [...ancestors.map(({ contentHtml }) => `^${contentHtml}`), ...below(replies)].map((html) =>
        html.replace(/<[^>]*>/g, ""),
      );
    },
    isHere: async (iri) => (await app.federation.look.find(iri))?.document != null,
  };
}

export const replyTo = (parent: AsObject): AsObject => ({ inReplyTo: parent.id ?? "" });
