/** From a request of a browser to the answer: visits, forms, what is wrong as a page, files. */

import { requireSameSite } from "../server/http/csrf.ts";
import { failureOf } from "../server/http/problems.ts";
import { parseKey } from "../server/lib/id.ts";
import { isPassing, isProblem, Problem } from "../server/lib/problem.ts";
import { newCode } from "../server/lib/secret.ts";
import type { ObjectView } from "../server/queries/view.ts";
import { assetResponse } from "./assets/index.ts";
import { type Visit, visit, visitByAnybody, type WebDeps } from "./face.ts";
import { type Filled, isMultipart, readForm, readShortForm } from "./files.ts";
import { ACT, AUTHORIZE, CSRF_FIELD, localReturn, PATHS, SETUP, SIGN_IN, SIGN_UP } from "./forms.ts";
import { JOIN, SECOND } from "./forms-sign-in.ts";
import type { Load } from "./loads/load.ts";
import type { PageView } from "./page.ts";
import { problemPage } from "./pages/problem.ts";
import { setupPage } from "./pages/setup.ts";
import { decoded } from "./params.ts";
import { type Answer, away, fileResponse, jsonResponse, type Late, type Post } from "./posts/answer.ts";
import { SIGN_IN_AGAIN, withoutForce } from "./posts/oauth.ts";
import { pageResponse } from "./render.ts";
import { beforeFactor, mustSetUp } from "./routes-sign-in.ts";

/** Programs in a browser open these in a window, and are answered by it. */
const OPENED_BY_PROGRAMS: ReadonlySet<string> = new Set([
  SIGN_IN.path,
  SIGN_IN.forPrograms,
  SIGN_UP.path,
  SECOND.path,
  JOIN.path,
  AUTHORIZE.path,
]);

export async function show(
  deps: WebDeps,
  request: Request,
  params: object,
  path: string,
  load: Load,
): Promise<Response> {
  return visiting(deps, request, params, async (visited) => {
    // Before the server is claimed every page shows how to claim it.
    if (path !== SETUP.path && visited.viewer === null && (await deps.accounts.claim.isOpen())) {
      return answer(deps, visited, setupPage(visited.context, { token: null }), 200);
    }
    if (mustSetUp(visited)) return away(beforeFactor(visited));
    const spoken = { ...deps, queries: deps.queries.speaking(visited.context.language) };
    return answer(deps, visited, await load(spoken, visited), 200);
  });
}

export interface Form {
  readonly post: Post;
  /** A page has the same address, so that one can come back to it. */
  readonly isPage: boolean;
  readonly late: Late | null;
}

export async function submit(deps: WebDeps, request: Request, params: object, form: Form): Promise<Response> {
  const from = (arrived: Visit): Visit => (form.isPage ? arrived : backTo(PATHS.home, arrived));
  const take = async (visited: Visit): Promise<Response> => {
    requireSameSite(request, deps.origin);
    const { fields, files } = await heard(visited, form);
    const sent = backTo(localReturn(fields.get(RETURN), visited.context.path), visited);
    return orProblem(deps, sent, async () => {
      if (mustSetUp(sent)) return away(beforeFactor(sent));
      const done = await inTime(deps, sent, form, { fields, files });
      return "goTo" in done && isForScript(request)
        ? withCookies(jsonResponse({ goTo: done.goTo }), done.cookies)
        : answered(deps, sent, done);
    });
  };
  return visiting(deps, request, params, take, from);
}

/** Most forms say in this field where their page is. */
const RETURN = ACT.fields.return;

/** The same visit, of which one comes back to another page than its own, which no browser can open. */
const backTo = (path: string, visited: Visit): Visit => ({
  ...visited,
  context: { ...visited.context, path },
});

/** @throws Problem `unauthenticated` for files of those who are nobody here, but where their words are to be kept. */
async function heard(visited: Visit, { late }: Form): Promise<Filled> {
  const { request, viewer } = visited;
  if (viewer !== null || !isMultipart(request.headers.get("content-type") ?? "")) return readForm(request);
  const short = late === null ? null : await readShortForm(request);
  if (short === null) throw new Problem("unauthenticated", "Sign in first.");
  return short;
}

/** Does what the form says; where its sender's session is over, or another one by now, it is kept from being lost. */
async function inTime(
  deps: WebDeps,
  visited: Visit,
  { post, late }: Form,
  { fields, files }: Filled,
): Promise<Answer> {
  try {
    deps.csrf.check(visited.request, fields.get(CSRF_FIELD));
    return await post(deps, visited, fields, files);
  } catch (error) {
    const isLate =
      isProblem(error, "unauthenticated") || (isProblem(error) && error.detail.reason === "csrf");
    const kept = isLate && late !== null ? await late(deps, visited, fields, files) : null;
    if (kept === null) throw error;
    return kept;
  }
}

/** The script that sends files goes where it is led by itself: a redirect it could not see, and would follow twice. */
const isForScript = (request: Request): boolean => request.headers.get("accept") === "application/json";

function withCookies(response: Response, cookies: readonly string[] = []): Response {
  for (const cookie of cookies) response.headers.append("set-cookie", cookie);
  return response;
}

function answered(deps: WebDeps, visited: Visit, done: Answer): Response {
  if ("page" in done) return answer(deps, done.visit ?? visited, done.page, done.status, done.cookies);
  if ("json" in done) return jsonResponse(done.json);
  if ("file" in done) return fileResponse(done.file);
  return away(done.goTo, done.cookies);
}

export async function arriveAt(
  deps: WebDeps,
  request: Request,
  params: object,
  arrive: (deps: WebDeps, visit: Visit) => Promise<Answer>,
): Promise<Response> {
  return visiting(deps, request, params, async (visited) => {
    if (mustSetUp(visited)) return away(beforeFactor(visited));
    return answered(deps, visited, await arrive(deps, visited));
  });
}

