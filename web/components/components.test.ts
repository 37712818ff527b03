/** Small parts that count or decide something. */
import { describe, expect, test } from "bun:test";
import type { VNode } from "preact";
import { renderToString } from "preact-render-to-string";
import type { PollView } from "../../server/queries/view.ts";
import { EMPTY_FORM } from "../forms.ts";
import type { Html } from "../html.ts";
import { cannedContext } from "../testing/canned.ts";
import { actorView, ago, NOW_MS, nameless, noor, objectView, relationship } from "../testing/people.ts";
import { arrivals } from "./arrivals.ts";
import { initialsOf, tintOf } from "./avatar.ts";
import { select } from "./choices.ts";
import { durationChoice, durations } from "./duration.ts";
import { objectCard } from "./object-card.ts";
import { nameOf } from "./person-chip.ts";
import { relationshipButtons } from "./relationship.ts";
import { replyTree } from "./thread.ts";
import { endOf, time } from "./time.ts";

const context = cannedContext({ as: "member" });
const markup = (node: Html): string => renderToString(node as VNode);

describe("initials", () => {
  test.each([
    ["Ada King Lovelace", "AL"],
    ["ada", "A"],
    ["  ", ""],
    ["🦊 Fox", "F"],
    ["نور الهاشمي", "ن"],
    ["o'neill-smith", "OS"],
  ])("of %p are %p", (name, initials) => expect(initialsOf(name)).toBe(initials));

  test("the colour behind them hangs on the name alone", () => {
    expect(tintOf("ada")).toBe(tintOf("ada"));
    expect(new Set(["a", "b", "c", "d", "e", "f", "g", "h"].map(tintOf)).size).toBeGreaterThan(4);
  });

  test("who has no name is called by their handle", () => expect(nameOf(nameless)).toBe(nameless.handle));
});

describe("times", () => {
  test.each([
    [0, "just now"],
    [5, "5m ago"],
    [60 * 5, "5h ago"],
    [60 * 24, "yesterday"],
    [60 * 24 * 8, "Nov 14, 2026"],
    [-60 * 5, "in 5h"],
  ])("%d minutes ago is said as %p", (minutes, said) => {
    expect(markup(time(context, ago(minutes)))).toContain(`>${said}</time>`);
  });

  test("say of an end within a day at which time it is, and put it onto the reader's clock", () => {
    expect(markup(endOf(context, ago(-60)))).toBe(
      '<time datetime="2026-11-22T13:00:00Z" data-exact="medium">Nov 22, 2026, 1:00 PM UTC</time>',
    );
    expect(markup(endOf(context, ago(-60 * 24 * 2)))).toBe(
      '<time datetime="2026-11-24T12:00:00Z">Nov 24, 2026</time>',
    );
    const form = { name: "for", label: "How long", form: EMPTY_FORM };
    expect(markup(durationChoice(context, { ...form, endsMs: ago(-60) }))).toContain(
      'checked/><span data-words="until" data-ends="2026-11-22T13:00:00Z">until Nov 22, 2026, 1:00 PM UTC</span>',
    );
    expect(markup(durationChoice(context, { ...form, endsMs: ago(-60 * 48) }))).toContain(
      "checked/><span>until Nov 24, 2026</span>",
    );
    const options = durations(context, ago(-60));
    expect(markup(select({ ...form, value: options[0]?.value ?? "", options }))).toContain(
      'selected data-words="until" data-ends="2026-11-22T13:00:00Z">until Nov 22, 2026, 1:00 PM UTC</option>',
    );
  });

  test("say exactly when in their attributes", () => {
    expect(markup(time(context, NOW_MS))).toStartWith(
      '<time datetime="2026-11-22T12:00:00Z" title="Nov 22, 2026, 12:00 UTC">',
    );
  });
});

