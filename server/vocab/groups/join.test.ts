/** Coming into groups, being somebody in them, and leaving, on two servers. */
import { beforeAll, expect, test } from "bun:test";
import type { AsObject } from "../../core/object.ts";
import { isProblem } from "../../lib/problem.ts";
import { sql } from "../../lib/sql.ts";
import { eachEngine } from "../../testing/engines.ts";
import { type House, type Village, village } from "../../testing/village.ts";

const A = "https://a.test";
const B = "https://b.test";
type Who = { key: number; iri: string };

eachEngine((engine) => {
  let town: Village;
  let a: House;
  let b: House;
  let olga: Who;
  let count = 0;

  beforeAll(async () => {
    town = await village({ [A]: await engine.freshDb(), [B]: await engine.freshDb() });
    a = town.house(A);
    b = town.house(B);
    olga = await a.person("olga");
  });

  const newGroup = (properties: AsObject = {}) => a.group(`group${++count}`, olga, properties);
  const somebody = (house: House) => house.person(`person${++count}`);
  const follow = async (house: House, who: Who, group: Who, type = "Follow") => {
    const { activity } = await house.core.act(who.key, { type, object: group.iri, to: [group.iri] });
    await town.settle();
    return activity.id ?? "";
  };
  /** Names of the lists of the group in which somebody is, as that house sees it. */
  async function listsOf(house: House, who: Who, group: Who): Promise<string> {
    const [person, where] = [await house.look.find(who.iri), await house.look.find(group.iri)];
    const names = ["followers", "members", "moderators", "owners", "banned", "invited", "requests"];
    const found = await house.look.listsWith(where?.key ?? 0, names, person?.key ?? 0);
    return names.filter((name) => found.has(name)).join(" ");
  }
  const reasonOf = async (work: Promise<unknown>): Promise<string> => {
    try {
      await work;
      return "done";
    } catch (error) {
      return isProblem(error) ? error.message : String(error);
    }
  };

  for (const type of ["Follow", "Join"]) {
    test(`an open group lets in who sends a ${type}, here and elsewhere, and Undo ends it`, async () => {
      const group = await newGroup();
      await b.look.fetch(group.iri);
      for (const house of [a, b]) {
        const who = await somebody(house);
        const asked = await follow(house, who, group, type);
        for (const each of new Set([a, house]))
          expect(await listsOf(each, who, group)).toBe("followers members");
        expect(await house.total(who.iri, "following")).toBe(1);
        await house.core.act(who.key, { type: "Undo", object: asked });
        await town.settle();
        for (const each of new Set([a, house])) expect(await listsOf(each, who, group)).toBe("");
        expect(await house.total(who.iri, "following")).toBe(0);
      }
      expect(await a.total(group.iri, "members")).toBe(1);
    });
  }

  test("who asks a group that lets in by request waits until a moderator, who is told, says yes", async () => {
    const group = await newGroup({ joining: "request" });
    await b.look.fetch(group.iri);
    const who = await somebody(b);
    const asked = await follow(b, who, group);
    expect(await listsOf(a, who, group)).toBe("requests");
    const follows = await a.look.find(asked);
    expect(await a.look.maySee(olga.key, follows?.key ?? 0)).toBe(true);
    const askedOf = () => a.db.all(sql`SELECT kind FROM notice WHERE activity = ${follows?.key ?? 0}`);
    expect(await askedOf()).toEqual([{ kind: "follow-request" }]);
    await a.core.act(group.key, { type: "Accept", object: asked, to: [who.iri] }, [], { by: olga.key });
    await town.settle();
    expect(await listsOf(a, who, group)).toBe("followers members");
    expect(await listsOf(b, who, group)).toBe("followers members");
    expect(await askedOf()).toEqual([]);
  });

  test("a group for the invited refuses everybody else, and lets the invited in at once", async () => {
    const group = await newGroup({ joining: "invitation" });
    await b.look.fetch(group.iri);
    const [uninvited, invited, resident] = [await somebody(b), await somebody(b), await somebody(a)];
    await follow(b, uninvited, group);
    expect(await listsOf(a, uninvited, group)).toBe("");
    expect(await b.total(uninvited.iri, "requested")).toBe(0);
    expect(await reasonOf(a.core.act(resident.key, { type: "Follow", object: group.iri }))).toContain(
      "invited",
    );

    await a.look.fetch(invited.iri);
    await a.core.act(group.key, {
      type: "Invite",
      object: group.iri,
      target: invited.iri,
      to: [invited.iri],
    });
    await town.settle();
    expect(await listsOf(a, invited, group)).toBe("invited");
    await follow(b, invited, group);
    expect(await listsOf(a, invited, group)).toBe("followers members");
  });

  test("only moderators invite, and a stranger's invitation counts for nothing", async () => {
    const group = await newGroup({ joining: "invitation" });
    const [stranger, friend] = [await somebody(a), await somebody(a)];
    const invitation = { type: "Invite", object: group.iri, target: friend.iri, to: [friend.iri] };
    expect(await reasonOf(a.core.act(stranger.key, invitation))).toContain("only moderators");
    await a.core.act(olga.key, invitation);
    expect(await listsOf(a, friend, group)).toBe("invited");
  });

  test("leaving ends membership and every role", async () => {
    const group = await newGroup();
    const who = await somebody(a);
    await follow(a, who, group);
    await a.core.act(olga.key, { type: "Add", object: who.iri, target: `${group.iri}/owners` });
    expect(await listsOf(a, who, group)).toBe("followers members moderators owners");
    await a.core.act(who.key, { type: "Leave", object: group.iri });
    expect(await listsOf(a, who, group)).toBe("");
    expect(await a.total(who.iri, "following")).toBe(0);
  });

  test("owners give roles; moderators name moderators but touch no owner; strangers and members nobody", async () => {
    const group = await newGroup();
    const [mona, max, stranger] = [await somebody(a), await somebody(a), await somebody(a)];
    for (const who of [mona, max]) await follow(a, who, group);
    const change = (by: Who, type: string, who: Who, list: string) =>
      reasonOf(a.core.act(by.key, { type, object: who.iri, target: `${group.iri}/${list}` }));
    expect(await change(olga, "Add", mona, "moderators")).toBe("done");
    expect(await change(stranger, "Add", stranger, "moderators")).toContain("only moderators");
    expect(await change(max, "Add", max, "moderators")).toContain("only moderators");
    expect(await change(mona, "Add", mona, "owners")).toContain("only owners");
    expect(await change(mona, "Remove", olga, "moderators")).toContain("only owners");
    expect(await change(mona, "Add", max, "moderators")).toBe("done");
    expect(await change(mona, "Add", stranger, "members")).toContain("somebody else");
    expect(await change(group, "Add", stranger, "members")).toContain("by hand");
    expect(await listsOf(a, max, group)).toBe("followers members moderators");
    expect(await change(max, "Remove", max, "moderators")).toBe("done");
    expect(await listsOf(a, max, group)).toBe("followers members");
  });

  test("a stranger elsewhere cannot make itself moderator, a moderator elsewhere can name one", async () => {
    const group = await newGroup();
    await b.look.fetch(group.iri);
    const [mod, thief] = [await somebody(b), await somebody(b)];
    await follow(b, mod, group);
    await a.core.act(olga.key, { type: "Add", object: mod.iri, target: `${group.iri}/moderators` });
    const add = async (by: Who, who: Who) => {
      await a.look.fetch(who.iri);
      return a.core.receive(
        {
          id: `${by.iri}/adds/${++count}`,
          type: "Add",
          actor: by.iri,
          object: who.iri,
          target: `${group.iri}/moderators`,
          audience: group.iri,
          to: [group.iri],
        },
        { sender: by.iri },
      );
    };
    expect(await add(thief, thief)).toMatchObject({ outcome: "refused" });
    expect(await listsOf(a, thief, group)).toBe("");
    expect(await add(mod, thief)).toMatchObject({ outcome: "done" });
    expect(await listsOf(a, thief, group)).toBe("moderators");
  });

  test("who is kept out loses everything there and cannot come back until that is undone", async () => {
    const group = await newGroup();
    await b.look.fetch(group.iri);
    const who = await somebody(b);
    await follow(b, who, group);
    const block = { type: "Block", object: who.iri, target: group.iri, to: [group.iri] };
    expect(await reasonOf(a.core.act((await somebody(a)).key, block))).toContain("only moderators");
    const ban = await a.core.act(olga.key, block);
    await town.settle();
    expect(await listsOf(a, who, group)).toBe("banned");
    expect(await b.total(who.iri, "following")).toBe(0);
    await follow(b, who, group);
    expect(await listsOf(a, who, group)).toBe("banned");
    await a.core.act(group.key, { type: "Undo", object: ban.activity.id ?? "" }, [], { by: olga.key });
    await follow(b, who, group);
    expect(await listsOf(a, who, group)).toBe("followers members");
  });

  test("what is done in the name of a group is known by who did it, and published without that", async () => {
    const group = await newGroup();
    const { key, activity } = await a.core.act(
      group.key,
      { type: "Note", content: "From us", to: ["https://www.w3.org/ns/activitystreams#Public"] },
      [],
      { by: olga.key },
    );
    const rows = await a.db.all<{ target: number }>({
      text: "SELECT target FROM link WHERE property = 'by' AND source = $1",
      values: [key],
    });
    expect(rows.map(({ target }) => target)).toEqual([olga.key]);
    expect(JSON.stringify(activity)).not.toContain(olga.iri);
  });
});
