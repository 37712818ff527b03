/** The people of the benchmark's world, as rows. */
import { type AsObject, typeOf } from "../../server/core/object.ts";
import * as write from "../../server/core/store-writes.ts";
import type { Sql } from "../../server/lib/sql.ts";
import { remoteActorDocument } from "./documents.ts";
import type { RemoteActor } from "./world.ts";

/** Somebody elsewhere, as `core/resolve.ts` stores whom it fetched. */
export function insertActor(given: {
  readonly actor: RemoteActor;
  readonly key: number;
  readonly host: number;
  readonly publicPem: string;
  readonly nowMs: number;
}): readonly Sql[] {
  const { actor, key } = given;
  const { "@context": _, ...document } = remoteActorDocument(actor, given.publicPem) as AsObject;
  return [
    write.insertObject({
      key,
      iri: actor.iri,
      host: given.host,
      kind: "actor",
      type: typeOf(document as AsObject),
      owner: null,
      subject: null,
      visibility: "public",
      document: document as AsObject,
      updatedMs: null,
      fetchedMs: given.nowMs,
    }),
    write.upsertActor(key, {
      handle: `${actor.name}@${actor.host}`,
      inbox: actor.inbox,
      sharedInbox: actor.sharedInbox,
    }),
  ];
}

/** One follows the other, because of a Follow with the key `cause`. */
export function follow(
  who: { readonly key: number; readonly iri: string; readonly host: number },
  whom: { readonly key: number; readonly iri: string },
  cause: number,
): readonly Sql[] {
  const iri = `${who.iri}#follow-${cause}`;
  return [
    write.insertObject({
      key: cause,
      iri,
      host: who.host,
      kind: "activity",
      type: "Follow",
      owner: who.key,
      ownerIri: who.iri,
      subject: whom.key,
      visibility: "direct",
      document: { id: iri, type: "Follow", actor: who.iri, object: whom.iri },
      updatedMs: null,
      fetchedMs: null,
    }),
    write.ensureCollection(whom.key, "followers"),
    ...write.addMember(whom.key, "followers", who.key, cause),
    ...(who.host === 0
      ? [
          write.ensureCollection(who.key, "following"),
          ...write.addMember(who.key, "following", whom.key, cause),
        ]
      : []),
  ];
}
