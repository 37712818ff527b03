/** Structured field values of HTTP, written in their one canonical form (RFC 9651 §4.1). */
import { Problem } from "../lib/problem.ts";
import { type BareItem, type Dictionary, isInnerList, type Member, type Parameters } from "./structured.ts";

/** RFC 9651 §3.3.1: fifteen digits. */
const MAX_INTEGER = 999_999_999_999_999;
/** RFC 9651 §3.3.2: twelve digits before the point. */
const MAX_DECIMAL = 999_999_999_999.999;

/**
 * A dictionary field; an empty one gives "", which stands for no field at all.
 * Throws Problem `invalid` for what cannot be written: a bad name, number or character.
 */
export const writeDictionary = (dictionary: Dictionary): string =>
  [...dictionary]
    .map(([name, member]) => {
      const isTrue = !isInnerList(member) && member.bare.type === "boolean" && member.bare.value;
      if (isTrue) return writeKey(name) + writeParameters(member.parameters);
      return `${writeKey(name)}=${writeMember(member)}`;
    })
    .join(", ");

/**
 * A list field; an empty one gives "", which stands for no field at all. Throws as `writeDictionary`.
 * @internal No field that we write is one; the published cases hold the writers to it.
 */
export const writeList = (members: readonly Member[]): string => members.map(writeMember).join(", ");

/** An item or inner list with its parameters. Throws as `writeDictionary`. */
export function writeMember(member: Member): string {
  if (!isInnerList(member)) return writeBareItem(member.bare) + writeParameters(member.parameters);
  return `(${member.items.map(writeMember).join(" ")})${writeParameters(member.parameters)}`;
}

function writeParameters(parameters: Parameters): string {
  let text = "";
  for (const [name, bare] of parameters) {
    text += `;${writeKey(name)}`;
    if (bare.type !== "boolean" || !bare.value) text += `=${writeBareItem(bare)}`;
  }
  return text;
}

function writeKey(name: string): string {
  if (!/^[a-z*][a-z0-9_\-.*]*$/.test(name)) throw unwritable("name", name);
  return name;
}

function writeBareItem(bare: BareItem): string {
  switch (bare.type) {
    case "integer":
      return writeInteger(bare.value);
    case "decimal":
      return writeDecimal(bare.value);
    case "date":
      return `@${writeInteger(bare.value)}`;
    case "string":
      if (!/^[\x20-\x7e]*$/.test(bare.value)) throw unwritable("string", bare.value);
      return `"${bare.value.replace(/["\\]/g, "\\$&")}"`;
    case "token":
      if (!/^[A-Za-z*][A-Za-z0-9:/!#$%&'*+\-.^_`|~]*$/.test(bare.value))
        throw unwritable("token", bare.value);
      return bare.value;
    case "display":
      return writeDisplayString(bare.value);
    case "binary":
      return `:${Buffer.from(bare.value).toString("base64")}:`;
    case "boolean":
      return bare.value ? "?1" : "?0";
    default:
      return bare satisfies never;
  }
}

function writeInteger(value: number): string {
  if (!Number.isInteger(value) || Math.abs(value) > MAX_INTEGER) throw unwritable("integer", value);
  return String(value === 0 ? 0 : value);
}

// RFC 9651 §4.1.5: three places, halves to the even neighbour, at least one place written.
function writeDecimal(value: number): string {
  const thousandths = roundHalfToEven(value * 1000);
  if (!(Math.abs(thousandths) <= MAX_DECIMAL * 1000)) throw unwritable("decimal", value);
  const whole = Math.trunc(Math.abs(thousandths) / 1000);
  const fraction = String(Math.abs(thousandths) % 1000)
    .padStart(3, "0")
    .replace(/0{1,2}$/, "");
  return `${thousandths < 0 ? "-" : ""}${whole}.${fraction}`;
}

function roundHalfToEven(value: number): number {
  const below = Math.floor(value);
  if (value - below !== 0.5) return Math.round(value);
  return below % 2 === 0 ? below : below + 1;
}

function writeDisplayString(value: string): string {
  if (!value.isWellFormed()) throw unwritable("display string", value);
  let text = "";
  for (const byte of Buffer.from(value)) {
    const isPlain = byte >= 0x20 && byte <= 0x7e && byte !== 0x25 && byte !== 0x22;
    text += isPlain ? String.fromCharCode(byte) : `%${byte.toString(16).padStart(2, "0")}`;
  }
  return `%"${text}"`;
}

const unwritable = (what: string, value: string | number): Problem =>
  new Problem("invalid", `Use a ${what} that a structured field can hold, not ${JSON.stringify(value)}.`);
