/** What the programs behind actors can do (FEP-844e): ours told, theirs read. */
import { type AsObject, embeddedAll, idOf, typeOf, values } from "../core/object.ts";
import { isJsonObject } from "../lib/json.ts";

const RFC9421 = "https://datatracker.ietf.org/doc/html/rfc9421";
const OURS = [{ href: RFC9421, name: "RFC-9421: HTTP Message Signatures" }];
/** Registries have one entry today; whoever lists hundreds wants something else. */
const MAX_READ = 50;

/** An actor of ours with what this server implements: in itself where it is the server's own, else in its `generator`. */
export const withCapabilities = (actor: AsObject): AsObject =>
  typeOf(actor) === "Application"
    ? { ...actor, implements: OURS }
    : { ...actor, generator: { type: "Application", implements: OURS } };

/** Whether an actor elsewhere says that its server reads RFC 9421. */
export const readsRfc9421 = (actor: AsObject): boolean =>
  [actor, ...embeddedAll(actor, "generator")].some(implementsIt);

const implementsIt = (application: AsObject): boolean =>
  typeOf(application) === "Application" &&
  values(application, "implements")
    .slice(0, MAX_READ)
    .some((link) => (isJsonObject(link) ? idOf(link.href) : idOf(link)) === RFC9421);
