/** The house rules that no bought tool checks: layers, cycles, what lives in one place only, and the shape of files. */
import { Glob } from "bun";

/**
 * Folders of one layer (an inner list) never import each other; nobody imports from a layer above. `*` stands for each
 * folder that is there.
 */
const LAYERS: readonly (readonly string[])[] = [
  ["server/lib/", "migrations/"],
  ["server/storage/"],
  ["server/jobs/", "server/jsonld/", "server/signatures/"],
  ["server/core/"],
  [
    "server/vocab/",
    "server/accounts/",
    "server/media/",
    "server/moderation/",
    "server/search/",
    "server/site/",
  ],
  ["server/queries/", "server/federation/", "server/oauth/", "server/http/", "server/live/"],
  ["server/api/*/", "web/"],
];
/** The composition root: may import everything, and its parts may import each other. */
const TOP = LAYERS.length;
const TOP_FOLDERS: readonly string[] = ["server/api/", "server/cli/"];

export interface SourceFile {
  /** From the root of the project: `server/core/apply.ts`. */
  readonly path: string;
  readonly text: string;
}

export interface Rule {
  readonly name: string;
  /** One sentence for each place that breaks the rule. */
  check(files: readonly SourceFile[]): readonly string[];
}

interface Confinement {
  readonly what: string;
  readonly pattern: RegExp;
  readonly allowed: readonly RegExp[];
}

