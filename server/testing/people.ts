/** People who live in an app of a test, with a browser's session and a program's token. */
import type { Role } from "../accounts/account.ts";
import type { AsObject } from "../core/object.ts";
import type { Acted } from "../core/process.ts";
import { ACTIVITY_JSON } from "../http/negotiate.ts";
import type { JsonObject } from "../lib/json.ts";
import { hmac } from "../lib/secret.ts";
import type { ObjectView, Relationship } from "../queries/view.ts";
import type { TestApp } from "./app.ts";

/** What the pages call the field that proves that a form is theirs (`web/forms.ts`). */
const CSRF_FIELD = "csrf";

export const PASSWORD = "correct horse battery";

export interface Person {
  readonly app: TestApp;
  readonly name: string;
  readonly key: number;
  readonly iri: string;
  /** `@alice@a.test`. */
  readonly handle: string;
  readonly followers: string;
  /** For an `Authorization` header: `Bearer …`, with the scopes `read write`. */
  readonly bearer: string;
  /** For a `Cookie` header. */
  readonly cookie: string;
  /** Does something on the core's road, as every face does; leaves too, as one who has shown who they are. */
  act(draft: AsObject): Promise<Acted>;
  /** Posts a Note with this text and gives its address. */
  note(content: string, audience: AsObject, more?: AsObject): Promise<string>;
  /** A bearer token with these scopes only. */
  tokenFor(scope: string): Promise<string>;
  /** The thing at an address as this person's server shows it to them; null where they may not see it. */
  sees(iri: string): Promise<ObjectView | null>;
  /** Texts of the newest posts and shares in the home feed, newest first. */
  home(): Promise<readonly string[]>;
  /** What this person and the actor at the address are to each other. */
  knows(iri: string): Promise<Relationship>;
  /** Newest first: `like bob@b.test`. */
  notices(): Promise<readonly string[]>;
  /** Asks this app as the person's program, for a document. */
  read(path: string): Promise<Response>;
  /** Opens a page of this app in the person's browser. */
  page(path: string): Promise<Response>;
  /** Sends a form of a page of this app from the person's browser; with files it goes as multipart/form-data. */
  submit(
    path: string,
    fields: Readonly<Record<string, string>>,
    files?: Readonly<Record<string, File>>,
    headers?: Readonly<Record<string, string>>,
  ): Promise<Response>;
  /** The activity or object posted to the person's own outbox (AP §6). */
  send(body: unknown, headers?: Record<string, string>): Promise<Response>;
}

/** Makes an account. The first of an app had better be an admin, or its pages ask to be claimed. */
export async function person(app: TestApp, name: string, role: Role = "member"): Promise<Person> {
  const { accounts, oauth } = app.opened;
  const account = await accounts.create({ name, password: PASSWORD, role, state: "active" });
  const session = await accounts.sessions.create(account.key, { addressPrefix: "192.0.2.1", agent: "" });
  const tokenFor = async (scope: string) => `Bearer ${await oauth.tokens.create({ account, scope })}`;
  const bearer = await tokenFor("read write");
  const iri = app.opened.addresses.actor(name);
  const cookie = `__Host-session=${session.token}`;
  const act = (draft: AsObject) => app.federation.core.act(account.key, draft, [], { mayLeave: true });
  return {
    app,
    name,
    key: account.key,
    iri,
    handle: `@${name}@${app.host}`,
    followers: `${iri}/followers`,
    bearer,
    cookie,
    act,
    tokenFor,
    async note(content, audience, more = {}) {
      const { object } = await act({
        type: "Create",
        ...audience,
        object: { type: "Note", content, ...more },
      });
      return object?.iri ?? "";
    },
    async sees(iri) {
      const entity = await app.federation.look.find(iri);
      return entity && app.queries.object(entity.key, account.key);
    },
    async home() {
      const { items } = await app.queries.home(account.key, { limit: 20 });
      return items.map(({ object }) => object.contentHtml.replace(/<[^>]*>/g, ""));
    },
    async knows(other) {
      const key = (await app.federation.look.find(other))?.key ?? 0;
      const known = (await app.queries.relationships(account.key, [key])).get(key);
      if (!known) throw new Error(`${name} does not know ${other}.`);
      return known;
    },
    async notices() {
      const { items } = await app.queries.notices(account.key, { limit: 20 });
      return items.map(({ kind, actor }) => `${kind} ${actor.handle}`);
    },
    read: (path) => app.ask(path, { headers: { accept: ACTIVITY_JSON, authorization: bearer } }),
    page: (path) => app.ask(path, { headers: { accept: "text/html", cookie } }),
    submit(path, fields, files, headers = {}) {
      const body = files ? new FormData() : new URLSearchParams();
      const proven = { ...fields, [CSRF_FIELD]: hmac(session.token, "form") };
      for (const [field, value] of Object.entries(proven)) body.append(field, value);
      if (body instanceof FormData) {
        for (const [field, file] of Object.entries(files ?? {})) body.append(field, file, file.name);
      }
      const own = { cookie, "sec-fetch-site": "same-origin", ...headers };
      return app.ask(path, { method: "POST", headers: own, body });
    },
    send: (body, headers = {}) =>
      app.ask(`/users/${name}/outbox`, {
        method: "POST",
        headers: { "content-type": ACTIVITY_JSON, authorization: bearer, ...headers },
        body: typeof body === "string" ? body : JSON.stringify(body),
      }),
  };
}

/** The document at an address of the app, as a stranger without a name gets it. */
export const documentAt = (app: TestApp, address: string): Promise<Response> =>
  app.ask(address.replace(app.origin, ""), { headers: { accept: ACTIVITY_JSON } });

/** The body of an answer as a JSON object. */
export const jsonOf = async (response: Response): Promise<JsonObject> =>
  (await response.json()) as JsonObject;
