/** What a browser tells of itself, in words. */

/** `Firefox · Linux`, as far as a User-Agent tells; null where it tells nothing. */
export function deviceOf(agent: string): string | null {
  const browser = /(Firefox|Edg|OPR|Chrome|Safari)\//.exec(agent)?.[1];
  const system = /(Windows|Android|iPhone|iPad|Mac OS X|CrOS|Linux)/.exec(agent)?.[1];
  if (!browser) return null;
  const name = { Edg: "Edge", OPR: "Opera" }[browser] ?? browser;
  return system ? `${name} · ${system === "Mac OS X" ? "macOS" : system}` : name;
}
