/** The one binding of htm to Preact; no address that could run code gets past it. */
import htm from "htm";
import { type ComponentChildren, h } from "preact";

/** Anything a page can contain: an element, text, a list of these, or nothing. */
export type Html = ComponentChildren;

/** Attributes that a browser would load, open or send to. */
const ADDRESS_ATTRIBUTES = ["href", "src", "action", "formaction", "poster", "cite", "data"] as const;

/** Schemes that a link may have; addresses without one are ours. */
const SAFE_SCHEMES = new Set(["http:", "https:", "mailto:", "tel:", "xmpp:", "geo:"]);

/** The address as it is, or undefined where following it could run code (`javascript:`, `data:`, …). */
export function safeHref(url: string | null | undefined): string | undefined {
  if (url === null || url === undefined) return undefined;
  // Browsers skip white space and control characters in front of and inside the scheme (WHATWG URL §4.1).
  const scheme = /^[a-z][a-z0-9+.-]*:/i.exec(url.replace(/[\p{Cc}\s]/gu, ""))?.[0];
  return scheme === undefined || SAFE_SCHEMES.has(scheme.toLowerCase()) ? url : undefined;
}

type Props = Record<string, unknown>;

function element(type: string, props: Props | null, ...children: Html[]): Html {
  if (props === null) return h(type, null, ...children);
  for (const name of ADDRESS_ATTRIBUTES) {
    const value = props[name];
    if (typeof value === "string" && safeHref(value) === undefined) {
      return element(type, { ...props, [name]: undefined }, ...children);
    }
  }
  return h(type, props, ...children);
}

/** `` html`<a href=${url}>${name}</a>` ``: components are called inside the holes, never used as tags. */
export const html: (parts: TemplateStringsArray, ...holes: unknown[]) => Html = htm.bind(element);
