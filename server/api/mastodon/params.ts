/** What a request says, read as Rails reads it: query, form, multipart or JSON, with names in brackets. */
import { isJsonObject, parseJson, withWholeTexts } from "../../lib/json.ts";
import { isProblem, Problem } from "../../lib/problem.ts";

/** Parameters of one request. A name that is not there is null, or empty. */
export interface Params {
  has(name: string): boolean;
  readonly names: readonly string[];
  /** Of several the last one (clients send their parameters twice on further pages). */
  text(name: string): string | null;
  /** A whole number, also from a text; null where it is none. */
  integer(name: string): number | null;
  /** `true`, `1`, `on`, `True`, `t`, `yes` and the like; null where nothing is said. */
  flag(name: string): boolean | null;
  /** `x[]=1&x[]=2`, `x[0]=1`, a list, or one bare value. */
  list(name: string): readonly string[];
  /** `x[y]=1` or an object; empty where there is none. */
  object(name: string): Params;
  /** `x[][y]=1`, `x[0][y]=1` or a list of objects. */
  objects(name: string): readonly Params[];
  file(name: string): File | null;
}

/** More names than any client sends. */
const MAX_PAIRS = 1_000;
/** `poll[options][]` has three. */
const MAX_DEPTH = 6;

type Given = string | File | Given[] | Tree | number | boolean | null;
interface Tree {
  [name: string]: Given;
}

/** Names come from outside: no name may mean something of its own. */
const newTree = (): Tree => Object.create(null) as Tree;

export const NO_PARAMS: Params = paramsOf(newTree());

/** The parameters of the query alone. */
export function queryOf(url: string): Params {
  const start = url.indexOf("?");
  if (start < 0 || start === url.length - 1) return NO_PARAMS;
  const tree = newTree();
  putAll(tree, new URLSearchParams(url.slice(start + 1)));
  return paramsOf(tree);
}

/** Nobody means longer than this; clients that want "for ever" say nothing. */
const MAX_SECONDS = 10 * 366 * 24 * 60 * 60;

/** When that many seconds are over; null for ever, which is no number of them. */
export function endIn(params: Params, name: string, nowMs: number): number | null {
  const seconds = params.integer(name) ?? 0;
  return seconds <= 0 ? null : nowMs + Math.min(seconds, MAX_SECONDS) * 1000;
}

/**
 * Of query and body, where the body wins. @throws Problem `invalid` where the body is not what it says, or has too many
 * parts.
 */
export async function readParams(request: Request): Promise<Params> {
  if (request.method === "GET" || request.method === "HEAD" || request.body === null)
    return queryOf(request.url);
  const tree = newTree();
  const start = request.url.indexOf("?");
  if (start >= 0) putAll(tree, new URLSearchParams(request.url.slice(start + 1)));
  await putBody(tree, request);
  return paramsOf(tree);
}

