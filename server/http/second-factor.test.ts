/** Where a role needs a second factor, programs do nothing for those who have none, until they have set one up. */
import { beforeAll, beforeEach, expect, test } from "bun:test";
import { totpCode } from "../accounts/totp.ts";
import { PUBLIC } from "../core/object.ts";
import { type TestApp, testApp } from "../testing/app.ts";
import { eachEngine } from "../testing/engines.ts";
import { type Person, person } from "../testing/people.ts";
import { connect } from "../testing/stream-client.ts";
import { ACTIVITY_JSON } from "./negotiate.ts";

eachEngine((engine) => {
  let app: TestApp;
  let teacher: Person;
  let member: Person;
  let pushed: string[] = [];
  /** A token that the person gave to a program, for an `Authorization` header. */
  let bearerOf: (who: Person) => Promise<string>;

  beforeAll(async () => {
    app = await testApp(engine, {
      async fetch(url) {
        pushed.push(url);
        return { status: 201, headers: new Headers(), url, bytes: new Uint8Array() };
      },
    });
    await person(app, "warden", "admin");
    teacher = await person(app, "ruth", "teacher");
    member = await person(app, "mia");
    const { oauth, accounts } = app.opened;
    const { client } = await oauth.clients.registerApp({
      client_name: "Tusk",
      redirect_uris: "https://tusk.example/back",
      scopes: "read write push",
    });
    bearerOf = async ({ name }) => {
      const account = await accounts.people.getByName(name);
      return `Bearer ${(await oauth.tokens.welcome(client, account)).access_token}`;
    };
  });
  const rule = (secondFactor: string) => app.opened.accounts.settings.set({ secondFactor });
  beforeEach(() => rule("nobody"));

  const me = (authorization: string) =>
    app.ask("/api/v1/accounts/verify_credentials", { headers: { authorization } });
  const refusal = { reason: "second-factor-missing" };
  const sentence = expect.stringContaining("https://pub.test/settings/sign-in");

  test("a program of such a person is refused at every face in that face's form, and told where to go", async () => {
    const [token, other] = [await bearerOf(teacher), await bearerOf(member)];
    expect((await me(token)).status).toBe(200);
    await rule("teachers");
    const mastodon = await me(token);
    expect([mastodon.status, await mastodon.json()]).toEqual([
      403,
      { error: sentence, error_description: refusal.reason },
    ]);
    const c2s = await app.ask("/users/ruth/outbox", {
      method: "POST",
      headers: { authorization: token, "content-type": ACTIVITY_JSON },
      body: JSON.stringify({ type: "Note", content: "no", to: PUBLIC }),
    });
    expect(c2s.headers.get("content-type")).toBe("application/problem+json");
    expect([c2s.status, await c2s.json()]).toEqual([
      403,
      expect.objectContaining({ detail: sentence, ...refusal }),
    ]);
    expect((await app.ask("/api/v1/timelines/public", { headers: { authorization: token } })).status).toBe(
      403,
    );
    expect((await me(other)).status).toBe(200);
  });

  test("what the operator made for a script stays good", async () => {
    await rule("teachers");
    expect((await me(teacher.bearer)).status).toBe(200);
  });

  test("streams of such people close when the rule comes, and no others", async () => {
    const ears = await Promise.all(
      [await bearerOf(teacher), teacher.bearer, await bearerOf(member)].map((authorization) =>
        connect(app, "/api/v1/streaming?stream=user", { authorization }),
      ),
    );
    const [byProgram, byOperator, ofMember] = ears;
    await rule("staff");
    await rule("teachers");
    expect(await byProgram?.closed).toBe(1008);
    for (const [who, ear] of [[teacher, byOperator] as const, [member, ofMember] as const]) {
      await who.note("<p>still there</p>", { to: [who.followers] });
      expect((await ear?.next())?.event).toBe("update");
      ear?.close();
    }
    const late = await connect(app, "/api/v1/streaming", { authorization: await bearerOf(teacher) });
    expect(late.response.status).toBe(403);
  });

  test("their devices are told nothing, and hear again once they have set one up", async () => {
    const token = await bearerOf(teacher);
    await app.ask("/api/v1/push/subscription", {
      method: "POST",
      headers: { authorization: token, "content-type": "application/json" },
      body: JSON.stringify({
        subscription: {
          endpoint: "https://push.test/1",
          keys: {
            p256dh: "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
            auth: "BTBZMqHH6r4Tts7J_aSIgg",
          },
          standard: true,
        },
        data: { alerts: { mention: true }, policy: "all" },
      }),
    });
    const mention = async () => {
      const tag = [{ type: "Mention", href: teacher.iri, name: teacher.handle }];
      await member.note("<p>Ruth?</p>", { to: [PUBLIC], cc: [teacher.iri] }, { tag });
      await app.worker.drain();
      return pushed.splice(0);
    };
    pushed = [];
    expect(await mention()).toEqual(["https://push.test/1"]);
    await rule("teachers");
    expect(await mention()).toEqual([]);

    const { people, factors } = app.opened.accounts;
    const account = await people.getByName("ruth");
    const { secret } = await factors.beginCodes(account);
    await factors.confirmCodes(account, totpCode(secret, Math.floor(app.clock.now() / 30_000)), 0);
    expect((await me(token)).status).toBe(200);
    expect(await mention()).toEqual(["https://push.test/1"]);
  });
});
