/** Reads the settings from flags, the environment and `commons.toml`, in that order; the only reader of the environment. */
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { nearest } from "./lib/nearest.ts";
import { Problem } from "./lib/problem.ts";
import { parseValue } from "./setting-kinds.ts";
import {
  type Camel,
  type Config,
  flagOf,
  PREFIX,
  type RawConfig,
  type Setting,
  type SettingName,
  settings,
  variableOf,
} from "./settings.ts";

/** Where one value came from, for `config show`. */
export interface Provenance {
  readonly name: SettingName;
  /** `--port`, `COMMONS_PORT`, `COMMONS_DATABASE_URL_FILE`, the path of `commons.toml`, or `default`. */
  readonly source: string;
  /** As it was written; secrets are masked. Null where there is none. */
  readonly shown: string | null;
}

export interface Loaded {
  readonly config: Config;
  readonly provenance: readonly Provenance[];
}

export interface Sources {
  /** By setting name: `{ data_dir: "./x" }`. */
  readonly flags: Readonly<Record<string, string | undefined>>;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Folder that relative paths of flags and environment start from. */
  readonly cwd: string;
}

export const SETTINGS_FILE = "commons.toml";

/** The environment of this process: nothing else reads it. */
export const environment = (): Readonly<Record<string, string | undefined>> => process.env;

/** Throws Problem `invalid` with a sentence that names the setting and what to write instead. */
export function loadConfig(sources: Sources): Loaded {
  refuseUnknownVariables(sources.env);
  const dataDir = resolve(sources.cwd, written(find("data_dir"), sources, {}, "").text ?? "");
  const file = join(dataDir, SETTINGS_FILE);
  const fromFile = readSettingsFile(file);

  const values: Record<string, unknown> = {};
  const provenance: Provenance[] = [];
  for (const setting of settings) {
    const { text, source } = written(setting, sources, fromFile, file);
    const base = source === file ? dataDir : sources.cwd;
    values[camel(setting.name)] = text === null ? null : parse(setting, text, source, base);
    provenance.push({ name: setting.name, source, shown: shownAs(setting, text) });
  }
  const raw = values as unknown as RawConfig; // The loop fills exactly the names and kinds of the table.
  return { config: { ...raw, origin: originOf(raw) }, provenance };
}

function find(name: SettingName): Setting {
  return settings.find((each) => each.name === name) as Setting; // SettingName holds the table's names alone.
}

/** As `RawConfig` names it. */
const camel = <const Name extends string>(name: Name): Camel<Name> =>
  name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase()) as Camel<Name>;

/** What was written for a setting, by the first source that has it. An empty variable counts as not set. */
function written(
  setting: Setting,
  sources: Sources,
  fromFile: Readonly<Record<string, string>>,
  file: string,
): { text: string | null; source: string } {
  const flag = sources.flags[setting.name];
  if (flag !== undefined) return { text: flag, source: `--${flagOf(setting)}` };
  const variable = variableOf(setting);
  const direct = sources.env[variable];
  if (direct) return { text: direct, source: variable };
  const path = setting.secret && sources.env[`${variable}_FILE`];
  if (path)
    return { text: readSecret(`${variable}_FILE`, resolve(sources.cwd, path)), source: `${variable}_FILE` };
  const inFile = fromFile[setting.name];
  if (inFile !== undefined) return { text: inFile, source: file };
  return { text: setting.default, source: "default" };
}

function readSecret(variable: string, path: string): string {
  try {
    return readFileSync(path, "utf8").trim();
  } catch (error) {
    throw wrong(
      variable,
      `names ${path}, which cannot be read. Give it the path of a file with the secret.`,
      error,
    );
  }
}

function readSettingsFile(path: string): Readonly<Record<string, string>> {
  const text = readIfThere(path);
  if (text === null) return {};
  const table = parseToml(path, text);
  const names = settings.map(({ name }) => name);
  const known: Record<string, string> = {};
  for (const [name, value] of Object.entries(table)) {
    if (!(names as string[]).includes(name)) throw unknown(`${name} in ${path}`, name, names);
    if (name === "data_dir")
      throw wrong(
        `data_dir in ${path}`,
        "cannot be set there: the file lies in that folder. Use --data-dir.",
      );
    if (!isPlain(value))
      throw wrong(`${name} in ${path}`, "must be a text, a number, true or false, or a list of texts.");
    known[name] = Array.isArray(value) ? value.join(",") : String(value);
  }
  return known;
}

