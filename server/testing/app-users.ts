/** People in one app for all tests of a file, each with a program that speaks Mastodon's API. */
import { type TestApp, testApp } from "./app.ts";
import { type AppClient, appOf, type Loose } from "./app-client.ts";
import type { Engine } from "./engines.ts";
import { type Person, person } from "./people.ts";

export type AppUser = Person & { readonly api: AppClient };

export interface AppUsers {
  /** Made by the first test that asks; `ada` is its admin. */
  house(): Promise<{ readonly app: TestApp; readonly ada: AppUser }>;
  /** Somebody whom no other test knows, a second after the last. */
  newcomer(): Promise<AppUser>;
  /** Posts, and gives the status that comes back. */
  write(who: AppUser, status: string, more?: object): Promise<Loose>;
}

export function appUsers(engine: Engine): AppUsers {
  let built: ReturnType<AppUsers["house"]> | undefined;
  let counter = 0;

  async function build() {
    const app = await testApp(engine);
    const admin = await person(app, "ada", "admin");
    return { app, ada: { ...admin, api: await appOf(admin) } };
  }

  const house = () => {
    built ??= build();
    return built;
  };

  return {
    house,
    async newcomer() {
      const { app } = await house();
      app.clock.advance(1_000);
      const made = await person(app, `person${++counter}`);
      return { ...made, api: await appOf(made) };
    },
    write: (who, status, more = {}) => who.api.post("/api/v1/statuses", { status, ...more }),
  };
}