describe("the button beside a person", () => {
  const actor = actorView({ handle: "bob@there.example", name: "Bob" });
  test.each([
    [relationship(), 'value="Follow"'],
    [relationship({ following: "yes" }), 'value="Undo Follow"'],
    [relationship({ following: "requested" }), "Take back your request"],
    [relationship({ blocking: true, following: "yes" }), 'value="Undo Block"'],
    [relationship({ followedBy: true }), "Follow back"],
  ])("follows from what they are to each other (%#)", (given, expected) => {
    expect(markup(relationshipButtons(context, { actor, relationship: given, isBrief: true }))).toContain(
      expected,
    );
  });

  test("is not there for oneself", () => {
    expect(relationshipButtons(context, { actor, relationship: relationship({ isSelf: true }) })).toBeNull();
  });

  test("sends visitors to their own server", () => {
    const visitor = cannedContext({ as: "visitor" });
    expect(markup(relationshipButtons(visitor, { actor, relationship: null }))).toContain(
      "/remote-follow?object=",
    );
  });
});

describe("a thread", () => {
  const reply = (key: number, replies: Parameters<typeof replyTree>[1] = []) => ({
    view: objectView({ key, inReplyTo: { iri: "x", key: 1, path: "/x", author: nameless } }),
    replies,
  });

  test("indents once, and says whom the deeper replies answer", () => {
    const document = markup(replyTree(context, [reply(1, [reply(2, [reply(3, [reply(4)])])])]));
    expect(document.match(/thread-nested/g)?.length).toBe(1);
    expect([...document.matchAll(/id="p(\d)"/g)].map((match) => match[1])).toEqual(["1", "2", "3", "4"]);
    expect(document.match(/In reply to/g)?.length).toBe(2);
  });
});

describe("arrivals", () => {
  test("count what has arrived and say why the rest has not", () => {
    const document = markup(
      arrivals(context, {
        object: 7,
        all: 4,
        arrived: 1,
        list: [
          { host: "a.example", state: "arrived", tries: 1, lastError: null, timeMs: NOW_MS },
          { host: "b.example", state: "given-up", tries: 14, lastError: "No such name.", timeMs: NOW_MS },
          { host: "c.example", state: "waiting", tries: 2, lastError: "It answered 503.", timeMs: NOW_MS },
          { host: "d.example", state: "waiting", tries: 0, lastError: null, timeMs: NOW_MS },
        ],
      }),
    );
    expect(document).toContain("Arrived at 1 of 4 servers");
    expect(document.match(/Try again now</g)).toHaveLength(2);
    expect(document.match(/Stop trying</g)).toHaveLength(1);
    expect(document).toContain("14 tries: No such name.");
    expect(document).not.toContain("more.");
  });

  test("are counted where there are too many to list", () => {
    const list = [
      { host: "a.example", state: "arrived", tries: 1, lastError: null, timeMs: NOW_MS },
    ] as const;
    const document = markup(arrivals(context, { object: 7, list, all: 5_001, arrived: 4_990 }));
    expect(document).toContain("Arrived at 4990 of 5K servers");
    expect(document).toContain("And 5K servers more.");
  });
});

describe("the shares of a poll", () => {
  const sharesOf = (more: Partial<PollView>): readonly string[] => {
    const poll: PollView = {
      isMultiple: true,
      endsMs: null,
      hasEnded: true,
      voters: 2,
      options: [2, 1, 1].map((votes, i) => ({ name: `Answer ${i}`, votes, isMine: false })),
      ...more,
    };
    const card = markup(objectCard(context, { view: objectView({ poll }) }));
    return [...card.matchAll(/(\d+) %/g)].map(([, share = ""]) => share);
  };

  test("are of those who voted where each may give several answers", () =>
    expect(sharesOf({})).toEqual(["100", "50", "50"]));
  test("are of the votes where each has one, and where nobody tells how many voted", () => {
    expect(sharesOf({ isMultiple: false, voters: 4 })).toEqual(["50", "25", "25"]);
    expect(sharesOf({ voters: 0 })).toEqual(["50", "25", "25"]);
  });
  test("are never more than all, whatever its origin counts", () =>
    expect(sharesOf({ voters: 1 })).toEqual(["100", "50", "50"]));
  test("are none before somebody votes", () => {
    const options = [{ name: "A", votes: 0, isMine: false }];
    expect(sharesOf({ voters: 0, options })).toEqual(["0"]);
  });
});

