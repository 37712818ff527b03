/** What a setting may hold: how each kind of value is written, read and refused. */
import { existsSync, statSync } from "node:fs";
import { isIP } from "node:net";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { isProblem } from "./lib/problem.ts";
import { normaliseHost } from "./lib/url.ts";
import { bucketOf } from "./media/bucket.ts";
import { translationServiceOf } from "./site/translate.ts";
import { targetOf } from "./storage/sqlite/replica.ts";

/** A list is a choice of words; a range is a whole number. */
export type Kind = PlainKind | readonly string[] | { readonly from: number; readonly to: number };
type PlainKind =
  | "text"
  | "path"
  | "file"
  | "port"
  | "origin"
  | "postgres"
  | "replica"
  | "bucket"
  | "translation"
  | "addresses"
  | "hosts"
  | "switch"
  | "size";

/** Sizes are in bytes. */
export type ValueOf<K> = K extends "addresses" | "hosts"
  ? readonly string[]
  : K extends "switch"
    ? boolean
    : K extends "port" | "size" | { readonly from: number }
      ? number
      : K extends readonly (infer Word)[]
        ? Word
        : string;

/** `wrong` finishes a sentence that begins with the setting: "must be …". */
type Parsed = { readonly value: unknown } | { readonly wrong: string };

/** Reads `text`; relative paths start from `base`. */
export function parseValue(kind: Kind, text: string, base: string): Parsed {
  if (typeof kind === "string") return PLAIN[kind](text.trim(), base);
  if ("from" in kind) return wholeNumber(text.trim(), kind.from, kind.to);
  return kind.includes(text.trim())
    ? { value: text.trim() }
    : { wrong: `must be one of ${kind.join(", ")}.` };
}

/** Passwords are made with signs that mean something else in an address. */
const NO_POSTGRES =
  "is no whole address like postgres://user:password@host:5432/name. In the password write %23 for #, %2F for /, %3F for ? and %40 for @.";

const PLAIN: Record<PlainKind, (text: string, base: string) => Parsed> = {
  text: (text) => (text === "" ? { wrong: "is empty: write a value, or leave it out." } : { value: text }),
  path: (text, base) => (text === "" ? { wrong: "must be a path." } : { value: resolve(base, text) }),
  file: (text, base) => {
    const path = resolve(base, text);
    if (!existsSync(path))
      return { wrong: "does not exist, or this user may not look there. Correct the path." };
    return statSync(path).isDirectory() ? { wrong: "is a folder. Name a file in it." } : { value: path };
  },
  port: (text) => wholeNumber(text, 1, 65_535),
  origin,
  postgres: (text) => {
    if (!/^postgres(ql)?:\/\/./.test(text))
      return { wrong: "must begin with postgres://; leave it out to use SQLite in the data folder." };
    return URL.canParse(text) ? { value: text } : { wrong: NO_POSTGRES };
  },
  replica,
  bucket: readable(bucketOf),
  translation: readable(translationServiceOf),
  addresses,
  hosts,
  switch: (text) => {
    if (/^(1|true|yes|on)$/i.test(text)) return { value: true };
    if (/^(0|false|no|off)$/i.test(text)) return { value: false };
    return { wrong: "must be true or false." };
  },
  size,
};

function wholeNumber(text: string, from: number, to: number): Parsed {
  const value = Number(text);
  const isGood = /^\d+$/.test(text) && value >= from && value <= to;
  return isGood ? { value } : { wrong: `must be a whole number from ${from} to ${to}.` };
}

function origin(text: string): Parsed {
  if (!URL.canParse(text) || !/^https?:\/\//i.test(text))
    return { wrong: "must be a whole address like https://pub.example." };
  const url = new URL(text);
  const hasMore = url.pathname !== "/" || url.search || url.hash || url.username || url.password;
  if (hasMore) return { wrong: `must end after the host: write ${url.origin}.` };
  return { value: url.origin };
}

function replica(text: string, base: string): Parsed {
  if (text === "") return { wrong: "must be a folder, s3://bucket/path or sftp://user@host/path." };
  const isUrl = /^[a-z0-9]+:\/\//i.test(text);
  const url = isUrl ? text : resolve(base, text);
  try {
    targetOf({ url });
    return { value: url.startsWith("file:") ? fileURLToPath(url) : url };
  } catch (error) {
    if (!isProblem(error)) throw error;
    return { wrong: `cannot be used. ${error.message}` };
  }
}

/** A text that `read` takes apart where it is used, and that it refuses here already. */
function readable(read: (text: string) => unknown): (text: string) => Parsed {
  return (text) => {
    try {
      read(text);
      return { value: text };
    } catch (error) {
      if (!isProblem(error)) throw error;
      return { wrong: error.message };
    }
  };
}

function addresses(text: string): Parsed {
  const items = text.split(/[\s,]+/).filter(Boolean);
  const bad = items.find((item) => !isAddressOrNetwork(item));
  return bad === undefined
    ? { value: items }
    : { wrong: `has "${bad}", which is no IP address or network like 10.0.0.0/8.` };
}

/** In normal form; a port is part of a host. */
function hosts(text: string): Parsed {
  const items = text.split(/[\s,]+/).filter(Boolean);
  const bad = items.find((item) => normaliseHost(item) === null);
  return bad === undefined
    ? { value: items.map(normaliseHost) }
    : { wrong: `has "${bad}", which is no host like sso.school.example or 10.0.0.5:8443.` };
}

function isAddressOrNetwork(item: string): boolean {
  const [address = "", bits, ...rest] = item.split("/");
  const version = isIP(address);
  if (version === 0 || rest.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128));
}

const UNITS: Record<string, number> = { "": 1, k: 1e3, m: 1e6, g: 1e9 };

/** Less than any picture: whoever writes that has forgotten the unit. */
const MIN_SIZE_BYTES = 100_000;

function size(text: string): Parsed {
  const match = /^(\d+(?:\.\d+)?)\s*([kmg]?)b?$/i.exec(text);
  const unit = UNITS[match?.[2]?.toLowerCase() ?? ""];
  if (!match || unit === undefined) return { wrong: "must be a size like 40MB." };
  const value = Math.round(Number(match[1]) * unit);
  return value < MIN_SIZE_BYTES ? { wrong: "must be 100kB or more: write the unit, like 40MB." } : { value };
}