const CONFINED: readonly Confinement[] = [
  {
    what: "elysia (only in routes.ts files, server/api/mastodon/v1 and v2, server/http, and where faces are mounted)",
    pattern: /from "(elysia|@elysiajs\/[^"]*)"/,
    allowed: [
      /\/routes(\.[a-z-]+)?\.ts$/,
      /^server\/api\/mastodon\/v[12]\//,
      /^server\/http\//,
      /^server\/(app|api\/index)\.ts$/,
    ],
  },
  {
    what: "the sql tag (only in store*.ts, lib/sql.ts, storage/ and jobs/)",
    pattern: /import \{[^}]*(?<!type )\bsql\b[^}]*\} from "[^"]*\/sql\.ts"/,
    allowed: [/\/store(-[a-z-]+)?\.ts$/, /^server\/(lib\/sql\.ts|storage\/|jobs\/)/],
  },
  {
    what: "the environment (only in server/config.ts, and before it is loaded)",
    pattern: /\b(process|Bun)\.env\b/,
    allowed: [/^server\/(config|cli\/engine)\.ts$/],
  },
  {
    what: "the machine's clock (only in server/lib/clock.ts; take `now`)",
    pattern: /\bDate\.now\b|\bnew Date\(\)/,
    allowed: [/^server\/lib\/clock\.ts$/, /^web\/islands\//],
  },
  {
    what: "dangerouslySetInnerHTML (only in web/components/rich-text.ts)",
    pattern: /\bdangerouslySetInnerHTML\b/,
    allowed: [/^web\/components\/rich-text\.ts$/],
  },
  {
    what: "a class (only Problem is one)",
    pattern: /^(export )?(abstract )?class /m,
    allowed: [/^server\/lib\/problem\.ts$/],
  },
  {
    what: "a default export (only islands have one)",
    pattern: /^export default /m,
    allowed: [/^web\/islands\//],
  },
];

const EMPTY_NAMES = /(^|\/)(utils?|helpers?|common|misc|managers?|services?|handlers?|types)\.ts$/;
/** A file this long is asking to be two. */
const MAX_LINES = 400;

const isTest = (path: string) => /\.(test|e2e)\.ts$/.test(path) || /^(server|web)\/testing\//.test(path);
const isOurs = (path: string) => !isTest(path) && !path.startsWith("scripts/");

export const rules: readonly Rule[] = [
  { name: "imports point down, and siblings do not import each other", check: checkLayers },
  { name: "every folder of the server is on a layer", check: checkFolders },
  { name: "imports make no cycle", check: checkCycles },
  { name: "only tests import server/testing", check: checkTesting },
  { name: "what is confined stays confined", check: checkConfined },
  { name: "only server/lib/fetch.ts calls the global fetch", check: checkFetch },
  { name: "files open with a sentence, have a telling name, and stay short", check: checkShape },
];

/** The layer of a file, 0 at the bottom, and the folder that stands there; null for scripts and tests. */
export function layerOf(path: string): { layer: number; folder: string } | null {
  if (!isOurs(path)) return null;
  for (const [layer, folders] of LAYERS.entries()) {
    for (const each of folders) {
      const folder = new RegExp(`^${each.replace("*", "[^/]+")}`).exec(path)?.[0];
      if (folder !== undefined) return { layer, folder };
    }
  }
  return { layer: TOP, folder: "" };
}

/** The files of the project that `text` imports, as paths from its root; type imports count. */
export function importsOf({ path, text }: SourceFile): readonly string[] {
  const pattern =
    /^(?:import|export)\s+(?:type\s+)?(?:[\w$*{][^;"]*?\sfrom\s+)?"(\.[^"]+)"|\bimport\(\s*"(\.[^"]+)"/gm;
  return [...text.matchAll(pattern)].map((match) => resolve(path, match[1] ?? match[2] ?? ""));
}

function resolve(from: string, relative: string): string {
  return new URL(relative, `file:///${from}`).pathname.slice(1);
}

function checkLayers(files: readonly SourceFile[]): readonly string[] {
  return files.flatMap((file) => {
    const here = layerOf(file.path);
    if (!here) return [];
    return importsOf(file).flatMap((target) => {
      const there = layerOf(target);
      if (!there || there.layer < here.layer || there.folder === here.folder) return [];
      if (there.layer > here.layer)
        return [
          `${file.path} (layer ${here.layer}) imports ${target} (layer ${there.layer}), which is above it.`,
        ];
      return [`${file.path} imports ${target}, its sibling: let app.ts pass what is needed.`];
    });
  });
}

function checkFolders(files: readonly SourceFile[]): readonly string[] {
  const folders = files
    .filter(({ path }) => layerOf(path)?.layer === TOP)
    .flatMap(({ path }) => /^server\/[^/]+\//.exec(path)?.[0] ?? []);
  return [...new Set(folders)]
    .filter((folder) => !TOP_FOLDERS.includes(folder))
    .map((folder) => `${folder} is on no layer: put it into LAYERS of scripts/house.ts.`);
}

/** Depth-first search; each cycle is told once, from where it is first entered. */
function checkCycles(files: readonly SourceFile[]): readonly string[] {
  const imports = new Map(files.map((file) => [file.path, importsOf(file)]));
  const done = new Set<string>();
  const found: string[] = [];
  function visit(path: string, trail: readonly string[]): void {
    const start = trail.indexOf(path);
    if (start >= 0) found.push(`${[...trail.slice(start), path].join(" → ")} is a cycle.`);
    if (start >= 0 || done.has(path)) return;
    for (const next of imports.get(path) ?? []) visit(next, [...trail, path]);
    done.add(path);
  }
  for (const path of imports.keys()) visit(path, []);
  return found;
}

function checkTesting(files: readonly SourceFile[]): readonly string[] {
  return files
    .filter((file) => isOurs(file.path))
    .flatMap((file) =>
      importsOf(file)
        .filter(isTest)
        .map((target) => `${file.path} imports ${target}, which is for tests alone.`),
    );
}

function checkConfined(files: readonly SourceFile[]): readonly string[] {
  return files.flatMap((file) => {
    if (!isOurs(file.path)) return [];
    return CONFINED.flatMap(({ what, pattern, allowed }) =>
      pattern.test(withoutComments(file.text)) && !allowed.some((place) => place.test(file.path))
        ? [`${file.path} uses ${what}.`]
        : [],
    );
  });
}

/** A call of `fetch(…)` in a file that was given no `fetch` (a parameter, a property, a method of that name). */
function checkFetch(files: readonly SourceFile[]): readonly string[] {
  return files.flatMap(({ path, text }) => {
    if (!isOurs(path) || path === "server/lib/fetch.ts" || path.startsWith("web/islands/")) return [];
    const code = withoutComments(text);
    const isGiven = /[({,]\s*fetch\s*[,:}=?)]|\bfetch\([^()]*\)(\s*:|[^;{}]*\{)|\bfunction fetch\b/.test(
      code,
    );
    const isCalled = /(?<![.\w])fetch\(/.test(code) && !isGiven;
    return isCalled || /\bglobalThis\.fetch\b|\bBun\.fetch\b/.test(code)
      ? [`${path} calls the global fetch: take it as a parameter, so that the guard of lib/fetch.ts holds.`]
      : [];
  });
}

function checkShape(files: readonly SourceFile[]): readonly string[] {
  return files.flatMap(({ path, text }) => {
    const faults: string[] = [];
    const lines = text.split("\n").length - 1;
    if (!/^(#![^\n]*\n)?\/\*\* \S[\s\S]*?\*\//.test(text))
      faults.push(`${path} does not open with /** a sentence. */`);
    if (lines > MAX_LINES)
      faults.push(`${path} has ${lines} lines: more than ${MAX_LINES} is asking to be two.`);
    if (EMPTY_NAMES.test(path)) faults.push(`${path} has a name that says nothing: name what is in it.`);
    return faults;
  });
}

/** Good enough for words that never stand in strings: block comments, and lines that are only a comment. */
function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/(^|\s)\/\/.*$/gm, "");
}

/** Every source file of the project. */
export async function readSources(): Promise<readonly SourceFile[]> {
  const paths = [...new Glob("{server,web,migrations,scripts}/**/*.ts").scanSync(".")].sort();
  return Promise.all(paths.map(async (path) => ({ path, text: await Bun.file(path).text() })));
}

if (import.meta.main) {
  const files = await readSources();
  const faults = rules.flatMap((rule) => rule.check(files));
  for (const fault of faults) console.error(fault);
  console.log(`${files.length} files, ${faults.length === 0 ? "no fault" : `${faults.length} faults`}`);
  process.exit(faults.length === 0 ? 0 : 1);
}
