/** What on a page others may add to while it is open, and the address at which it hears of that. */

export const LIVE_PATH = "/live";

/** What a page shows that others may add to. */
export type LivePlace =
  | { readonly on: "home" | "here" | "everywhere" | "notices" }
  | { readonly on: "tag"; readonly name: string }
  | { readonly on: "group" | "list" | "thread"; readonly key: number };

/** The address that the page listens at. */
export function liveAddress(place: LivePlace | null): string {
  if (place === null) return LIVE_PATH;
  const query = new URLSearchParams({ on: place.on });
  if (place.on === "tag") query.set("name", place.name);
  if ("key" in place) query.set("key", String(place.key));
  return `${LIVE_PATH}?${query}`;
}
