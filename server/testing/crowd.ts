/** Many people of another server, who have never been asked for anything. */
import { hostKey } from "../core/store.ts";
import {
  addMember,
  ensureCollection,
  insertAddress,
  insertObject,
  upsertActor,
} from "../core/store-writes.ts";
import type { Opened } from "../open.ts";

/** Rows of so many people in one batch. */
const AT_ONCE = 200;

/** Keys of `count` new people there. */
export async function crowd(
  { db, keys }: Pick<Opened, "db" | "keys">,
  hostName: string,
  count: number,
): Promise<readonly number[]> {
  const host = await hostKey(db, hostName);
  const made = Array.from({ length: count }, (_, n) => ({ key: keys.next(), name: `p${n}` }));
  for (let at = 0; at < count; at += AT_ONCE)
    await db.batch(
      made.slice(at, at + AT_ONCE).flatMap(({ key, name }) => {
        const iri = `https://${hostName}/users/${name}`;
        const inbox = `${iri}/inbox`;
        const document = { id: iri, type: "Person", preferredUsername: name, inbox };
        const about = { owner: null, subject: null, updatedMs: null, fetchedMs: null };
        return [
          insertObject({
            ...about,
            key,
            iri,
            host,
            kind: "actor",
            type: "Person",
            visibility: "public",
            document,
          }),
          upsertActor(key, { handle: `${name}@${hostName}`, inbox, sharedInbox: null }),
        ];
      }),
    );
  return made.map(({ key }) => key);
}

/** Puts all of them into a list of somebody's, each by an activity of its own of which no more than the address is known. */
export async function putInto(
  { db, keys }: Pick<Opened, "db" | "keys">,
  owner: number,
  name: string,
  items: readonly number[],
): Promise<void> {
  for (let at = 0; at < items.length; at += AT_ONCE)
    await db.batch([
      ensureCollection(owner, name),
      ...items.slice(at, at + AT_ONCE).flatMap((item) => {
        const cause = keys.next();
        const iri = `https://acts.test/${cause}`;
        return [insertAddress(cause, iri, 0), ...addMember(owner, name, item, cause)];
      }),
    ]);
}
