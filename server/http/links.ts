/** `Link` headers (RFC 8288). */

export interface WebLink {
  readonly href: string;
  readonly rel: string;
  /** Further parameters, such as `type`. */
  readonly [parameter: string]: string;
}

/** Whatever is not printable ASCII, and what would end the reference. */
const NOT_IN_A_LINK = /[^\x21\x23-\x3b\x3d\x3f-\x7e]+/gu;

/** `<https://a.test/?before=5>; rel="next", …`; empty when there are none. */
export const linkHeader = (links: readonly WebLink[]): string =>
  links
    .map(({ href, ...parameters }) =>
      [
        `<${href.toWellFormed().replace(NOT_IN_A_LINK, encodeURIComponent)}>`,
        ...Object.entries(parameters).map(([name, value]) => `${name}="${quoted(value)}"`),
      ].join("; "),
    )
    .join(", ");

/** The address with these parameters in place of any of the same name; null takes one out. */
export function withQuery(url: string, parameters: Readonly<Record<string, string | number | null>>): string {
  const changed = new URL(url);
  for (const [name, value] of Object.entries(parameters)) {
    if (value === null) changed.searchParams.delete(name);
    else changed.searchParams.set(name, String(value));
  }
  return changed.href;
}

const quoted = (value: string): string => value.replace(/[\r\n]+/g, " ").replace(/(["\\])/g, "\\$1");
