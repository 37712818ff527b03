/** Signing in with more than a password: accounts held elsewhere, at real counterparts, and passkeys in a real browser. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { freePort } from "../../../scripts/postgres.ts";
import { totpCode } from "../../accounts/totp.ts";
import { closeBrowsers, hasChromium, person } from "./browser.ts";
import { type Browse, newBrowse, signInByForm, submit } from "./client.ts";
import {
  CLIENT,
  certifiedPlace,
  type MockPlace,
  makeCertificate,
  mockPlace,
  type Place,
  throughCertified,
} from "./places.ts";
import { cleanUp, newFolder, type Running, runCommons, startCommons } from "./program.ts";

const PASSWORD = "correct horse battery staple";
const env = { COMMONS_INSECURE_FEDERATION: "1" };

let here: Running;
let there: Running;
let admin: Browse;

const at = (server: Running) => ({
  dataDir: server.dataDir,
  flags: ["--origin", server.origin],
  stdin: `${PASSWORD}\n`,
});

async function resident(server: Running, name: string): Promise<Browse> {
  await runCommons(["user", "create", name, "--admin", "--password-file", "-"], at(server));
  return signInByForm(server.origin, { name, password: PASSWORD });
}

const text = async (browse: Browse, page: string): Promise<string> => (await browse(page)).text();
const locationOf = (response: Response): string => response.headers.get("location") ?? "";

const savePlace = (
  browse: Browse,
  place: { readonly name: string; readonly issuer: string },
): Promise<Response> =>
  submit(browse, "/admin/sign-in/new", "/admin/sign-in", {
    ...{ action: "save", kind: "oidc", name: place.name, issuer: place.issuer },
    ...{ clientId: CLIENT.id, clientSecret: CLIENT.secret, admits: "everyone", domains: "" },
  });

/** Adds a place on the admin's page; its key. */
async function addPlace(name: string, { issuer }: Pick<Place, "issuer">, browse = admin): Promise<string> {
  await savePlace(browse, { name, issuer });
  const page = await text(browse, "/admin/sign-in");
  const links = [...page.matchAll(/href="\/admin\/sign-in\/(\d+)"[^>]*>(?:<bdi>)?([^<]*)/g)];
  return links.find(([, , shown]) => shown === name)?.[1] ?? "";
}

const setOut = async (browse: Browse, fields: Record<string, string>): Promise<string> =>
  locationOf(await submit(browse, "/sign-in", "/sign-in/away", { use: "sign-in", return: "/", ...fields }));

const enrol = (browse: Browse, name: string): Promise<Response> =>
  submit(browse, "/sign-in/join", "/sign-in/join", { name, displayName: "", email: "" });

const isIn = async (browse: Browse): Promise<boolean> => (await browse("/settings")).status === 200;

beforeAll(async () => {
  [here, there] = await Promise.all([startCommons({ env }), startCommons({ env })]);
  [admin] = await Promise.all([resident(here, "ruth"), resident(there, "rita")]);
});
afterAll(async () => {
  await closeBrowsers();
  await cleanUp();
});

describe("at oidc-provider", () => {
  let place: Place;
  let provider: string;
  const redirects: string[] = [];

  beforeAll(async () => {
    // It has to know the address to come back to, which is known once it is named.
    const first = await certifiedPlace(() => ["http://127.0.0.1:9/none"]);
    provider = await addPlace("Certified", first);
    await first.stop();
    redirects.push(`${here.origin}/sign-in/back/${provider}`);
    place = await certifiedPlace(() => redirects);
    await submit(admin, `/admin/sign-in/${provider}`, "/admin/sign-in", {
      action: "save",
      provider,
      kind: "oidc",
      name: "Certified",
      issuer: place.issuer,
      clientId: CLIENT.id,
      clientSecret: "",
      admits: "everyone",
      domains: "",
    });
  });
  afterAll(() => place.stop());

  test("somebody signs in there, joins here, and comes again", async () => {
    const browse = newBrowse(here.origin);
    const back = await throughCertified(place, await setOut(browse, { provider }), "ada");
    expect(locationOf(await browse(back))).toBe("/sign-in/join");
    expect(await text(browse, "/sign-in/join")).toContain("ada@school.example");
    expect(locationOf(await enrol(browse, "ada"))).toBe("/");
    expect(await isIn(browse)).toBe(true);
    const again = newBrowse(here.origin);
    await again(await throughCertified(place, await setOut(again, { provider }), "ada"));
    expect(await text(again, "/settings/sessions")).toContain("with Certified");
  });

  test("the answer does nothing in another browser", async () => {
    const [mine, other] = [newBrowse(here.origin), newBrowse(here.origin)];
    const back = await throughCertified(place, await setOut(mine, { provider }), "ada");
    await other("/sign-in");
    await other(back);
    expect(await isIn(other)).toBe(false);
    await mine(back);
    expect(await isIn(mine)).toBe(true);
  });
});

