/** The one binding of htm to Preact: literals become vnodes of ready markup; no address that could run code gets past it. */
import { type ComponentChildren, Fragment, isValidElement, type VNode } from "preact";
import { jsx, jsxEscape } from "preact/jsx-runtime";
import { readTemplate, type Template } from "./template.ts";

/** Anything a page can contain: an element, text, a list of these, or nothing. */
export type Html = ComponentChildren;

/** Every literal of the program once, by its identity. */
const templates = new WeakMap<TemplateStringsArray, Template>();

/** `` html`<a href=${url}>${name}</a>` ``: components are called inside the holes, never used as tags. */
export function html(parts: TemplateStringsArray, ...values: unknown[]): Html {
  let template = templates.get(parts);
  if (template === undefined) {
    template = readTemplate(parts);
    templates.set(parts, template);
  }
  const { markup, holes } = template;
  const joined: Joined = { tpl: [markup[0] ?? ""], exprs: [] };
  for (let i = 0; i < holes.length; i++) {
    const hole = holes[i];
    if (hole?.attribute) addText(joined, hole.attribute(values));
    else if (hole) addChild(joined, values[hole.index]);
    addText(joined, markup[i + 1] ?? "");
  }
  return jsx(Fragment as unknown as string, joined as object);
}

/** Markup that `html` made before, as a part of a page. Never anything that a person wrote. */
export const ready = (markup: string): Html =>
  jsx(Fragment as unknown as string, { tpl: [markup], exprs: [] } as object);

/** Markup with vnodes between, in the form of Preact's precompiled templates; ready markup is one piece of text. */
interface Joined {
  readonly tpl: string[];
  readonly exprs: unknown[];
}

function addText(joined: Joined, text: string): void {
  joined.tpl[joined.tpl.length - 1] += text;
}

function addChild(joined: Joined, value: unknown): void {
  if (typeof value === "string") {
    addText(joined, jsxEscape(value) as string);
  } else if (typeof value === "number") {
    addText(joined, String(value));
  } else if (Array.isArray(value)) {
    for (const one of value) addChild(joined, one);
  } else if (isValidElement(value)) {
    addVnode(joined, value);
  }
}

/** Ready markup joins the text around it; only a vnode of another making stays one. */
function addVnode(joined: Joined, vnode: VNode): void {
  const { tpl } = vnode.props as Partial<Joined>;
  if (tpl?.length === 1) {
    addText(joined, tpl[0] ?? "");
  } else {
    joined.exprs.push(vnode);
    joined.tpl.push("");
  }
}