/** Finds out who asks, then does the work; `from` says where one comes back to. */
async function visiting(
  deps: WebDeps,
  request: Request,
  params: object,
  work: (visited: Visit) => Promise<Response>,
  from = (arrived: Visit): Visit => arrived,
): Promise<Response> {
  let visited: Visit;
  try {
    visited = from(await visit(deps, request, decoded(params)));
  } catch (error) {
    if (!isPassing(error)) throw error;
    return orProblem(deps, from(visitByAnybody(deps, request)), () => Promise.reject(error));
  }
  return orProblem(deps, visited, () => work(visited));
}

/** Shows what is wrong as a page; visitors who lack a session are sent to sign in and back. */
async function orProblem(deps: WebDeps, visited: Visit, work: () => Promise<Response>): Promise<Response> {
  try {
    return await work();
  } catch (error) {
    const failure = failureOf(error);
    const isAgain = failure.detail.reason === SIGN_IN_AGAIN;
    const isToSignIn = failure.code === "unauthenticated" && (visited.viewer === null || isAgain);
    if (isToSignIn && visited.request.method === "GET") return away(doorFor(visited.url));
    const reference = failure.code === "bug" ? newCode() : null;
    if (reference !== null)
      deps.log.error("A page failed", error, { path: visited.url.pathname, request: reference });
    const isLate = failure.detail.reason === "csrf";
    const page = problemPage(visited.context, {
      code: isLate ? "late" : failure.code,
      // What is wrong with the database is for those who run the server, and in their log.
      message:
        isLate || failure.code === "bug" || failure.code === "unavailable"
          ? null
          : visited.context.words.problem.said(failure.message),
      retryAfterSeconds: failure.detail.retryAfterSeconds ?? null,
      reference,
    });
    const response = answer(deps, visited, page, failure.status);
    const { retryAfterSeconds } = failure.detail;
    if (retryAfterSeconds !== undefined) response.headers.set("retry-after", String(retryAfterSeconds));
    return response;
  }
}

/** The page for signing in, and back to `url`, in the language that a program asked for. */
function doorFor(url: URL): string {
  const isForProgram = pageOf(url) === AUTHORIZE.path;
  const door = `${isForProgram ? SIGN_IN.forPrograms : SIGN_IN.path}?${SIGN_IN.fields.return}=`;
  const language = isForProgram ? url.searchParams.get("lang") : null;
  const spoken = language === null ? "" : `&lang=${encodeURIComponent(language)}`;
  return door + encodeURIComponent(withoutForce(url)) + spoken;
}

/** Addresses end in a slash or not. */
const pageOf = (url: URL): string => url.pathname.replace(/(?<=.)\/$/, "");

function answer(
  deps: WebDeps,
  visited: Visit,
  page: PageView,
  status: number,
  cookies: readonly string[] = [],
): Response {
  const response = pageResponse(visited.context, page, status, {
    allowsHttp: deps.isInsecure,
    mediaOrigin: deps.mediaOrigin,
    keepsOpener: OPENED_BY_PROGRAMS.has(pageOf(visited.url)),
  });
  for (const cookie of [...visited.cookies, ...cookies]) response.headers.append("set-cookie", cookie);
  return response;
}

export function asset(request: Request): Response {
  const path = new URL(request.url).pathname;
  return (
    assetResponse(path, request.headers.get("accept-encoding")) ??
    new Response("There is no such file.\n", { status: 404 })
  );
}

/** The address of an object, opened in a browser, is its page. */
export const toObject = (deps: WebDeps, request: Request, params: object): Promise<Response> =>
  toPage(deps, request, params, async ({ path }) => path);

/** What an activity made or shares is read on the page of that; every other activity has a page of its own. */
const READ_BY_ITS_OBJECT: ReadonlySet<string> = new Set(["Create", "Announce"]);

/** The address of an activity, opened in a browser, is a page too. */
export const toActivity = (deps: WebDeps, request: Request, params: object): Promise<Response> =>
  toPage(deps, request, params, async ({ key, path, ancestry }, viewer) => {
    if (!ancestry.some((type) => READ_BY_ITS_OBJECT.has(type))) return path;
    const subject = (await deps.look.byKey(key))?.subject ?? null;
    return (subject === null ? null : await deps.queries.object(subject, viewer))?.path ?? path;
  });

/** To the page of what stands under a key, for whoever may see it. */
async function toPage(
  deps: WebDeps,
  request: Request,
  params: object,
  pathOf: (view: ObjectView, viewer: number | null) => Promise<string>,
): Promise<Response> {
  return visiting(deps, request, params, async (visited) => {
    if (mustSetUp(visited)) return away(beforeFactor(visited));
    const viewer = visited.viewer?.actorKey ?? null;
    const view = await deps.queries.object(parseKey(visited.params.key) ?? 0, viewer);
    return view === null ? notFound(deps, request) : away(await pathOf(view, viewer));
  });
}

/** What is saved, not shown; null where there is no such file. */
export async function download(
  deps: WebDeps,
  request: Request,
  params: object,
  fileOf: (deps: WebDeps, visit: Visit) => Promise<Response | null>,
): Promise<Response> {
  return visiting(deps, request, params, async (visited) => {
    if (mustSetUp(visited)) return away(beforeFactor(visited));
    return (await fileOf(deps, visited)) ?? notFound(deps, request);
  });
}

export async function notFound(deps: WebDeps, request: Request): Promise<Response> {
  const visited = await visit(deps, request, {});
  return answer(deps, visited, problemPage(visited.context, { code: "not-found" }), 404);
}