test("a provider inside the school's own network is reached once it is named, and others there are not", async () => {
  const [port, secured] = [await freePort(), makeCertificate()];
  const issuer = `https://127.0.0.1:${port}`;
  const folder = newFolder();
  writeFileSync(join(folder, "school.pem"), secured.certificate);
  const server = await startCommons({
    dataDir: folder,
    env: {
      COMMONS_PRIVATE_SIGN_IN_HOSTS: `127.0.0.1:${port}`,
      COMMONS_EXTRA_CA_FILE: join(folder, "school.pem"),
    },
  });
  const chief = await resident(server, "ruth");
  // It has to know the address to come back to, which is known once it is named.
  const redirects: string[] = [];
  const place = await certifiedPlace(() => redirects, secured, port);
  const provider = await addPlace("School", { issuer }, chief);
  await place.stop();
  redirects.push(`${server.origin}/sign-in/back/${provider}`);
  const ready = await certifiedPlace(() => redirects, secured, port);
  const browse = newBrowse(server.origin);
  await browse(await throughCertified(ready, await setOut(browse, { provider }), "ada"));
  expect(locationOf(await enrol(browse, "ada"))).toBe("/");
  expect(await isIn(browse)).toBe(true);
  const neighbour = await certifiedPlace(() => redirects, secured);
  const refused = await savePlace(chief, { name: "Neighbour", issuer: neighbour.issuer });
  expect(await refused.text()).toContain("private_sign_in_hosts");
  await Promise.all([ready.stop(), neighbour.stop()]);
});

describe("at oauth2-mock-server", () => {
  let place: MockPlace;
  let provider: string;

  beforeAll(async () => {
    place = await mockPlace();
    provider = await addPlace("Mock", place);
  });
  afterAll(() => place.stop());

  /** It sends the browser back at once. */
  async function through(browse: Browse): Promise<Response> {
    const answer = await fetch(await setOut(browse, { provider }), { redirect: "manual" });
    return browse(locationOf(answer));
  }
  const nowSeconds = (): number => Math.floor(Date.now() / 1000);

  test("a good token lets somebody in", async () => {
    const browse = newBrowse(here.origin);
    expect(locationOf(await through(browse))).toBe("/sign-in/join");
    expect(locationOf(await enrol(browse, "johndoe"))).toBe("/");
  });

  test.each<[string, Record<string, unknown>, Record<string, unknown>]>([
    ["nonce", { nonce: "another" }, {}],
    ["audience", { aud: "another" }, {}],
    ["issuer", { iss: "http://127.0.0.1:9" }, {}],
    ["subject", { sub: undefined }, {}],
    ["time", { exp: nowSeconds() - 3600 }, {}],
    ["key", {}, { kid: "another" }],
    ["algorithm", {}, { alg: "none" }],
  ])("a token with another %s lets nobody in, and the log says why", async (_, claims, header) => {
    const browse = newBrowse(here.origin);
    place.bend(claims, header);
    const before = here.log().length;
    expect(locationOf(await through(browse))).toBe("/sign-in");
    place.bend({});
    expect(await isIn(browse)).toBe(false);
    await here.logged("An answer of a place to sign in with was refused", before);
  });
});

describe("two servers of ours", () => {
  /** Signs in at `from` as somebody who lives there, says yes, and comes back. */
  async function through(from: Running, address: string, name: string): Promise<string> {
    const browse = await signInByForm(from.origin, { name, password: PASSWORD });
    const question = new URL(address).searchParams;
    const answer = await submit(browse, address, "/oauth/authorize", {
      ...Object.fromEntries(question),
      decision: "allow",
    });
    return locationOf(answer);
  }

  test("sign people in at each other", async () => {
    await submit(admin, "/admin/settings", "/admin/settings", { registration: "open" });
    const rita = await signInByForm(there.origin, { name: "rita", password: PASSWORD });
    await submit(rita, "/admin/settings", "/admin/settings", { registration: "open" });
    for (const [home, away, name] of [
      [there, here, "rita"],
      [here, there, "ruth"],
    ] as const) {
      const browse = newBrowse(away.origin);
      const address = await setOut(browse, { server: `@${name}@${new URL(home.origin).host}` });
      expect(address).toStartWith(`${home.origin}/oauth/authorize?`);
      expect(locationOf(await browse(await through(home, address, name)))).toBe("/sign-in/join");
      expect(locationOf(await enrol(browse, `${name}_away`))).toBe("/");
      const again = newBrowse(away.origin);
      const second = await setOut(again, { server: new URL(home.origin).host });
      expect(locationOf(await again(await through(home, second, name)))).toBe("/");
    }
  });
});

