/** A conversation of one server as somebody at another sees it: whole, but for what is not for everybody. */
import { beforeAll, expect, test } from "bun:test";
import { PUBLIC } from "../core/object.ts";
import { eachEngine } from "../testing/engines.ts";
import { type Fediverse, fediverse } from "../testing/fediverse.ts";
import { type Person, person } from "../testing/people.ts";

const PATIENCE_MS = 60_000;
const OPEN = { to: [PUBLIC] };

eachEngine((engine) => {
  let all: Fediverse;
  let alice: Person;
  let carol: Person;
  let bob: Person;

  /** alice and carol live at a.test, bob at b.test, and nobody follows anybody. */
  beforeAll(async () => {
    all = await fediverse(engine, ["a.test", "b.test"]);
    alice = await person(all.at("a.test"), "alice", "admin");
    carol = await person(all.at("a.test"), "carol");
    bob = await person(all.at("b.test"), "bob", "admin");
  }, PATIENCE_MS);

  async function opens(iri: string) {
    const entity = await bob.app.federation.look.fetch(iri);
    const view = entity && (await bob.app.queries.object(entity.key, bob.key));
    expect((await bob.page(view?.path ?? "")).status).toBe(200);
    await all.settle();
    const { ancestors, replies } = await bob.app.queries.thread(entity?.key ?? 0, bob.key);
    const below = (nodes: typeof replies): readonly string[] =>
      nodes.flatMap((node) => [node.view.iri, ...below(node.replies)]);
    return [...ancestors.map((each) => each.iri), ...below(replies)];
  }

  test("whoever opens a post reads its answers the next time, and theirs, but none that is for others", async () => {
    const root = await alice.note("Who has a boat?", OPEN);
    const answer = await carol.note("I have", OPEN, { inReplyTo: root });
    const further = await alice.note("How large?", OPEN, { inReplyTo: answer });
    await carol.note("Do not tell", { to: [alice.iri] }, { inReplyTo: root });
    expect(await opens(root)).toEqual([answer, further]);
    const asked = all.sent.filter(({ from, path }) => from === "b.test" && path.includes("context"));
    expect(asked.map(({ path }) => path.replace(/^.*\/context/, ""))).toEqual(["", "?page=1"]);
  });

  test("whoever opens an answer reads what it answers, and an answer from there joins the same conversation", async () => {
    const root = await alice.note("Tea?", OPEN);
    const answer = await carol.note("Yes", OPEN, { inReplyTo: root });
    expect(await opens(answer)).toEqual([root]);
    const mine = await bob.note("Me too", { to: [PUBLIC], cc: [carol.iri] }, { inReplyTo: answer });
    await all.settle();
    const there = await alice.app.queries.collectionPage(
      (await alice.app.federation.look.find(root)) as never,
      "context",
      null,
      {},
    );
    expect(new Set(there?.items)).toEqual(new Set([root, answer, mine]));
    const document = (await bob.app.federation.look.find(mine))?.document;
    expect(document?.context).toBe(`${root}/context`);
  });

  test("a profile that somebody opens shows what was published before", async () => {
    const boat = await alice.note("The boat is mended", OPEN);
    const closed = await alice.note("For my friends", { to: [alice.followers] });
    await bob.app.federation.look.fetch(alice.iri);
    expect((await bob.page("/@alice@a.test")).status).toBe(200);
    await all.settle();
    const key = (await bob.app.federation.look.find(alice.iri))?.key ?? 0;
    const { items } = await bob.app.queries.profile(key, bob.key, { limit: 40 }, { withReplies: true });
    const shown = items.map(({ object }) => object.iri);
    expect([shown.includes(boat), shown.includes(closed)]).toEqual([true, false]);
    expect(await bob.home()).toEqual(["Me too"]);
  });
});
