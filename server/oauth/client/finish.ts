/** Somebody comes back from elsewhere: that it is the same browser, from the same place, and who they are there. */
import type { Identity } from "../../accounts/identities.ts";
import type { Step, Steps } from "../../accounts/steps.ts";
import type { Now } from "../../lib/clock.ts";
import { Problem } from "../../lib/problem.ts";
import { sameSecret } from "../../lib/secret.ts";
import type { Db } from "../../storage/db.ts";
import type { Discover } from "./discover.ts";
import type { Fediverse } from "./fediverse.ts";
import type { Providers } from "./providers.ts";
import { getRemoteClient, type Journey, type Provider, type RemoteClient, readJourney } from "./store.ts";
import { type Answer, type Claims, openIdClaims, profileClaims } from "./verify.ts";
import type { Wire, WireFor } from "./wire.ts";

/** A line of a card. */
const MAX_LABEL_LENGTH = 200;
/** RFC 5321 §4.5.3.1.3: the longest address; names are shorter. */
const MAX_TEXT_LENGTH = 254;

export interface Returned {
  readonly journey: Journey;
  /** Who set out, where somebody was signed in. */
  readonly account: number | null;
  readonly identity: Identity;
  /** What the place tells of the person, for a new account; proves nothing. */
  readonly profile: { readonly name: string; readonly displayName: string; readonly email: string | null };
  /** An address that the place says it has checked. */
  readonly verifiedEmail: string | null;
  readonly provider: Pick<Provider, "admits" | "domains"> | null;
}

export function createFinish(deps: {
  db: Db;
  now: Now;
  steps: Steps;
  discover: Discover;
  fediverse: Fediverse;
  providers: Providers;
  wireFor: WireFor;
  /** To servers of the Fediverse. */
  federatedWire: Wire;
  redirectUri: (from: string) => string;
}) {
  const { db, now, steps, discover, fediverse, providers, wireFor, federatedWire, redirectUri } = deps;

  /** RFC 6749 §10.12: state that this browser set out with, for the place that it comes from; good once. */
  async function setOut(
    from: string,
    state: string,
    binding: string,
  ): Promise<{ step: Step; journey: Journey }> {
    const known = await steps.look("away", state);
    const journey = readJourney(known?.data);
    if (known === null || journey === null) throw tooLate();
    if (!sameSecret(journey.binding, binding) || journey.from !== from) {
      throw new Problem(
        "forbidden",
        "This answer belongs to another browser or another place. Sign in again.",
        {
          reason: "elsewhere-mismatch",
        },
      );
    }
    if ((await steps.take("away", state)) === null) throw tooLate();
    return { step: known, journey };
  }

  async function atProvider(journey: Journey, provider: Provider, rest: Pick<Answer, "params" | "state">) {
    const place = await discover.place(provider);
    const wire = wireFor(provider.issuer);
    const answer = { ...rest, place, journey, redirectUri: redirectUri(journey.from) };
    const { subject, claims } = await wire.asking(provider.name, () =>
      provider.kind === "oidc"
        ? openIdClaims(wire, now, answer)
        : profileClaims(wire, answer, provider.subjectName),
    );
    return { ...told({ subject, claims }), identity: identityAt(provider, { subject, claims }), provider };
  }

  async function atServer(journey: Journey, client: RemoteClient, rest: Pick<Answer, "params" | "state">) {
    const place = fediverse.place(client);
    const answer = { ...rest, place, journey, redirectUri: redirectUri(journey.from) };
    const { iri, account } = await federatedWire.asking(client.host, async () => {
      try {
        return await fediverse.identify(answer, client);
      } catch (error) {
        // It does not know us any more: the next one registers anew.
        if ((error as { readonly status?: unknown }).status === 401) await fediverse.forget(client);
        throw error;
      }
    });
    const identity: Identity = {
      kind: "fediverse",
      issuer: client.origin,
      subject: iri,
      place: client.host,
      label: `@${account.handle}`.slice(0, MAX_LABEL_LENGTH),
    };
    const profile = {
      name: text(account.username) ?? "",
      displayName: text(account.displayName) ?? "",
      email: null,
    };
    return { profile, verifiedEmail: null, identity, provider: null };
  }

  return async (from: string, params: URLSearchParams, binding: string): Promise<Returned> => {
    const state = params.get("state") ?? "";
    const { step, journey } = await setOut(from, state, binding);
    const provider = journey.provider === null ? null : await providers.find(journey.provider);
    const remote = journey.remote === null ? null : await getRemoteClient(db, journey.remote);
    if (params.get("error") === "access_denied") throw saidNo(provider?.name ?? journey.from);
    const rest = { params, state };
    const { account } = step;
    if (provider !== null) return { journey, account, ...(await atProvider(journey, provider, rest)) };
    if (remote !== null) return { journey, account, ...(await atServer(journey, remote, rest)) };
    throw tooLate();
  };
}

const identityAt = (provider: Provider, { subject, claims }: Claims): Identity => ({
  kind: provider.kind,
  issuer: provider.issuer,
  subject,
  place: provider.name,
  label: (text(claims.email) ?? text(claims.preferred_username) ?? text(claims.name) ?? subject).slice(
    0,
    MAX_LABEL_LENGTH,
  ),
});

/** OpenID Connect Core §5.1. Whatever an address is good for hangs on `email_verified`, and on nothing less than `true`. */
function told({ claims }: Claims): Pick<Returned, "profile" | "verifiedEmail"> {
  const email = text(claims.email)?.toLowerCase() ?? null;
  const whole = [
    text(claims.given_name) ?? text(claims.firstname),
    text(claims.family_name) ?? text(claims.lastname),
  ];
  const displayName = text(claims.name) ?? whole.filter((part) => part !== null).join(" ");
  const name =
    text(claims.preferred_username) ?? text(claims.username) ?? email?.split("@")[0] ?? displayName;
  return {
    profile: { name, displayName, email },
    verifiedEmail: claims.email_verified === true ? email : null,
  };
}

/** Places tell what they like, at any length; it waits in a row, and fills in a form. */
const text = (value: unknown): string | null =>
  typeof value === "string" && value.trim() !== "" ? value.trim().slice(0, MAX_TEXT_LENGTH) : null;

const tooLate = (): Problem =>
  new Problem("gone", "That took too long, or was done already. Sign in again.", { reason: "step-over" });

const saidNo = (place: string): Problem =>
  new Problem("forbidden", `You said no at ${place}. Nothing was changed here.`, {
    reason: "elsewhere-denied",
  });
