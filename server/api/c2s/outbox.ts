/** POST to an outbox: what somebody here wants to do, as the client wrote it (AP §6). */
import type { ActAsGroup } from "../../accounts/group-outbox.ts";
import type { Addresses } from "../../core/addresses.ts";
import {
  type AsObject,
  AUDIENCE_PROPERTIES,
  audienceOf,
  embedded,
  idOf,
  ids,
  typeOf,
  types,
  values,
} from "../../core/object.ts";
import type { Acted, Core } from "../../core/process.ts";
import type { Registry } from "../../core/registry.ts";
import { isJsonObject, type Json, type JsonObject } from "../../lib/json.ts";
import { isProblem, Problem } from "../../lib/problem.ts";
import { parseHttpUrl, sameOrigin } from "../../lib/url.ts";

/** Each of them costs a look-up and perhaps a delivery; whoever means more people has a group or followers. */
const MAX_AUDIENCE = 500;
/** A property that lists more things than that was not written by a person. */
const MAX_LISTED = 200;

export interface Outbox {
  /**
   * An activity, or a bare object, which is wrapped in a Create. The actor may be left out.
   * Throws Problem with the types of FEP-c180 where it cannot be done.
   */
  post(poster: Poster, given: AsObject): Promise<Acted>;
}

/** Whose outbox it is. */
export interface Poster {
  readonly actorKey: number;
  readonly name: string;
  /** The person who posts, where the outbox is that of a group. */
  readonly by?: number | null;
}

export function createOutbox(deps: {
  readonly core: Pick<Core, "act">;
  readonly registry: Registry;
  readonly addresses: Addresses;
  readonly actAsGroup: ActAsGroup;
}): Outbox {
  const { core, registry, addresses, actAsGroup } = deps;
  return {
    async post(poster, document) {
      const known = registry.knownFirst(document);
      const carries = ["Create", "Update"].some((type) => registry.isA(typeOf(known), type));
      const given = namingOurs(addresses.origin, known, carries);
      const actor = addresses.actor(poster.name);
      requireType(given);
      requireOwn(given, actor, registry.isA(typeOf(given), "Create"));
      requireAddresses(given);
      requireSize(given);
      try {
        return poster.by == null
          ? await core.act(poster.actorKey, given)
          : await actAsGroup(poster.by, poster.actorKey, given);
      } catch (error) {
        throw refusal(error);
      }
    },
  };
}

/**
 * Things of this server by their addresses alone, wherever a client embeds them: what this server publishes is believed
 * of everybody who lives here (FEP-fe34), and nobody else may say what is in them. What an activity `carries` stays: the
 * object of an Update is its owner's, that of a Create gets another address.
 */
function namingOurs(origin: string, given: AsObject, carries: boolean): AsObject {
  const named = (value: Json): Json => {
    if (Array.isArray(value)) return value.map(named);
    if (!isJsonObject(value)) return value;
    const { id } = value;
    return id !== undefined && sameOrigin(id, origin) ? id : (within(value) as JsonObject);
  };
  const within = (document: AsObject): AsObject =>
    Object.fromEntries(
      Object.entries(document).map(([property, value]) => [
        property,
        property === "@context" || value === undefined ? value : named(value),
      ]),
    );
  const inner = carries ? embedded(given, "object") : null;
  return { ...within(given), ...(inner === null ? {} : { object: within(inner) as JsonObject }) };
}

function requireType(given: AsObject): void {
  if (types(given).length > 0) return;
  throw new Problem("invalid", "Say what it is: the document has no type.", {
    field: "type",
    reason: "unsupported-type",
  });
}

/** Nobody acts or writes in the name of somebody else. */
function requireOwn(given: AsObject, actor: string, isCreate: boolean): void {
  const inner = isCreate ? embedded(given, "object") : null;
  const claims: [field: string, claimed: readonly string[]][] = [
    ["actor", ids(given, "actor")],
    ["attributedTo", ids(given, "attributedTo")],
    // The object of an Undo or a Flag is whose it is; of what is created here the author is known.
    ["object.attributedTo", inner ? ids(inner, "attributedTo") : []],
  ];
  for (const [field, claimed] of claims) {
    if (claimed.every((iri) => iri === actor)) continue;
    throw new Problem("invalid", `This outbox belongs to ${actor}: leave ${field} out, or name that actor.`, {
      field,
      reason: "principal-actor-mismatch",
    });
  }
}

/** A name or a number is no address: it would reach nobody, and whoever wrote it would never know. */
function requireAddresses(given: AsObject): void {
  for (const document of documentsIn(given)) {
    for (const field of AUDIENCE_PROPERTIES) {
      const wrong = values(document, field).find((value) => parseHttpUrl(idOf(value)) === null);
      if (wrong === undefined) continue;
      const sentence = "Name each recipient by the whole address of an actor or a collection (https://…).";
      throw new Problem("invalid", sentence, { field });
    }
  }
}

const documentsIn = (given: AsObject): readonly AsObject[] => {
  const inner = embedded(given, "object");
  return inner ? [given, inner] : [given];
};

function requireSize(given: AsObject): void {
  const documents = documentsIn(given);
  const audience = new Set(documents.flatMap(audienceOf));
  if (audience.size > MAX_AUDIENCE) {
    throw new Problem("too-large", `At most ${MAX_AUDIENCE} recipients can be named.`, { field: "to" });
  }
  for (const document of documents) {
    for (const [field, value] of Object.entries(document)) {
      if (!Array.isArray(value) || value.length <= MAX_LISTED || field in RECIPIENTS) continue;
      throw new Problem("too-large", `${field} may list ${MAX_LISTED} things.`, { field });
    }
  }
}

/** Counted above. */
const RECIPIENTS: Readonly<Record<string, true>> = {
  to: true,
  cc: true,
  bto: true,
  bcc: true,
  audience: true,
};

/** The core's refusals in the words of FEP-c180. */
function refusal(error: unknown): unknown {
  if (!isProblem(error) || error.detail.reason !== undefined) return error;
  const options = { cause: error };
  if (error.code === "forbidden") {
    return new Problem(
      "forbidden",
      error.message,
      { ...error.detail, reason: "actor-not-authorized" },
      options,
    );
  }
  // 404 would say that there is no outbox.
  if (error.code === "not-found") {
    return new Problem(
      "invalid",
      error.message,
      { ...error.detail, reason: "object-does-not-exist" },
      options,
    );
  }
  return error;
}
