/** An app whose people sign in with “our Moodle”, a place that says what a test wants; and the ways to there and back. */
import { heldClock, systemNow } from "../lib/clock.ts";
import { createFetch } from "../lib/fetch.ts";
import { sql } from "../lib/sql.ts";
import { type TestApp, testApp } from "./app.ts";
import type { Engine } from "./engines.ts";
import {
  type Bending,
  type IdentityProvider,
  identityProvider,
  type Person as Pupil,
} from "./identity-provider.ts";
import { type Person, person } from "./people.ts";
import type { Visitor } from "./visitor.ts";

/** The form with which the admin names the place. */
export const DRAFT = {
  action: "save",
  kind: "oidc",
  name: "our Moodle",
  issuer: "https://idp.test",
  clientId: "pub-client",
  clientSecret: "a secret & more",
  admits: "mode",
  domains: "",
};

export interface MoodleHouse {
  readonly app: TestApp;
  readonly idp: IdentityProvider;
  /** The admin. */
  readonly ruth: Person;
  /** Key of the place, as forms send it. */
  readonly provider: string;
  keyOf(name: string): Promise<string>;
  setting(changes: Record<string, string>): Promise<void>;
  /** Where the browser is sent. */
  setOut(browser: Visitor, fields?: Record<string, string>): Promise<string>;
  /** There, signed in, and back: the answer here. */
  comeBack(
    browser: Visitor,
    pupil: Pupil,
    bent?: Bending,
    fields?: Record<string, string>,
  ): Promise<Response>;
  /** Chooses a name. */
  join(browser: Visitor, fields: Record<string, string>): Promise<Response>;
  /** The word about what went wrong, as the next page shows it. */
  toldOn(browser: Visitor, path: string): Promise<string>;
}

export async function moodleHouse(engine: Engine): Promise<MoodleHouse> {
  // The library that checks tokens reads the machine's clock.
  const clock = heldClock(systemNow());
  const idp = await identityProvider("idp.test", () => clock.now() / 1000);
  const app = await testApp(engine, {
    clock,
    config: { privateSignInHosts: ["sso.school.test"] },
    fetch: createFetch({
      resolve: async () => ["93.184.215.14"],
      userAgent: "test",
      async dial({ url, method, headers, body }) {
        if (url.host !== "idp.test") throw Object.assign(new Error("nobody there"), { code: "ECONNREFUSED" });
        return idp.answer(new Request(url, { method, headers, ...(body === undefined ? {} : { body }) }));
      },
    }),
  });
  const ruth = await person(app, "ruth", "admin");
  await ruth.submit("/admin/sign-in", DRAFT);
  const keyOf = async (name: string): Promise<string> => {
    const row = await app.opened.db.one<{ key: number }>(
      sql`SELECT key FROM oauth_provider WHERE name = ${name}`,
    );
    return String(row?.key);
  };
  const provider = await keyOf(DRAFT.name);
  const setOut: MoodleHouse["setOut"] = async (browser, fields = {}) => {
    const answer = await browser.submit("/sign-in", "/sign-in/away", {
      provider,
      use: "sign-in",
      return: "/",
      ...fields,
    });
    return answer.headers.get("location") ?? "";
  };
  return {
    app,
    idp,
    ruth,
    provider,
    keyOf,
    setOut,
    setting: (changes) => app.opened.accounts.settings.set(changes),
    async comeBack(browser, pupil, bent = {}, fields = {}) {
      const back = await idp.signIn(await setOut(browser, fields), pupil, bent);
      return browser.open(back.replace(app.origin, ""));
    },
    join: (browser, fields) =>
      browser.submit("/sign-in/join", "/sign-in/join", {
        displayName: "",
        email: "",
        reason: "",
        ...fields,
      }),
    toldOn: async (browser, path) =>
      /class="toast [\s\S]*?<p>([^<]*)/.exec(await (await browser.open(path)).text())?.[1] ?? "",
  };
}
