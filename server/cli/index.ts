/** The commands, as a table, and how a command line finds its row. */
import { parseArgs } from "node:util";
import { type Loaded, loadConfig } from "../config.ts";
import { nearest } from "../lib/nearest.ts";
import { flagOf, type Setting, settings } from "../settings.ts";
import { fullVersion } from "../version.ts";
import { backupNow } from "./backup-now.ts";
import { backupRestore } from "./backup-restore.ts";
import { backupStatus } from "./backup-status.ts";
import { type Command, EXIT } from "./command.ts";
import { configShow } from "./config-show.ts";
import { copy } from "./copy.ts";
import { doctor } from "./doctor.ts";
import {
  domainAllow,
  domainBlock,
  domainExport,
  domainImport,
  domainLimit,
  domainList,
  domainRemove,
} from "./domain.ts";
import { groupList } from "./group-list.ts";
import { groupPromote } from "./group-promote.ts";
import { commandHelp, groupHelp, JSON_OPTION, programHelp, usage } from "./help.ts";
import { licences } from "./licences.ts";
import { mediaMove } from "./media-move.ts";
import { mediaPrune } from "./media-prune.ts";
import { migrateCommand } from "./migrate.ts";
import type { Parts } from "./parts.ts";
import { refusalOf } from "./refused.ts";
import { searchRebuild } from "./search-rebuild.ts";
import { serve } from "./serve.ts";
import { setupLink } from "./setup-link.ts";
import { tokenCreate } from "./token-create.ts";
import { userCreate } from "./user-create.ts";
import { userDelete } from "./user-delete.ts";
import { userDisable, userEnable } from "./user-disable.ts";
import { userList } from "./user-list.ts";
import { userPromote } from "./user-promote.ts";
import { userResetFactors } from "./user-reset-factors.ts";
import { userResetPassword } from "./user-reset-password.ts";
import { userRotateKeys } from "./user-rotate-keys.ts";
import { version } from "./version.ts";

/** `commons` alone means the first. */
const commandsOf = (parts: Parts): readonly [Command, ...Command[]] => [
  serve(parts),
  setupLink(parts),
  userCreate(parts),
  userList(parts),
  userResetPassword(parts),
  userResetFactors(parts),
  userPromote(parts),
  userDelete(parts),
  userDisable(parts),
  userEnable(parts),
  userRotateKeys(parts),
  groupList(parts),
  groupPromote(parts),
  tokenCreate(parts),
  domainList(parts),
  domainBlock(parts),
  domainLimit(parts),
  domainAllow(parts),
  domainRemove(parts),
  domainImport(parts),
  domainExport(parts),
  mediaPrune(parts),
  mediaMove(parts),
  searchRebuild(parts),
  backupNow,
  backupStatus,
  backupRestore,
  configShow,
  doctor,
  migrateCommand,
  copy,
  licences,
  version,
];

/** The process around a command line. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** A person watches, not a file. */
  readonly isTerminal: boolean;
  /** One line to standard output. */
  print(line: string): void;
  /** One line to standard error. */
  complain(line: string): void;
}

interface Parsed {
  readonly words: readonly string[];
  readonly options: Readonly<Record<string, string | boolean | undefined>>;
}

/** Runs what `argv` (without the program's own name) asks for; resolves to the exit code. Rejects only for a bug. */
export async function runCommandLine(
  argv: readonly string[],
  around: Surroundings,
  parts: Parts,
): Promise<number> {
  const commands = commandsOf(parts);
  const [first = ""] = argv;
  if (["--help", "-h"].includes(first)) return help([], commands, around);
  if (first === "help") return help(argv.slice(1), commands, around);
  if (["--version", "-v", "-V"].includes(first)) return runCommand(version, argv.slice(1), around);
  const before = settingsBefore(argv);
  const words = argv.slice(before);
  if (words[0] === undefined || words[0].startsWith("-")) return runCommand(commands[0], argv, around);
  const found = commandAt(words, commands);
  if (found) {
    const rest = [...argv.slice(0, before), ...words.slice(found.name.split(" ").length)];
    return runCommand(found, rest, around);
  }
  const [group = "", next = ""] = words;
  if (["--help", "-h"].includes(next)) return help([group], commands, around);
  return misused(unknownCommand(words, commands), around);
}

const commandAt = (words: readonly string[], commands: readonly Command[]): Command | undefined =>
  [2, 1].flatMap((length) => {
    const name = words.slice(0, length).join(" ");
    return commands.find((each) => each.name === name) ?? [];
  })[0];

/** How many words at the beginning are settings: they may stand before the command too. */
function settingsBefore(argv: readonly string[]): number {
  let at = 0;
  for (let word = argv[at]; word?.startsWith("--"); word = argv[at]) {
    const setting = settings.find((each) => `--${flagOf(each)}` === word);
    at += setting !== undefined && !SWITCHES.has(word) ? 2 : 1;
  }
  return at;
}

