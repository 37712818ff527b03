/** A believable staff room for development: people, posts, answers, likes. `bun scripts/seed.ts [DATA_FOLDER] [PORT]`. */
import { createApp } from "../server/app.ts";
import { loadConfig } from "../server/config.ts";
import { PUBLIC } from "../server/core/object.ts";
import { heldClock, systemNow } from "../server/lib/clock.ts";
import { DAY_MS, HOUR_MS } from "../server/lib/durations.ts";
import { createLog } from "../server/lib/log.ts";
import { fromMarkdown } from "../server/lib/text.ts";

/** Everybody's, so that one can sign in as each of them. Never use it where others can reach the server. */
const PASSWORD = "correct horse battery staple";

/** The posts are of the last day, each so long after the one before. */
const BETWEEN_MS = 3.9 * HOUR_MS;

const PEOPLE = {
  amina: ["Amina Yusuf", "Physics and maths, mostly about things that fall."],
  bjorn: ["Björn Lindqvist", "Librarian. Keeper of the poster cupboard."],
  chidi: ["Chidi Okafor", "Biology. Ponds, moss and patience."],
  dolores: ["Dolores Haze-Müller", "Deutsch und Geschichte, Klasse 7 bis 10."],
} as const;
type Name = keyof typeof PEOPLE;

interface Post {
  readonly by: Name;
  readonly text: string;
  readonly answers?: readonly Post[];
  readonly liked?: readonly Name[];
  readonly shared?: readonly Name[];
}

const POSTS: readonly Post[] = [
  {
    by: "bjorn",
    text: "The poster cupboard is tidy again. If you borrowed **the big periodic table**, it misses you.",
    liked: ["chidi"],
  },
  {
    by: "dolores",
    text: "Hat jemand eine gute Karte der Hansestädte, die man auch ausgedruckt noch lesen kann? #geschichte",
    answers: [{ by: "bjorn", text: "There is one in the cupboard, second drawer. I can scan it tomorrow." }],
  },
  {
    by: "chidi",
    text: "Pond week, day three: class 6b found a water scorpion and named it Gerald. Worksheet for the next group:\n\n1. What does it breathe with?\n2. What does it eat?\n3. Would *you* name it Gerald?\n\n#biology",
    liked: ["amina", "bjorn", "dolores"],
    shared: ["amina"],
    answers: [{ by: "amina", text: "Question three decides the grade, I hope.", liked: ["chidi"] }],
  },
  {
    by: "amina",
    text: "We dropped a feather and a coin in the vacuum tube today. Thirty people held their breath, and *then* somebody asked the best question of the year: “Does the feather know?”\n\nMy notes for the lesson are free to use. #physics",
    liked: ["bjorn", "chidi", "dolores"],
    shared: ["chidi", "bjorn"],
  },
];

const [, , dataDir = "./data", port = "3000"] = process.argv;
const { config } = loadConfig({ flags: { data_dir: dataDir, port }, env: {}, cwd: process.cwd() });
const log = createLog({ now: systemNow, level: "warn", form: "text", write: console.error });
const clock = heldClock(Date.now() - DAY_MS);
const app = await createApp({ config, log, now: clock.now });
const { accounts, addresses } = app.opened;
const { core, look } = app.federation;

const keys = new Map<Name, number>();
for (const [name, [displayName, summary]] of Object.entries(PEOPLE) as [Name, readonly [string, string]][]) {
  const role = name === "bjorn" ? "admin" : "member";
  const account = await accounts.create({ name, displayName, password: PASSWORD, role, state: "active" });
  keys.set(name, account.key);
  const object = { id: addresses.actor(name), type: "Person", summary: `<p>${summary}</p>` };
  await core.act(account.key, { type: "Update", object });
}
for (const follower of keys.values()) {
  for (const [name, key] of keys) {
    if (key !== follower) await core.act(follower, { type: "Follow", object: addresses.actor(name) });
  }
}
for (const post of POSTS) await publish(post, null);
await app.stop();
console.log(`Sign in as ${[...keys.keys()].join(", ")} with the password "${PASSWORD}".`);

async function publish(post: Post, inReplyTo: string | null): Promise<void> {
  const author = keyOf(post.by);
  clock.advance(BETWEEN_MS);
  const { html, hashtags } = await fromMarkdown(post.text, { hashtag: addresses.tag });
  const audience = { to: [PUBLIC], cc: [`${addresses.actor(post.by)}/followers`] };
  const tag = hashtags.map((name) => ({ type: "Hashtag", name: `#${name}`, href: addresses.tag(name) }));
  const note = { type: "Note", content: html, tag, ...audience, ...(inReplyTo ? { inReplyTo } : {}) };
  const { object } = await core.act(author, { type: "Create", object: note, ...audience });
  const iri = object?.iri ?? "";
  for (const name of post.liked ?? []) await core.act(keyOf(name), { type: "Like", object: iri });
  for (const name of post.shared ?? []) {
    await core.act(keyOf(name), {
      type: "Announce",
      object: iri,
      to: [PUBLIC],
      cc: [addresses.actor(post.by)],
    });
  }
  for (const answer of post.answers ?? []) await publish(answer, iri);
  if ((await look.find(iri)) === null) throw new Error(`The post of ${post.by} was not stored.`);
}

function keyOf(name: Name): number {
  const key = keys.get(name);
  if (key === undefined) throw new Error(`Nobody is called ${name}.`);
  return key;
}