async function putBody(tree: Tree, request: Request): Promise<void> {
  const type = request.headers.get("content-type") ?? "";
  if (/^multipart\/form-data/i.test(type)) {
    putAll(tree, (await formDataOf(request)) as Iterable<[string, string | File]>);
    return;
  }
  const text = await request.text();
  if (text.trim() === "") return;
  // Some programs send JSON and say nothing of it.
  if (/json/i.test(type) || (!/urlencoded/i.test(type) && /^\s*\{/.test(text))) {
    const body = withWholeTexts(parseJson(text));
    if (!isJsonObject(body)) throw notReadable();
    for (const [name, value] of Object.entries(body)) tree[name] = value as Given;
    return;
  }
  putAll(tree, new URLSearchParams(text));
}

async function formDataOf(request: Request): Promise<FormData> {
  try {
    return await request.formData();
  } catch (cause) {
    if (isProblem(cause, "too-large") || isProblem(cause, "full")) throw cause;
    throw notReadable({ cause });
  }
}

const notReadable = (options?: ErrorOptions): Problem =>
  new Problem("invalid", "The body of the request could not be read: send JSON or a form.", {}, options);

function putAll(tree: Tree, pairs: Iterable<[string, string | File]>): void {
  let count = 0;
  for (const [name, value] of pairs) {
    if (++count > MAX_PAIRS) throw new Problem("invalid", `At most ${MAX_PAIRS} parameters can be sent.`);
    put(tree, partsOf(name), value);
  }
}

/** `a[b][]` → `a`, `b`, ``. What is no such name is one name as it stands. */
function partsOf(name: string): readonly string[] {
  const open = name.indexOf("[");
  if (open <= 0 || !name.endsWith("]")) return [name];
  const inner = name.slice(open + 1, -1).split("][");
  return inner.length >= MAX_DEPTH ? [name] : [name.slice(0, open), ...inner];
}

function put(tree: Tree, [name = "", ...rest]: readonly string[], value: string | File): void {
  if (rest.length === 0) {
    tree[name] = value;
    return;
  }
  if (rest[0] !== "") {
    put(treeAt(tree, name), rest, value);
    return;
  }
  const known = tree[name];
  const list: Given[] = Array.isArray(known) ? known : [];
  tree[name] = list;
  const inner = rest.slice(1);
  if (inner.length === 0) {
    list.push(value);
    return;
  }
  // `a[][b]=1&a[][b]=2`: a name that comes again begins the next one.
  const last = list.at(-1);
  if (isTree(last) && !hasPart(last, inner)) put(last, inner, value);
  else {
    const next = newTree();
    list.push(next);
    put(next, inner, value);
  }
}

function treeAt(tree: Tree, name: string): Tree {
  const known = tree[name];
  if (isTree(known)) return known;
  const made = newTree();
  tree[name] = made;
  return made;
}

function hasPart(tree: Tree, [name = "", ...rest]: readonly string[]): boolean {
  if (!(name in tree)) return false;
  const inner = tree[name];
  return rest.length === 0 || rest[0] === "" ? rest.length === 0 : !isTree(inner) || hasPart(inner, rest);
}

const isTree = (value: unknown): value is Tree =>
  typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof File);

/** A list, or an object whose names are numbers (`fields_attributes[0][name]`), as a list. */
function itemsOf(value: Given | undefined): readonly Given[] {
  if (value === undefined || value === null) return [];
  if (Array.isArray(value)) return value;
  if (!isTree(value)) return [value];
  const names = Object.keys(value);
  return names.every((name) => /^\d{1,4}$/.test(name))
    ? names.toSorted((a, b) => Number(a) - Number(b)).flatMap((name) => value[name] ?? [])
    : [];
}

function textOf(value: Given | undefined): string | null {
  if (typeof value === "string") return value;
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  return Array.isArray(value) ? textOf(value.at(-1)) : null;
}

const FALSE = /^(?:false|0|off|f|no|)$/i;

function paramsOf(tree: Tree): Params {
  const at = (name: string): Given | undefined => (Object.hasOwn(tree, name) ? tree[name] : undefined);
  return {
    has: (name) => Object.hasOwn(tree, name),
    get names() {
      return Object.keys(tree);
    },
    text: (name) => textOf(at(name)),
    integer(name) {
      const text = textOf(at(name))?.trim() ?? "";
      return /^-?\d{1,16}$/.test(text) && Number.isSafeInteger(Number(text)) ? Number(text) : null;
    },
    flag(name) {
      const text = textOf(at(name));
      return text === null ? null : !FALSE.test(text.trim());
    },
    list: (name) => itemsOf(at(name)).flatMap((item) => textOf(item) ?? []),
    object(name) {
      const value = at(name);
      return isTree(value) ? paramsOf(value) : NO_PARAMS;
    },
    objects: (name) => itemsOf(at(name)).flatMap((item) => (isTree(item) ? paramsOf(item) : [])),
    file(name) {
      const value = at(name);
      return value instanceof File && value.size > 0 ? value : null;
    },
  };
}
