/** Gathers the licences of everything that the compiled program carries, which each of them asks to travel with it. */
import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import manifest from "../package.json" with { type: "json" };

export interface Notice {
  /** `preact` */
  readonly name: string;
  readonly version: string;
  /** SPDX: `MIT`. */
  readonly licence: string;
  /** Its files of licence and notice, possibly none where its package has none. */
  readonly text: string;
}

interface Manifest {
  readonly version?: string;
  readonly license?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

/** Packed by hand, not as dependencies: icons become part of pages. */
const BESIDES = ["lucide-static"];
/** Peers that only a compiler or an editor reads. */
const TYPES_ONLY = /^(?:@types\/|typescript$)|-types$/;
const FILES = /^(?:licen[cs]e|notice|copying)(?:\.|$)/i;

/** What is no package of npm's, or comes without its licence. Litestream's text is that of every package under Apache-2.0. */
const OTHERS: readonly Notice[] = [
  {
    name: "Bun",
    version: Bun.version,
    licence: "MIT",
    text: "With JavaScriptCore (LGPL-2.0) and others: https://bun.com/docs/project/license",
  },
  {
    name: "Litestream",
    version: "0.3.13",
    licence: "Apache-2.0",
    text: "Copyright Ben Johnson and contributors: https://github.com/benbjohnson/litestream",
  },
];

/** By name; the closure of what the program depends on, so that nothing bundled is missing. */
export function collectNotices(root = "."): readonly Notice[] {
  const found = new Map<string, Notice>();
  for (const name of [...Object.keys(manifest.dependencies), ...BESIDES]) visit(root, root, name, found);
  return [...OTHERS, ...[...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1))];
}

/** Writes them into `folder` as one text and gives its absolute path. */
export async function packNotices(folder: string): Promise<string> {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, "notices.txt");
  await Bun.write(path, collectNotices().map(written).join("\n"));
  return path;
}

const written = ({ name, version, licence, text }: Notice): string =>
  `${"─".repeat(80)}\n${name} ${version} · ${licence}\n\n${text.trim()}\n`;

function visit(root: string, from: string, name: string, found: Map<string, Notice>): void {
  const folder = folderOf(root, from, name);
  if (folder === null || found.has(folder)) return;
  const own = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Manifest;
  found.set(folder, {
    name,
    version: own.version ?? "",
    licence: own.license ?? "",
    text: readdirSync(folder)
      .filter((file) => FILES.test(file))
      .map((file) => readFileSync(join(folder, file), "utf8"))
      .join("\n"),
  });
  const next = Object.keys({ ...own.dependencies, ...own.peerDependencies });
  for (const each of next) if (!TYPES_ONLY.test(each)) visit(root, folder, each, found);
}

/** Where a module in `from` would find the package, or null where it is not installed. */
function folderOf(root: string, from: string, name: string): string | null {
  for (let folder = from; ; folder = parentOf(root, folder)) {
    const candidate = join(folder, "node_modules", name);
    if (existsSync(join(candidate, "package.json"))) return candidate;
    if (folder === root) return null;
  }
}

/** The folder whose `node_modules` holds this package. */
const parentOf = (root: string, folder: string): string => {
  const at = folder.lastIndexOf("node_modules");
  return at <= 0 ? root : folder.slice(0, at - 1) || root;
};
