/** What happens, as it happens: real sockets on the compiled program, masto.js, two nodes, a power cut, and open pages. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { createRestAPIClient, createStreamingAPIClient, type mastodon } from "masto";
import { startPostgres, type TestPostgres } from "../../../scripts/postgres.ts";
import { closeBrowsers, hasChromium, type Person, person } from "./browser.ts";
import { type Client, client, PUBLIC } from "./client.ts";
import { cleanUp, newFolder, type Running, runCommons, startCommons } from "./program.ts";

const PASSWORD = "correct horse battery staple";
const env = { COMMONS_INSECURE_FEDERATION: "1" };

interface Frame {
  readonly stream: readonly string[];
  readonly event: string;
  readonly payload?: string;
}

/** A WebSocket as a program has it, and its frames in order. */
async function listen(origin: string, token: string, query = "&stream=user") {
  const socket = new WebSocket(
    `${origin.replace("http", "ws")}/api/v1/streaming?access_token=${token}${query}`,
  );
  const frames: Frame[] = [];
  const waiting: ((frame: Frame) => void)[] = [];
  socket.addEventListener("message", ({ data }) => {
    const frame = JSON.parse(String(data)) as Frame;
    const given = waiting.shift();
    if (given) given(frame);
    else frames.push(frame);
  });
  const closed = new Promise<number>((resolve) =>
    socket.addEventListener("close", ({ code }) => resolve(code)),
  );
  await new Promise((resolve, reject) => {
    socket.addEventListener("open", resolve);
    socket.addEventListener("error", reject);
  });
  return {
    socket,
    closed,
    next: () => {
      const frame = frames.shift();
      return frame ? Promise.resolve(frame) : new Promise<Frame>((resolve) => waiting.push(resolve));
    },
  };
}

async function resident(server: Running, name: string, flags: readonly string[] = []): Promise<Client> {
  const at = {
    dataDir: server.dataDir,
    stdin: `${PASSWORD}\n`,
    flags: ["--origin", server.origin, ...flags],
  };
  await runCommons(["user", "create", name, "--admin", "--password-file", "-"], at);
  const scopes = ["token", "create", "--user", name, "--scopes", "read write follow push"];
  return client(server.origin, name, (await runCommons(scopes, at)).stdout.trim());
}

const post = (by: Client, content: string) =>
  by.act({ type: "Create", to: [PUBLIC], cc: [`${by.actor}/followers`], object: { type: "Note", content } });

/** Looks again until it is so, as a person would; `work` is done each time. */
async function until(isSo: () => boolean, work: () => Promise<unknown> = async () => {}): Promise<void> {
  while (!isSo()) {
    await work();
    await Bun.sleep(50);
  }
}

const contentOf = ({ payload = "{}" }: Frame): string => JSON.parse(payload).content;

afterAll(async () => {
  await closeBrowsers();
  await cleanUp();
});