/** About the command, or those of a group (`user`), that the words name; about everything where there are none. */
function help(words: readonly string[], commands: readonly Command[], around: Surroundings): number {
  const [first] = words;
  const command = commandAt(words, commands);
  const group = commands.filter(({ name }) => name.startsWith(`${first} `));
  if (first === undefined) around.print(programHelp(commands, fullVersion));
  else if (command !== undefined) around.print(commandHelp(command));
  else if (group.length > 0 && words.length === 1) around.print(groupHelp(group));
  else return misused(unknownCommand(words, commands), around);
  return EXIT.good;
}

function unknownCommand(words: readonly string[], commands: readonly Command[]): string {
  const names = commands.map(({ name }) => name);
  const [first = "", second] = words;
  const group = names.filter((name) => name.startsWith(`${first} `));
  if (group.length > 0 && (second === undefined || second.startsWith("-")))
    return `\`commons ${first}\` needs one more word: ${group.join(", ")}.`;
  const both = words.slice(0, 2).join(" ");
  const [typed, guess, list] =
    group.length > 0
      ? [both, nearest(both, group), `commons ${first} --help`]
      : [first, nearest(both, names) ?? nearest(first, names), "commons --help"];
  return `There is no command "${typed}".${guess ? ` Did you mean \`commons ${guess}\`?` : ""} \`${list}\` lists all.`;
}

async function runCommand(command: Command, rest: readonly string[], around: Surroundings): Promise<number> {
  if (rest.includes("--help") || rest.includes("-h")) {
    around.print(commandHelp(command));
    return EXIT.good;
  }
  const parsed = parse(command, rest);
  if (typeof parsed === "string") return misused(parsed, around);
  const { words, options } = parsed;
  const isJson = options[JSON_OPTION.name] === true;
  try {
    return await command.run({
      words,
      options,
      isJson,
      isTerminal: around.isTerminal,
      load: () => load(options, around),
      print: around.print,
      complain: around.complain,
    });
  } catch (error) {
    const refusal = refusalOf(error);
    if (refusal === null) throw error;
    const { code, message } = refusal;
    around.complain(isJson ? JSON.stringify({ error: code, message }) : message);
    return EXIT.problem;
  }
}

/** Settings that are on or off, as flags. */
const SWITCHES: ReadonlySet<string> = new Set(
  settings.filter(({ kind }) => kind === "switch").map((each) => `--${flagOf(each)}`),
);

/** The words and options of a command, or a sentence that says what is wrong with them. */
function parse(command: Command, rest: readonly string[]): Parsed | string {
  const own = [...(command.options ?? []), JSON_OPTION].map(
    ({ name, takes }) => [name, { type: takes === null ? "boolean" : "string" }] as const,
  );
  const common = (settings as readonly Setting[]).map((each) => [flagOf(each), { type: "string" }] as const);
  const known = Object.fromEntries([...common, ...own]);
  try {
    const { values, positionals } = parseArgs({
      // A setting that is on or off may be written alone, and means on.
      args: rest.map((word) => (SWITCHES.has(word) ? `${word}=true` : word)),
      options: known,
      allowPositionals: true,
      strict: true,
    });
    return wrongWords(command, positionals) ?? { words: positionals, options: values };
  } catch (error) {
    return wrongOption(error, Object.keys(known));
  }
}

function wrongWords(command: Command, words: readonly string[]): string | null {
  const all = command.words ?? [];
  const needed = all.filter((word) => !word.startsWith("["));
  if (words.length >= needed.length && words.length <= all.length) return null;
  if (words.length > all.length)
    return `"${words[all.length]}" is one word too many: commons ${usage(command)}`;
  return `${needed[words.length]} is missing: commons ${usage(command)}`;
}

function wrongOption(error: unknown, known: readonly string[]): string {
  const message = error instanceof Error ? error.message : String(error);
  const [, dashes = "", name = ""] = /[Oo]ption '(--?)([^'\s]+)/.exec(message) ?? [];
  if (message.startsWith("Unknown option")) {
    const guess = nearest(name, known);
    return `There is no option ${dashes}${name}.${guess ? ` Did you mean --${guess}?` : ""}`;
  }
  if (message.includes("does not take an argument")) return `--${name} takes no value: write it alone.`;
  return name === "" ? message : `--${name} needs a value: write --${name}=VALUE.`;
}

function load(options: Parsed["options"], around: Surroundings): Loaded {
  const flags: Record<string, string | undefined> = {};
  for (const setting of settings) {
    const value = options[flagOf(setting)];
    if (typeof value === "string") flags[setting.name] = value;
  }
  return loadConfig({ flags, env: around.env, cwd: around.cwd });
}

function misused(sentence: string, around: Surroundings): number {
  around.complain(sentence);
  return EXIT.usage;
}
