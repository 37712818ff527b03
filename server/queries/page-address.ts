/** What lies behind the address of a page that people copy from a browser or an app: ours, or one that names a thing known here. */
import type { Addresses } from "../core/addresses.ts";
import type { Look } from "../core/behaviour.ts";
import type { Entity } from "../core/entity.ts";
import { parseKey } from "../lib/id.ts";
import { parseHttpUrl } from "../lib/url.ts";
import { pageUrl } from "./plain.ts";
import type { Queries } from "./queries.ts";

export interface PageDeps {
  readonly look: Look;
  readonly addresses: Addresses;
  readonly queries: Pick<Queries, "actorByHandle">;
}

/** `/@alice`, `/@alice/123`, `/@bob@there.example/123`: pages of people and of posts, here and in kindred software. */
const PAGE = /^\/@([^/]{1,500})(?:\/(\d{1,20}))?\/?$/;

/** The row of this address, or that whose page it is, as far as it is here; asks nobody. */
export async function findAt(deps: PageDeps, address: string): Promise<Entity | null> {
  const known = await deps.look.find(address);
  if (known?.document) return known;
  const url = parseHttpUrl(address);
  const [, name, post] = PAGE.exec(url?.pathname ?? "") ?? [];
  if (url === null || name === undefined) return known;
  const found = deps.addresses.isOurs(`${url.origin}/`)
    ? await onOurs(deps, name, post)
    : await onTheirs(deps, url, name, post);
  return found ?? known;
}

async function onOurs({ look, queries }: PageDeps, name: string, post?: string): Promise<Entity | null> {
  if (post !== undefined) {
    const key = parseKey(post);
    const found = key === null ? null : await look.byKey(key);
    return found?.kind === "object" ? found : null;
  }
  const actor = await queries.actorByHandle(decoded(name));
  return actor && look.byKey(actor.key);
}

/** Nobody keeps the addresses of all pages: what has one is looked for where Mastodon and we keep it, and says so itself. */
async function onTheirs(
  { look, queries }: PageDeps,
  { origin, host, pathname }: URL,
  name: string,
  post?: string,
): Promise<Entity | null> {
  // The page of somebody from a third server; what it shows is known by another address.
  if (decoded(name).includes("@")) return null;
  const page = `${origin}${pathname.replace(/\/$/, "")}`;
  if (post === undefined) {
    const actor = await queries.actorByHandle(`${decoded(name)}@${host}`);
    const found = actor && (await look.byKey(actor.key));
    return pageOf(found) === page ? found : null;
  }
  const places = [`${origin}/users/${name}/statuses/${post}`, `${origin}/objects/${post}`];
  for (const found of (await look.findMany(places)).values()) {
    const author = found.owner === null ? null : await look.byKey(found.owner);
    // Ours do not say it: it is below that of their author.
    if ((pageOf(found) ?? `${pageOf(author)}/${post}`) === page) return found;
  }
  return null;
}

const pageOf = (entity: Entity | null): string | null => (entity?.document ? pageUrl(entity.document) : null);

/** As somebody wrote it who may have escaped what needs none, or escaped it badly. */
function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
