/** Several servers in one process: whole apps whose fetch reaches each other, and strangers, without a socket. */
import { heldClock } from "../lib/clock.ts";
import { createFetch, type Dial } from "../lib/fetch.ts";
import { type TestApp, type TestAppOptions, testApp } from "./app.ts";
import type { Engine } from "./engines.ts";

/** What stands at a host: an app's edge, or a stranger. */
export type Answerer = (request: Request) => Promise<Response>;

/** One request that one server sent to another. */
export interface Sent {
  readonly from: string;
  readonly to: string;
  readonly method: string;
  readonly path: string;
  readonly headers: Headers;
  readonly body: string;
  /** Null where nobody answered. */
  readonly status: number | null;
}

/** How a host fails: no connection, silence, or an answer that stands for every request (null lets it through). */
export type Trouble = "refused" | "silent" | ((request: Request) => Response | null);

export interface Fediverse {
  readonly clock: ReturnType<typeof heldClock>;
  at(host: string): TestApp;
  /** Puts something at a host; its name leads to a public address, or to `addresses`. */
  join(host: string, answer: Answerer, addresses?: readonly string[]): void;
  /** From now on the host fails, or (null) works again. */
  trouble(host: string, trouble: Trouble | null): void;
  /** Runs all workers until nothing is due anywhere by the clock. */
  settle(): Promise<void>;
  /** What was sent between servers, oldest first. */
  readonly sent: readonly Sent[];
}

/** Where every name of a test leads: an address that the outgoing client takes for a public one. */
const SOMEWHERE_PUBLIC = "93.184.215.14";

/** Apps at these hosts (`a.test`), on fresh databases, with one clock. Call it inside a test or a hook. */
export async function fediverse(
  engine: Engine,
  hosts: readonly string[],
  options: Pick<TestAppOptions, "config"> & {
    readonly extensions?: Readonly<Record<string, NonNullable<TestAppOptions["extensions"]>>>;
  } = {},
): Promise<Fediverse> {
  const clock = heldClock();
  const apps = new Map<string, TestApp>();
  const answerers = new Map<string, Answerer>();
  const addresses = new Map<string, readonly string[]>();
  const troubles = new Map<string, Trouble>();
  const sent: Sent[] = [];

  const dialFrom =
    (from: string): Dial =>
    async ({ url, method, headers, body }) => {
      const note = { from, to: url.host, method, path: url.pathname + url.search, headers };
      const text = typeof body === "string" ? body : new TextDecoder().decode(body);
      const request = new Request(url, { method, headers, ...(body === undefined ? {} : { body }) });
      try {
        const answer = await answerOf(url.host, request);
        sent.push({ ...note, body: text, status: answer.status });
        return answer;
      } catch (error) {
        sent.push({ ...note, body: text, status: null });
        throw error;
      }
    };

  async function answerOf(host: string, request: Request): Promise<Response> {
    const trouble = troubles.get(host);
    if (trouble === "refused") throw Object.assign(new Error("refused"), { code: "ECONNREFUSED" });
    if (trouble === "silent") throw Object.assign(new Error("silent"), { code: "ETIMEDOUT" });
    const instead = trouble?.(request);
    if (instead) return instead;
    const answerer = answerers.get(host);
    if (!answerer) throw Object.assign(new Error("nobody there"), { code: "ECONNREFUSED" });
    return answerer(request);
  }

  for (const host of hosts) {
    const extensions = options.extensions?.[host];
    const app = await testApp(engine, {
      host,
      clock,
      fetch: createFetch({
        resolve: async (name) => addresses.get(name) ?? [],
        userAgent: `test (+https://${host})`,
        dial: dialFrom(host),
      }),
      ...(options.config ? { config: options.config } : {}),
      ...(extensions ? { extensions } : {}),
    });
    apps.set(host, app);
    answerers.set(host, app.edge);
    addresses.set(host, [SOMEWHERE_PUBLIC]);
  }

  return {
    clock,
    sent,
    at(host) {
      const app = apps.get(host);
      if (!app) throw new Error(`There is no app at ${host}.`);
      return app;
    },
    join(host, answer, where = [SOMEWHERE_PUBLIC]) {
      answerers.set(host, answer);
      addresses.set(host, where);
    },
    trouble(host, trouble) {
      if (trouble === null) troubles.delete(host);
      else troubles.set(host, trouble);
    },
    async settle() {
      // One app's work reaches another by a request alone: a round without any is the last.
      for (let before = -1; before !== sent.length; ) {
        before = sent.length;
        for (const app of apps.values()) await app.worker.drain();
      }
    },
  };
}