describe("one server", () => {
  let server: Running;
  let alice: Client;
  let bob: Client;

  beforeAll(async () => {
    server = await startCommons({ env, dataDir: newFolder() });
    alice = await resident(server, "alice");
    bob = await resident(server, "bob");
    await bob.act({ type: "Follow", object: alice.actor, to: [alice.actor] });
  });

  test("a socket hears a post, and again after the server was killed and came back", async () => {
    const before = await listen(server.origin, bob.token);
    await post(alice, "<p>before</p>");
    expect(contentOf(await before.next())).toBe("<p>before</p>");
    await server.kill();
    expect(await before.closed).toBeGreaterThan(1000);
    server = await startCommons({ env, dataDir: server.dataDir });
    const after = await listen(server.origin, bob.token);
    await post(alice, "<p>after</p>");
    expect(contentOf(await after.next())).toBe("<p>after</p>");
    after.socket.close();
  });

  test("a server that stops says goodbye to those who listen", async () => {
    const listening = await listen(server.origin, bob.token);
    await server.stop();
    expect(await listening.closed).toBe(1001);
    server = await startCommons({ env, dataDir: server.dataDir });
  });

  test("masto.js hears posts, notices and deletions, on several streams of one socket", async () => {
    const rest = createRestAPIClient({ url: server.origin, accessToken: bob.token });
    const streamingApiUrl = (await rest.v2.instance.fetch()).configuration.urls.streaming;
    const streaming = createStreamingAPIClient({ streamingApiUrl, accessToken: bob.token });
    const heard = new Set<string>();
    const read = async (name: string, events: AsyncIterable<mastodon.streaming.Event>) => {
      for await (const { event } of events) heard.add(`${name} ${event}`);
    };
    const reading = [
      read("user", streaming.user.subscribe()),
      read("tag", streaming.hashtag.subscribe({ tag: "maths" })),
      read("own", streaming.user.notification.subscribe()),
    ];
    const hers = createRestAPIClient({ url: server.origin, accessToken: alice.token });
    // The library says nothing when it has subscribed: it has, once it hears.
    await until(
      () => heard.has("user update") && heard.has("tag update"),
      () => hers.v1.statuses.create({ status: "Sums #maths" }),
    );
    const { id } = await hers.v1.statuses.create({ status: "Gone soon" });
    const mine = await rest.v1.statuses.create({ status: "Mine" });
    await hers.v1.statuses.$select(mine.id).favourite();
    await hers.v1.statuses.$select(id).remove();
    const wanted = ["user notification", "own notification", "user delete"];
    await until(() => wanted.every((one) => heard.has(one)));
    streaming.close();
    await Promise.all(reading);
    expect([...heard]).toEqual(expect.arrayContaining([...wanted, "tag update", "user update"]));
  });

  (hasChromium ? test : test.skip)(
    "an open page says that something is new, shows it when asked, and counts notices",
    async () => {
      const reader = await signedIn(server, "bob");
      const page = reader.page;
      const goListening = async (path: string) => {
        const listens = page.waitForResponse((response) => new URL(response.url()).pathname === "/live");
        await reader.go(path);
        await listens;
      };
      await goListening("/");
      const button = page.locator(".live button");
      await post(alice, "<p>While you were reading</p>");
      await button.waitFor({ state: "visible" });
      expect(await button.textContent()).toBe("Show 1 new post");
      const fresh = page.locator("main").getByText("While you were reading");
      expect(await fresh.count()).toBe(0);
      await button.click();
      await fresh.waitFor();
      await button.waitFor({ state: "hidden" });
      expect(await reader.barriers()).toEqual([]);
      const note = await post(bob, "<p>Like me</p>");
      await alice.act({ type: "Like", object: note.object.id ?? note.object, to: [bob.actor] });
      await page.locator(".main-menu-count:visible").first().waitFor();
      await goListening("/notices");
      await alice.act({ type: "Follow", object: bob.actor, to: [bob.actor] });
      await button.waitFor({ state: "visible" });
      await button.click();
      await page.locator(".notice-text").getByText("follow").first().waitFor();
      expect(await reader.barriers()).toEqual([]);
    },
  );

  (hasChromium ? test : test.skip)(
    "a page hears of what came while it was on its way to the reader",
    async () => {
      const { page, go } = await signedIn(server, "bob");
      const shown = Promise.withResolvers<void>();
      await page.route("**/live?*", async (route) => {
        await shown.promise;
        await route.continue();
      });
      await go("/");
      await post(alice, "<p>Between the lines</p>");
      shown.resolve();
      const button = page.locator(".live button");
      await button.waitFor({ state: "visible" });
      await button.click();
      await page.locator("main").getByText("Between the lines").waitFor();
    },
  );
});

async function signedIn(server: Running, name: string): Promise<Person> {
  const who = await person(server.origin);
  await who.go("/sign-in");
  await who.page.fill("[name=name]", name);
  await who.page.fill("[name=password]", PASSWORD);
  await who.page.click("main form button");
  await who.page.waitForURL(`${server.origin}/`);
  return who;
}

describe("two nodes over one PostgreSQL", () => {
  let postgres: TestPostgres | null;
  beforeAll(async () => {
    postgres = await startPostgres();
    if (postgres === null) console.warn("Skipped: PostgreSQL is not installed.");
  });
  afterAll(async () => postgres?.stop());

  test("who listens on either hears what is done on the other", async () => {
    if (postgres === null) return;
    const url = postgres.url;
    const first = await startCommons({ env: { ...env, COMMONS_DATABASE_URL: url } });
    const flags = ["--origin", first.origin, "--node", "1"];
    const second = await startCommons({ env: { ...env, COMMONS_DATABASE_URL: url }, flags });
    const at = {
      dataDir: first.dataDir,
      stdin: `${PASSWORD}\n`,
      flags: ["--origin", first.origin],
      env: { ...env, COMMONS_DATABASE_URL: url },
    };
    const made = async (name: string) => {
      await runCommons(["user", "create", name, "--admin", "--password-file", "-"], at);
      const scopes = ["token", "create", "--user", name, "--scopes", "read write"];
      return client(first.origin, name, (await runCommons(scopes, at)).stdout.trim());
    };
    const [alice, bob] = [await made("alice"), await made("bob")];
    await bob.act({ type: "Follow", object: alice.actor, to: [alice.actor] });
    const listening = await Promise.all([first, second].map(({ origin }) => listen(origin, bob.token)));
    await post(alice, "<p>to both</p>");
    const heard = await Promise.all(listening.map(({ next }) => next()));
    expect(heard.map(contentOf)).toEqual(["<p>to both</p>", "<p>to both</p>"]);
    for (const { socket } of listening) socket.close();
    await Promise.all([first.stop(), second.stop()]);
  });
});
