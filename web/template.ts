/** Turns a template literal into markup with holes, once: htm reads it, and Preact renders its text and its holes. */
import htm from "htm";
import { jsxAttr, jsxEscape } from "preact/jsx-runtime";
import { safeHref } from "./safe-href.ts";

/** Markup with holes between: `markup[0] hole markup[1] …`. */
export interface Template {
  readonly markup: readonly string[];
  readonly holes: readonly Hole[];
}

/** A child is the value with the number `index`; of attributes, `attribute` makes the text. */
export type Hole =
  | { readonly index: number; readonly attribute?: undefined }
  | { readonly attribute: (values: readonly unknown[]) => string };

/** Attributes that a browser would load, open or send to. */
const ADDRESS_ATTRIBUTES = new Set(["href", "src", "action", "formaction", "poster", "cite", "data"]);

/** Elements without content (HTML §13.1.2). */
const VOID = /^(?:area|base|br|col|embed|hr|img|input|link|meta|source|track|wbr)$/;

/** Stands for the value with this number while htm reads: as text, as a part of a text, or spread into attributes. */
const MARK = /\uE000(\d+)\uE000/;

interface Node {
  readonly type: string;
  readonly props: Readonly<Record<string, unknown>> | null;
  readonly children: readonly unknown[];
}

export function readTemplate(parts: TemplateStringsArray): Template {
  const marks = parts.slice(1).map((_, index) => markFor(index));
  const record = (type: string, props: Node["props"], ...children: unknown[]): Node => ({
    type,
    props,
    children,
  });
  const read: unknown = htm.bind(record)(parts, ...marks);
  const markup = [""];
  const holes: Hole[] = [];
  const out = {
    text: (text: string) => {
      markup[markup.length - 1] += text;
    },
    hole: (hole: Hole) => {
      holes.push(hole);
      markup.push("");
    },
  };
  write(out, Array.isArray(read) ? read : [read]);
  return { markup, holes };
}

interface Out {
  text(text: string): void;
  hole(hole: Hole): void;
}

function write(out: Out, nodes: readonly unknown[]): void {
  for (const node of nodes) {
    const index = markedIndex(node);
    if (index !== null) out.hole({ index });
    else if (typeof node === "string") out.text(String(jsxEscape(node)));
    else if (isNode(node)) writeElement(out, node);
  }
}

function writeElement(out: Out, { type, props, children }: Node): void {
  out.text(`<${type}`);
  for (const [name, value] of Object.entries(props ?? {})) writeAttribute(out, name, value);
  if (VOID.test(type)) {
    out.text("/>");
    return;
  }
  out.text(">");
  write(out, children);
  out.text(`</${type}>`);
}

function writeAttribute(out: Out, name: string, value: unknown): void {
  const spread = MARK.exec(name)?.[1];
  const index = spread === undefined ? markedIndex(value) : Number(spread);
  if (index !== null) {
    const make = spread === undefined ? (given: unknown) => attribute(name, given) : attributes;
    out.hole({ attribute: (values) => make(values[index]) });
  } else if (typeof value === "string" && MARK.test(value)) {
    const pieces = value.split(MARK);
    const join = (values: readonly unknown[]) =>
      pieces.map((piece, i) => (i % 2 ? values[Number(piece)] : piece)).join("");
    out.hole({ attribute: (values) => attribute(name, join(values)) });
  } else {
    out.text(attribute(name, value));
  }
}

const attributes = (given: unknown): string =>
  Object.entries(given as object)
    .map(([name, value]) => attribute(name, value))
    .join("");

/** ` name="value"`, ` name`, or nothing; an address that could run code is nothing. */
function attribute(name: string, value: unknown): string {
  if (value === null || value === undefined || name === "key") return "";
  if (ADDRESS_ATTRIBUTES.has(name) && typeof value === "string" && safeHref(value) === undefined) return "";
  // `aria-pressed="false"` says something, other attributes say no by not being there (WAI-ARIA 1.2 §6.2.2).
  const markup = jsxAttr(
    name,
    typeof value === "boolean" && /^(?:aria|data)-/.test(name) ? String(value) : value,
  );
  return markup ? ` ${markup}` : "";
}

function markFor(index: number): object {
  const token = `\uE000${index}\uE000`;
  return Object.assign(Object.create({ toString: () => token }) as object, { [token]: true });
}

const markedIndex = (value: unknown): number | null =>
  typeof value === "object" && value !== null && !isNode(value)
    ? Number(MARK.exec(String(value))?.[1] ?? Number.NaN)
    : null;

const isNode = (value: unknown): value is Node =>
  typeof value === "object" && value !== null && "children" in value;
