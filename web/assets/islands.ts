/** The browser's code: embedded as text, freed of its types once at start, addressed by content. */
import acts from "../islands/acts.ts" with { type: "text" };
import composer from "../islands/composer.ts" with { type: "text" };
import copy from "../islands/copy.ts" with { type: "text" };
import files from "../islands/files.ts" with { type: "text" };
import live from "../islands/live.ts" with { type: "text" };
import menus from "../islands/menus.ts" with { type: "text" };
import passkey from "../islands/passkey.ts" with { type: "text" };
import push from "../islands/push.ts" with { type: "text" };
import worker from "../islands/push-worker.ts" with { type: "text" };
import start from "../islands/start.ts" with { type: "text" };
import times from "../islands/times.ts" with { type: "text" };
import toast from "../islands/toast.ts" with { type: "text" };
import upload from "../islands/upload.ts" with { type: "text" };
import zone from "../islands/zone.ts" with { type: "text" };

/** To the compiler these are modules, to the bundler text. */
const SOURCES = {
  acts,
  composer,
  copy,
  files,
  live,
  menus,
  passkey,
  push,
  times,
  toast,
  upload,
  zone,
} as unknown as Readonly<Record<string, string>>;

/** `addressOf` stores a file and gives its address; the answer is the text of the one script that pages name. */
export function islandScripts(addressOf: (name: string, text: string) => string): string {
  const transpiler = new Bun.Transpiler({ loader: "ts" });
  const addresses = Object.entries(SOURCES).map(([name, source]) => [
    name,
    addressOf(`${name}.js`, transpiler.transformSync(source)),
  ]);
  const loader = transpiler.transformSync(start as unknown as string).replace(/\bexport\s+default\s+/, "");
  return `${loader}\nstart(${JSON.stringify(Object.fromEntries(addresses))});\n`;
}

/** The service worker: no module, and at an address of its own. */
export function pushWorkerScript(): string {
  const transpiler = new Bun.Transpiler({ loader: "ts" });
  const script = transpiler.transformSync(worker as unknown as string);
  return `${script.replace(/\bexport\s+default\s+/, "")}\nstart(globalThis);\n`;
}
