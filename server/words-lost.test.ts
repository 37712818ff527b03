/** A node that heard no word for a while knows what the others changed as soon as it hears again. */
import { expect, test } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadConfig } from "./config.ts";
import { createListeners } from "./core/listeners.ts";
import { systemNow } from "./lib/clock.ts";
import { createLog } from "./lib/log.ts";
import { createHub } from "./live/hub.ts";
import { open } from "./open.ts";
import type { Db } from "./storage/db.ts";
import { cheapHasher, type TestApp, testApp } from "./testing/app.ts";
import { type Engine, eachEngine } from "./testing/engines.ts";
import { pooledKeyPair } from "./testing/key-pairs.ts";
import { fromHome } from "./testing/residents.ts";

const log = createLog({ now: systemNow, level: "error", form: "json", write: () => undefined });

eachEngine((engine) => {
  test("what was decided meanwhile holds there too", async () => {
    const app = await testApp(engine);
    const { accounts, domains, emoji, tastes, pushSubscriptions } = app.opened;
    await accounts.create({ name: "ada", password: "correct horse", role: "member", state: "active" });
    const { key: ada } = await accounts.people.getByName("ada");
    const { node, hearAgain } = await deafNode(engine, app);
    const known = async () => ({
      registration: node.accounts.settings.get("registration"),
      isRefused: node.gate.isRefused("evil.test"),
      hasEmoji: node.emoji.find("blob") !== null,
      avoided: [...((await node.tastes.of(ada))?.hostNames ?? [])],
      isPushed: node.pushSubscriptions.promised(ada, 1).length > 0,
    });
    const before = await known();

    await accounts.settings.set({ registration: "closed" });
    const rule = { ...domains.parse({ domain: "evil.test", level: "block" }), list: null };
    await domains.change(null, { put: [rule], remove: [] });
    const picture = { url: `${app.origin}/media/blob.png`, mediaType: "image/png" };
    await emoji.add(ada, { shortcode: "blob", category: "", ...picture });
    await tastes.avoid(ada, "dull.test");
    const session = (await accounts.sessions.create(ada, fromHome)).key;
    await pushSubscriptions.put({ session }, await deviceOf(ada));

    expect(await known()).toEqual(before);
    hearAgain();
    const after = {
      registration: "closed" as const,
      isRefused: true,
      hasEmoji: true,
      avoided: ["dull.test"],
      isPushed: true,
    };
    while (!Bun.deepEquals(await known(), after)) await Bun.sleep(1);
  });

  test("whoever streams is sent away, and asks for what was missed when coming back", async () => {
    const { db, hearAgain } = deaf(await engine.freshDb());
    const rule = { requiring: () => [], onChange: () => () => {} };
    const hub = await createHub({
      ...{ db, now: systemNow, log, rule },
      listeners: createListeners(log),
      reads: {} as never,
    });
    const ended: unknown[] = [];
    hub.listen({ viewer: 1, access: null, hear: () => {}, end: (why) => ended.push(why) });
    hearAgain();
    hub.stop();
    expect(ended).toEqual(["missed"]);
  });
});

/** Another node on the database of `app`, to which no word comes. */
async function deafNode(engine: Engine, app: TestApp) {
  const folder = await mkdtemp(join(tmpdir(), "commons-node-"));
  engine.whenDone(() => rm(folder, { recursive: true, force: true }));
  const flags = { data_dir: folder, origin: app.origin, node: "1" };
  const { config } = loadConfig({ flags, env: {}, cwd: folder });
  const { db, hearAgain } = deaf(await engine.sibling(app.opened.db));
  const quick = { hasher: cheapHasher, makeKeyPair: pooledKeyPair };
  return { node: await open(config, log, app.clock.now, { db, ...quick }), hearAgain };
}

function deaf(db: Db): { readonly db: Db; readonly hearAgain: () => void } {
  const missing = new Set<() => void>();
  return {
    db: {
      ...db,
      async listen(_channel, _heard, missed = () => {}) {
        missing.add(missed);
        return () => missing.delete(missed);
      },
    },
    hearAgain() {
      for (const missed of missing) missed();
    },
  };
}

async function deviceOf(account: number) {
  const pair = await crypto.subtle.generateKey({ name: "ECDH", namedCurve: "P-256" }, true, ["deriveBits"]);
  const publicKey = Buffer.from(await crypto.subtle.exportKey("raw", pair.publicKey)).toString("base64url");
  const auth = Buffer.from(crypto.getRandomValues(new Uint8Array(16))).toString("base64url");
  return {
    ...{ account, publicKey, auth, endpoint: "https://push.test/1", token: null },
    ...({ alerts: ["mention"], policy: "all", isStandard: true } as const),
  };
}
