/** `proxyUrl`: a document from elsewhere, fetched by this server for a client that cannot sign (AP §4.1). */
import { speaksForItself } from "../../core/access.ts";
import type { Addresses } from "../../core/addresses.ts";
import { withoutHidden } from "../../core/audience.ts";
import type { Look } from "../../core/behaviour.ts";
import type { AsObject } from "../../core/object.ts";
import type { Registry } from "../../core/registry.ts";
import type { FetchDocument } from "../../federation/fetch-key.ts";
import type { Publisher } from "../../federation/publish.ts";
import { isPartialFollowers } from "../../federation/synchronise.ts";
import { isProblem, Problem } from "../../lib/problem.ts";
import { parseHttpUrl, sameOrigin } from "../../lib/url.ts";

export interface Proxy {
  /**
   * What stands at the address, as far as the viewer may see it: what is known is given from here, collections are
   * asked of their origin each time, but never who of us follows somebody there: that is told to this server alone
   * (FEP-8fcf). Throws Problem `invalid`, and `not-found` whether it is not there, cannot be had
   * or is not for this viewer.
   */
  get(viewer: number, iri: string): Promise<AsObject>;
}

export function createProxy(deps: {
  readonly look: Look;
  readonly registry: Registry;
  readonly addresses: Addresses;
  readonly assemble: Publisher["assemble"];
  readonly fetchDocument: FetchDocument;
}): Proxy {
  const { look, registry, addresses } = deps;

  async function get(viewer: number, iri: string): Promise<AsObject> {
    if (parseHttpUrl(iri) === null) {
      throw new Problem("invalid", "Give the whole address of what you want in the field id.", {
        field: "id",
      });
    }
    if (isPartialFollowers(iri)) throw notHere();
    const entity = await look.fetch(iri);
    if (!entity?.document) return collection(iri);
    if (entity.deletedMs !== null || !(await look.maySee(viewer, entity.key))) throw notHere();
    return entity.kind === "activity" ? deps.assemble(entity) : withoutHidden(entity.document);
  }

  /** Lists change all the time and are not kept; their members are asked for one by one. */
  async function collection(iri: string): Promise<AsObject> {
    if (addresses.isOurs(iri)) throw notHere();
    try {
      const { document, finalUrl } = await deps.fetchDocument(iri);
      if (document === null || registry.kindOf(document) !== "collection") throw notHere();
      if (!speaksForItself(document, iri) || !sameOrigin(finalUrl, iri)) throw notHere();
      return document;
    } catch (error) {
      throw isProblem(error) ? notHere(error) : error;
    }
  }

  return { get };
}

const notHere = (cause?: unknown): Problem =>
  new Problem(
    "not-found",
    "Nothing that you may see can be had from this address.",
    { field: "id" },
    { cause },
  );
