/** Loads vocabularies that are pure data: the JSON files in the data folder's `extensions/`. */
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Extension } from "../core/behaviour.ts";
import type { Json } from "../lib/json.ts";
import { findJsonFault } from "../lib/json-fault.ts";
import { Problem } from "../lib/problem.ts";
import { readExtension } from "./extension-shape.ts";

/** A vocabulary is a few kilobytes; a larger file was put there by mistake. */
const MAX_FILE_BYTES = 1_000_000;

/** Where they lie. */
export const extensionsIn = (dataDir: string): string => join(dataDir, "extensions");

/**
 * Every `*.json` in `folder` (or `*.JSON`), in the order of their names; none where there is no folder. That their types fit
 * together, and with those built in, is checked by `createRegistry`.
 * @throws Problem `invalid` with one sentence: the file, the line and column or the path in it, what is wrong.
 */
export async function loadExtensions(folder: string): Promise<readonly Extension[]> {
  const loaded: { path: string; extension: Extension }[] = [];
  for (const path of await listFiles(folder)) {
    const extension = parseExtension(path, await readText(path));
    const other = loaded.find((each) => each.extension.name === extension.name);
    if (other) {
      throw fault(
        `${path}: name is ${JSON.stringify(extension.name)}, which ${other.path} has already; give it another`,
      );
    }
    loaded.push({ path, extension });
  }
  return loaded.map(({ extension }) => extension);
}

/** The extension that `text` describes; `file` is how sentences call it. @throws Problem `invalid` as above. */
export function parseExtension(file: string, text: string): Extension {
  const wrong = findJsonFault(text);
  if (wrong) throw fault(`${file} is no JSON at line ${wrong.line}, column ${wrong.column}: ${wrong.wrong}`);
  return readExtension(file, JSON.parse(text) as Json);
}

async function listFiles(folder: string): Promise<readonly string[]> {
  try {
    const names = await readdir(folder);
    return names
      .filter((name) => /^[^.].*\.json$/i.test(name))
      .sort()
      .map((name) => join(folder, name));
  } catch (error) {
    // @NOTE No folder means no extensions, which is what most servers have.
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw fault(`The folder ${folder} cannot be read; let the server's user read it`, error);
  }
}

async function readText(path: string): Promise<string> {
  let bytes: Uint8Array;
  try {
    const { size } = await stat(path);
    if (size > MAX_FILE_BYTES)
      throw fault(`${path} has ${size} bytes; an extension may have ${MAX_FILE_BYTES}`);
    bytes = await readFile(path);
  } catch (error) {
    if (error instanceof Problem) throw error;
    throw fault(`${path} cannot be read; let the server's user read it, or take it away`, error);
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (error) {
    throw fault(`${path} is not UTF-8 text; save it as UTF-8`, error);
  }
}

const fault = (sentence: string, cause?: unknown): Problem =>
  new Problem("invalid", `${sentence}.`, { reason: "extension" }, { cause });
