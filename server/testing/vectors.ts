/** Published test vectors, read from beside the checkout; where they are missing a test says so and skips. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const FOLDER = join(import.meta.dir, "../../../shared/vectors");

/** The file or folder `path` among the vectors, as a path to read; it may not exist. */
export const vectorsPath = (path: string): string => join(FOLDER, path);

/** Whether `path` is there; says so on the terminal where it is not. */
export function hasVectors(path: string): boolean {
  const found = existsSync(vectorsPath(path));
  if (!found) console.warn(`skipped: ../shared/vectors/${path} is not beside this checkout`);
  return found;
}

/** The parsed JSON file at `path` among the vectors. Throws where it is missing: ask `hasVectors` first. */
export const readVectors = <T>(path: string): T => JSON.parse(readFileSync(vectorsPath(path), "utf8")) as T;

/** All JSON files below the folder, as paths for `readVectors`; none where it is missing. */
export const listVectors = (folder: string): readonly string[] =>
  existsSync(vectorsPath(folder))
    ? readdirSync(vectorsPath(folder), { recursive: true, encoding: "utf8" })
        .filter((name) => name.endsWith(".json"))
        .map((name) => `${folder}/${name}`)
        .sort()
    : [];