describe.skipIf(!hasChromium)("in a browser", () => {
  test("a passkey is added, signs in by itself, answers after the password, and is taken away by the command line", async () => {
    await runCommons(["user", "create", "bob", "--password-file", "-"], at(here));
    const bob = await person(here.origin);
    const { page, context } = bob;
    const devtools = await context.newCDPSession(page);
    await devtools.send("WebAuthn.enable");
    await devtools.send("WebAuthn.addVirtualAuthenticator", {
      options: {
        protocol: "ctap2",
        transport: "internal",
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
        automaticPresenceSimulation: true,
      },
    });
    await bob.go("/sign-in");
    await page.fill('input[name="name"]', "bob");
    await page.fill('input[name="password"]', PASSWORD);
    await page.click('form[action="/sign-in"] button[type="submit"]');
    await page.waitForURL(`${here.origin}/`);

    await bob.go("/settings/sign-in");
    await page.fill('input[name="passkey-name"]', "My laptop");
    await page.click('form[data-kind="create"] button');
    await page.getByText("Your recovery codes").waitFor();
    expect(await page.locator(".recovery-codes code").count()).toBe(10);
    expect(await bob.barriers()).toEqual([]);
    const download = page.waitForEvent("download");
    await page.click('form[action="/settings/sign-in/recovery.txt"] button');
    expect((await download).suggestedFilename()).toStartWith("recovery-codes-");
    await bob.go("/settings/sign-in");
    await page.getByText("My laptop").waitFor();

    await context.clearCookies();
    // The browser offers it where the name is typed, and the device says yes by itself.
    await bob.go("/sign-in?return=/settings/sessions");
    await page.waitForURL(`${here.origin}/settings/sessions`);
    await page.getByText("with a passkey").waitFor();

    await bob.go("/settings/sign-in/codes");
    const secret = (await page.locator("code.secret").textContent()) ?? "";
    expect(await page.locator("svg.qr-code path").getAttribute("d")).toMatch(/^M4 4h1v1h-1z/);
    await page.fill('input[name="code"]', totpCode(secret, Math.floor(Date.now() / 30_000)));
    await page.click('form[action="/settings/sign-in/codes"] button.button:not(.button-plain)');
    await page.waitForURL(`${here.origin}/settings/sign-in`);

    await context.clearCookies();
    const typed = await signInByForm(here.origin, { name: "bob", password: PASSWORD });
    expect(await isIn(typed)).toBe(false);

    const reset = await runCommons(["user", "reset-factors", "bob"], { ...at(here), stdin: "" });
    expect([reset.code, reset.stdout]).toEqual([
      0,
      "bob has no second factor any more, and is signed out.\n",
    ]);
    expect(await isIn(await signInByForm(here.origin, { name: "bob", password: PASSWORD }))).toBe(true);
    expect(await text(admin, "/admin/record")).toContain("Passkeys and codes taken away");
  });

  test("without scripts the page offers the password, and the second page the code", async () => {
    await runCommons(["user", "create", "carla", "--password-file", "-"], at(here));
    const carla = await person(here.origin, { scripts: false });
    const { page } = carla;
    await carla.go("/sign-in");
    expect(await page.locator(".passkey-form").first().isVisible()).toBe(false);
    await page.fill('input[name="name"]', "carla");
    await page.fill('input[name="password"]', PASSWORD);
    await page.click('form[action="/sign-in"] button[type="submit"]');
    await carla.go("/settings/sign-in/codes");
    const secret = (await page.locator("code.secret").textContent()) ?? "";
    const step = Math.floor(Date.now() / 30_000);
    await page.fill('input[name="code"]', totpCode(secret, step));
    await page.click('form[action="/settings/sign-in/codes"] button');
    await page.getByText("Your recovery codes").waitFor();
    const paper = (await page.locator(".recovery-codes code").first().textContent()) ?? "";
    await carla.context.clearCookies();
    await carla.go("/sign-in");
    await page.fill('input[name="name"]', "carla");
    await page.fill('input[name="password"]', PASSWORD);
    await page.click('form[action="/sign-in"] button[type="submit"]');
    await page.fill('input[name="code"]', paper);
    await page.click('form[action="/sign-in/second"] button');
    await page.waitForURL(`${here.origin}/`);
  });
});
