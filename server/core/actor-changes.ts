/** What an actor here may say of itself: of known properties the form, the length and where addresses lead. */
import { isJsonObject, type Json } from "../lib/json.ts";
import { Problem } from "../lib/problem.ts";
import { parseHttpUrl } from "../lib/url.ts";
import type { AsObject } from "./object.ts";

/** A name fits a card; readers cut longer ones off. */
const MAX_NAME = 200;
/** As much as other servers take of a summary, markup included, and of what stands in one line of a profile. */
const MAX_SUMMARY = 20_000;
const MAX_LINE = 2048;
/** Names of the same person elsewhere: as many as other servers take. */
const MAX_ALIASES = 256;

type Check = (value: Json) => string | null;

const all =
  (check: Check): Check =>
  (value) =>
    [value].flat().reduce<string | null>((wrong, each) => wrong ?? check(each), null);

const flag: Check = (value) => (typeof value === "boolean" ? null : "This is either true or false.");

const textOf =
  (max: number): Check =>
  (value) =>
    typeof value !== "string"
      ? "This is a text."
      : [...value].length > max
        ? `Make it shorter: at most ${max} characters.`
        : null;

/** A text in several languages. */
const texts =
  (max: number): Check =>
  (value) =>
    isJsonObject(value)
      ? all(textOf(max))(Object.values(value).map((text) => text ?? ""))
      : "This maps languages to texts.";

const address: Check = (value) =>
  parseHttpUrl(value) === null ? "Give addresses that begin with https:// or http://." : null;

/** Also a decentralised identifier, which is no address at all. */
const alias: Check = (value) =>
  typeof value === "string" && /^did:[a-z\d]+:[\w.:%-]+$/.test(value) ? null : address(value);

const aliases: Check = (value) =>
  [value].flat().length > MAX_ALIASES ? `Name at most ${MAX_ALIASES}.` : all(alias)(value);

/** An address, or something with one in its `url` or `href`. */
const picture: Check = (value) => {
  if (!isJsonObject(value)) return address(value);
  const within = value.url ?? value.href;
  return within === undefined ? "Give the picture with its address." : all(picture)(within);
};

/** Of a line of the profile both halves; whatever else is attached is nobody's business here. */
const attachment: Check = (value) => {
  if (!isJsonObject(value) || value.type !== "PropertyValue") return null;
  const half = textOf(MAX_LINE);
  return half(value.name ?? "") ?? half(value.value ?? "");
};

const CHECKS: Readonly<Record<string, Check>> = {
  name: textOf(MAX_NAME),
  nameMap: texts(MAX_NAME),
  summary: textOf(MAX_SUMMARY),
  summaryMap: texts(MAX_SUMMARY),
  manuallyApprovesFollowers: flag,
  discoverable: flag,
  indexable: flag,
  alsoKnownAs: aliases,
  movedTo: address,
  icon: all(picture),
  image: all(picture),
  attachment: all(attachment),
};

/** @throws Problem `invalid` with the field that is wrong; null, which removes a property, is always right. */
export function requireActorChanges(changes: AsObject): void {
  for (const [field, check] of Object.entries(CHECKS)) {
    const value = changes[field];
    const wrong = value === undefined || value === null ? null : check(value);
    if (wrong !== null) throw new Problem("invalid", wrong, { field });
  }
}
