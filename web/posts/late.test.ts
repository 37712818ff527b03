/** A post whose writer was signed out meanwhile, or signed in anew, is not sent and not lost. */
import { beforeAll, expect, test } from "bun:test";
import { PUBLIC } from "../../server/core/object.ts";
import { hmac } from "../../server/lib/secret.ts";
import { type TestApp, testApp } from "../../server/testing/app.ts";
import { eachEngine } from "../../server/testing/engines.ts";
import { type Person, person } from "../../server/testing/people.ts";
import { ACT, CSRF_FIELD, PROFILE, verb } from "../forms.ts";
import { GROUP_NEW } from "../forms-groups.ts";

type Fields = Readonly<Record<string, string>>;

const { fields: f } = ACT;

eachEngine((engine) => {
  let app: TestApp;
  let alice: Person;
  let bob: Person;

  beforeAll(async () => {
    app = await testApp(engine);
    alice = await person(app, "alice", "admin");
    bob = await person(app, "bob");
  });

  const sessionOf = async (who: Person): Promise<string> => {
    const session = await app.opened.accounts.sessions.create(who.key, {
      addressPrefix: "192.0.2.1",
      agent: "",
    });
    return session.token;
  };
  const tokenOf = (session: string): string => hmac(session, "form");

  /** As the composer sends it: with places for files, whether there are some or not. */
  async function send(
    path: string,
    session: string | null,
    fields: Fields,
    { file, site = "same-origin" }: { readonly file?: File; readonly site?: string } = {},
  ) {
    const form = new FormData();
    for (const [name, value] of Object.entries(fields)) form.append(name, value);
    form.append(f.file(1), file ?? new File([], ""));
    const body = await new Response(form).blob();
    const answer = await app.ask(path, {
      method: "POST",
      body,
      headers: {
        "content-type": body.type,
        "content-length": String(body.size),
        "sec-fetch-site": site,
        ...(session === null ? {} : { cookie: `__Host-session=${session}` }),
      },
    });
    return { status: answer.status, page: await answer.text(), to: answer.headers.get("location") };
  }

  /** The hidden fields and the text of the form that has one. */
  function draftIn(page: string): Record<string, string> {
    const before = page.split("</form>").find((each) => each.includes("<textarea")) ?? "";
    const form = before.slice(before.lastIndexOf("<form"));
    const hidden = [...form.matchAll(/type="hidden" name="([^"]*)" value="([^"]*)"/g)];
    const text = /<textarea[^>]*name="content"[^>]*>([^<]*)</.exec(form)?.[1] ?? "";
    return { ...Object.fromEntries(hidden.map(([, name, value]) => [name, value])), [f.content]: text };
  }

  const postsOf = async (who: Person) => (await app.queries.actor(who.key))?.counts.posts;

  test("a draft without a session waits on a page that leads to signing in and back", async () => {
    const before = await postsOf(bob);
    const over = await sessionOf(bob);
    await app.opened.accounts.sessions.end(over);
    const { status, page } = await send(ACT.path, over, {
      [CSRF_FIELD]: tokenOf(over),
      [f.type]: verb("Create"),
      [f.return]: "/@alice",
      [f.content]: "Half written",
      [f.summary]: "A warning",
      [f.visibility]: "followers",
      anything: "else",
    });
    expect(status).toBe(401);
    expect(page).toContain('href="/sign-in?return=%2F%40alice" target="_blank"');
    expect(page).not.toContain("return=%2Fact");
    const { [CSRF_FIELD]: _, ...kept } = draftIn(page);
    expect(kept).toEqual({
      [f.type]: "Create",
      [f.return]: "/@alice",
      [f.content]: "Half written",
      [f.summary]: "A warning",
      [f.visibility]: "followers",
    });
    expect(await postsOf(bob)).toBe(before);
  });

  test("from there it is shown once more to whoever signed in, and is sent from that page alone", async () => {
    const before = await postsOf(bob);
    const parent = await alice.note("Well?", { to: [bob.iri] });
    const draft = {
      [f.type]: verb("Create"),
      [f.content]: "@alice Precious",
      [f.inReplyTo]: parent,
      [f.return]: "/",
    };
    const waiting = draftIn((await send(ACT.path, null, draft, { file: new File(["x"], "x.txt") })).page);
    const session = await sessionOf(bob);
    const again = await send(ACT.path, session, waiting);
    expect(again.status).toBe(403);
    expect(again.page).toMatch(/now as \P{L}*@bob/u);
    expect(again.page).toContain("Choose your files again");
    expect(await postsOf(bob)).toBe(before);
    const fresh = draftIn(again.page);
    expect(fresh).toMatchObject({ [CSRF_FIELD]: tokenOf(session), [f.inReplyTo]: parent });
    const posted = await send(ACT.path, session, fresh);
    expect(posted.status).toBe(303);
    const view = await bob.sees(app.opened.addresses.object(Number(posted.to?.split("/").at(-1))));
    expect([view?.inReplyTo?.iri, view?.visibility]).toEqual([parent, "direct"]);
  });

  test("with the token of an earlier session the composer comes back with one that is good", async () => {
    const before = await postsOf(bob);
    const [earlier, session] = [await sessionOf(bob), await sessionOf(bob)];
    const { status, page } = await send(ACT.path, session, {
      [CSRF_FIELD]: tokenOf(earlier),
      [f.type]: verb("Create"),
      [f.content]: "From an old tab",
    });
    expect(status).toBe(403);
    expect(draftIn(page)).toMatchObject({
      [CSRF_FIELD]: tokenOf(session),
      [f.content]: "From an old tab",
    });
    expect(await postsOf(bob)).toBe(before);
  });

  test("new words for a post are kept as such", async () => {
    const iri = await bob.note("As it was", { to: [PUBLIC] });
    const change = { [f.type]: verb("Update"), [f.object]: iri, [f.content]: "As it should be" };
    const waiting = draftIn((await send(ACT.path, null, change)).page);
    expect(waiting).toMatchObject(change);
    const { page } = await send(ACT.path, await sessionOf(bob), waiting);
    expect(draftIn(page)).toMatchObject(change);
    expect((await bob.sees(iri))?.contentHtml).toContain("As it was");
  });

  test("whoever else signed in there is shown no more than is theirs to see", async () => {
    const group = `${app.origin}/users/staff`;
    await alice.submit(GROUP_NEW.path, {
      [GROUP_NEW.fields.name]: "staff",
      [GROUP_NEW.fields.displayName]: "Staff",
      [GROUP_NEW.fields.access]: "private",
      [GROUP_NEW.fields.joining]: "request",
      [GROUP_NEW.fields.posting]: "members",
    });
    const topic = await alice.submit(ACT.path, {
      [f.type]: verb("Create"),
      [f.content]: "A secret topic",
      [f.group]: group,
      [f.return]: "/write",
    });
    const parent = app.opened.addresses.object(Number(topic.headers.get("location")?.split("/").at(-1)));
    const reply = { [f.type]: verb("Create"), [f.content]: "Confidential", [f.inReplyTo]: parent };
    const waiting = draftIn((await send(ACT.path, null, reply)).page);
    expect(waiting[f.inReplyTo]).toBe(parent);
    const { page } = await send(ACT.path, await sessionOf(bob), waiting);
    expect(page).not.toContain("A secret topic");
    expect(page).toMatch(/<option[^>]*value="direct"[^>]*selected|<option[^>]*selected[^>]*value="direct"/);
  });

  test("what another site sends is neither done nor shown", async () => {
    for (const session of [null, await sessionOf(bob)]) {
      const bait = { [f.type]: verb("Create"), [f.content]: "Bait" };
      const { status, page } = await send(ACT.path, session, bait, { site: "cross-site" });
      expect(status).toBe(403);
      expect(page).not.toContain("Bait");
    }
  });

  test("strangers are not listened to for longer than to a form without files", async () => {
    const film = new File([new Uint8Array(1_100_000)], "film.mp4");
    const draft = { [f.type]: verb("Create"), [f.content]: "With a film", [f.return]: "/@alice" };
    const { status, page } = await send(ACT.path, null, draft, { file: film });
    expect(status).toBe(401);
    expect(page).not.toContain("With a film");
    expect(page).not.toContain("return=%2Fact");
  });

  test("any other form leads to signing in, and back to a page that can be opened", async () => {
    const like = { [f.type]: verb("Like"), [f.object]: bob.iri, [f.return]: "/@bob#p1" };
    expect((await send(ACT.path, null, like)).page).toContain('href="/sign-in?return=%2F%40bob%23p1"');
    expect((await send(PROFILE.path, null, {})).page).toContain('href="/sign-in?return=%2Fsettings"');
  });

  test("what is pressed on a page of an earlier session was not done, and is open to its reader as before", async () => {
    const like = { [f.type]: verb("Like"), [f.object]: bob.iri, [CSRF_FIELD]: tokenOf("earlier") };
    for (const session of [null, await sessionOf(alice)]) {
      const { status, page } = await send(ACT.path, session, like);
      expect(status).toBe(403);
      expect(page).toContain("This page was open for too long");
      expect(page).toContain("Nothing was done.");
      expect(page).not.toContain("It may be meant for other people");
      expect(page.includes("Sign in, and do it once more.")).toBe(session === null);
    }
    const elsewhere = await send(ACT.path, null, like, { site: "cross-site" });
    expect(elsewhere.page).toContain("This did not come from a page of this server.");
  });
});