function readIfThere(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    if (code === "ENOENT" || code === "ENOTDIR") return null;
    throw new Problem(
      "invalid",
      `${path} cannot be read (${code}). Let this user read it, or take it away.`,
      {},
      { cause: error },
    );
  }
}

function parseToml(path: string, text: string): object {
  try {
    return Bun.TOML.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Problem(
      "invalid",
      `${path} is not valid TOML from line ${faultyLine(text)} on: ${reason}. Mend it, or take the file away.`,
      {},
      { cause: error },
    );
  }
}

/** The first line with which the file cannot be read, counted from 1: the parser does not tell. */
function faultyLine(text: string): number {
  const lines = text.split("\n");
  for (let good = lines.length - 1; good > 0; good--) {
    try {
      Bun.TOML.parse(lines.slice(0, good).join("\n"));
      return good + 1;
    } catch {
      // @NOTE Not yet.
    }
  }
  return 1;
}

function isPlain(value: unknown): value is string | number | boolean | readonly string[] {
  return (
    ["string", "number", "boolean"].includes(typeof value) ||
    (Array.isArray(value) && value.every((each) => typeof each === "string"))
  );
}

function refuseUnknownVariables(env: Sources["env"]): void {
  const known = (settings as readonly Setting[]).flatMap((setting) => [
    variableOf(setting),
    ...(setting.secret ? [`${variableOf(setting)}_FILE`] : []),
  ]);
  for (const name of Object.keys(env))
    if (name.startsWith(PREFIX) && !known.includes(name))
      throw unknown(`The environment variable ${name}`, name, known);
}

function parse(setting: Setting, text: string, source: string, base: string): unknown {
  const value = parseValue(setting.kind, text, base);
  if ("wrong" in value) {
    const name = source.endsWith(SETTINGS_FILE) ? `${setting.name} in ${source}` : source;
    throw wrong(name, `${setting.secret ? "" : `is "${text}": it `}${value.wrong}`);
  }
  return value.value;
}

/** One of each two is no use without the other. */
const TOGETHER = [
  ["tls_cert_file", "tls_key_file"],
  ["media_access_key_id", "media_secret_access_key"],
  ["replica_access_key_id", "replica_secret_access_key"],
] as const;

/** The origin as given, or the one of this machine; what cannot work together is refused here. */
function originOf(config: RawConfig): string {
  for (const [one, other] of TOGETHER)
    if ((config[camel(one)] === null) !== (config[camel(other)] === null))
      throw wrong(one, `and ${other} belong together: give both, or neither.`);
  const scheme = config.tlsCertFile === null ? "http" : "https";
  // Browsers and other servers leave out a port that its scheme has anyway.
  const { origin, protocol, hostname } = new URL(config.origin ?? `${scheme}://localhost:${config.port}`);
  const isHere =
    hostname === "localhost" ||
    hostname.endsWith(".localhost") ||
    hostname === "127.0.0.1" ||
    hostname === "[::1]";
  if (protocol === "http:" && !isHere && !config.insecureFederation)
    throw wrong(
      "origin",
      `is "${origin}": other servers talk https only. Write https://${hostname}, and put a proxy in front or set tls_cert_file.`,
    );
  return origin;
}

function shownAs(setting: Setting, text: string | null): string | null {
  return text === null || !setting.secret ? text : (setting.shown?.(text) ?? "•••");
}

const wrong = (name: string, rest: string, cause?: unknown): Problem =>
  new Problem("invalid", `${name} ${rest}`, { reason: "setting" }, { cause });

function unknown(where: string, name: string, known: readonly string[]): Problem {
  const guess = nearest(name, known);
  return wrong(
    where,
    `is no setting.${guess ? ` Did you mean ${guess}?` : " `commons --help` lists them all."}`,
  );
}