describe("a card", () => {
  const circle = actorView({ handle: "circle", name: "Circle", type: "Group" });
  test.each([
    ["Can be seen only by members of the group", circle, "direct"],
    ["Can be seen by everyone, but is not put in public lists", circle, "quiet"],
    ["Can be seen only by people it mentions", null, "direct"],
  ] as const)("says who can see it: %s", (said, group, visibility) => {
    const card = markup(objectCard(context, { view: objectView({ group, visibility }) }));
    expect(card).toContain(`title="${said}"`);
  });

  test("of a deleted thing shows nothing of it", () => {
    const document = markup(
      objectCard(context, { view: objectView({ isDeleted: true, contentHtml: "<p>secret</p>" }) }),
    );
    expect(document).toContain("This post was deleted.");
    expect(document).not.toContain("secret");
  });

  test("of a type from nowhere is shown as a thing with a title", () => {
    const view = objectView({
      type: "Zzz",
      typeLabel: "Zzz",
      ancestry: [],
      name: "A thing",
      contentHtml: "<p>Inside</p>",
    });
    const document = markup(objectCard(context, { view }));
    for (const words of ["Zzz", "A thing", "Inside"]) expect(document).toContain(words);
  });

  test("of a type that nobody knows leads to where it was published", () => {
    const view = objectView({ ancestry: ["Spaceship"], author: noor, url: "https://x.example/1" });
    const document = markup(objectCard(context, { view }));
    expect(document).toContain('href="https://x.example/1"');
    const known = { ...view, ancestry: ["Note", "Object"] };
    expect(markup(objectCard(context, { view: known })).match(/x\.example/g)?.length).toBe(
      (document.match(/x\.example/g)?.length ?? 0) - 1,
    );
  });

  test("of an event says day, time and place, and that it does not take place", () => {
    const event = {
      startsMs: Date.UTC(2026, 4, 4, 16, 30),
      endsMs: Date.UTC(2026, 4, 4, 18),
      timeZone: "Europe/Berlin",
      isAllDay: false,
      place: "Hall <1>",
      placeUrl: "javascript:alert(1)",
      isCancelled: true,
    };
    const facts = [{ property: "location", label: "Where it is", values: ["Hall"] }];
    const view = objectView({ ancestry: ["Event", "Object"], name: "Fair", event, facts });
    const document = markup(objectCard(context, { view }));
    for (const words of ["Monday, May 4, 2026", "6:30", "8:00", "GMT+2", "Hall &lt;1>", "Cancelled"])
      expect(document).toContain(words);
    expect(document).not.toContain("Where it is");
    expect(document).not.toContain("javascript:");
  });

  test("of an article shows its preview in a list and the whole on its page", () => {
    const view = objectView({
      ancestry: ["Article", "Object"],
      name: "T",
      contentHtml: "<p>The whole</p>",
      previewHtml: "<p>In short</p>",
    });
    const inList = markup(objectCard(context, { view }));
    expect([inList.includes("In short"), inList.includes("The whole")]).toEqual([true, false]);
    const alone = markup(objectCard(context, { view, as: "whole" }));
    expect([alone.includes("In short"), alone.includes("The whole")]).toEqual([false, true]);
  });

  test("warns by a summary only where there is something to warn of", () => {
    const warned = (given: object) =>
      markup(objectCard(context, { view: objectView({ summary: "Frogs", ...given }) })).includes(
        "warning-summary",
      );
    expect(warned({})).toBe(true);
    expect(warned({ contentHtml: "" })).toBe(false);
    expect(warned({ ancestry: ["Profile", "Object"] })).toBe(false);
    expect(warned({ ancestry: ["Profile", "Object"], isSensitive: true })).toBe(true);
  });

  test("shows custom emoji as pictures in names and titles, and only those that are known", () => {
    const emoji = [{ shortcode: "cat", url: "https://x.example/c.png" }];
    const author = actorView({ handle: "bo@x.example", name: "Bo :cat:", emoji });
    const document = markup(
      objectCard(context, { view: objectView({ author, name: ":cat: <b> :dog:", emoji }) }),
    );
    expect(document.match(/<img class="emoji" src="https:\/\/x\.example\/c\.png" alt=":cat:"/g)?.length).toBe(
      2,
    );
    expect(document).toContain("&lt;b> :dog:");
  });

  test("says that followers-only posts cannot be boosted", () => {
    const view = objectView({ visibility: "followers", mine: { ...objectView().mine, mayShare: false } });
    expect(markup(objectCard(context, { view }))).toMatch(/value="Announce"[^>]*disabled/);
  });
});
