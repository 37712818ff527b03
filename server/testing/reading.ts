/** Everything that reads, over one house of a village. */
import { createAddresses } from "../core/addresses.ts";
import type { Extension } from "../core/behaviour.ts";
import { createRegistry } from "../core/registry.ts";
import type { Now } from "../lib/clock.ts";
import { createTimelines } from "../queries/timeline.ts";
import { createViews } from "../queries/views.ts";
import { vocabularies } from "../vocab/index.ts";
import type { House } from "./village.ts";

/** `clean` leaves HTML as it is unless told otherwise: what is tested is what views do with it. */
export function readingOf(
  house: House,
  now: Now,
  options: { readonly extensions?: readonly Extension[]; readonly clean?: (html: string) => string } = {},
) {
  const registry = createRegistry([...vocabularies, ...(options.extensions ?? [])]);
  const addresses = createAddresses(house.origin);
  const { db } = house;
  const clean = options.clean ?? ((html: string) => html);
  const views = createViews({ db, registry, addresses, now, clean, language: "en" });
  return { views, timelines: createTimelines({ db, registry, views }) };
}
