/** Sends somebody elsewhere to sign in (OpenID Connect Core §3.1.2.1, RFC 6749 §4.1.1, RFC 7636). */
import { calculatePKCECodeChallenge, generateRandomCodeVerifier, generateRandomNonce } from "oauth4webapi";
import type { Steps } from "../../accounts/steps.ts";
import type { Now } from "../../lib/clock.ts";
import { Problem } from "../../lib/problem.ts";
import type { Discover } from "./discover.ts";
import type { Fediverse } from "./fediverse.ts";
import type { Providers } from "./providers.ts";
import type { Journey, ProviderKind } from "./store.ts";
import type { Place } from "./wire.ts";

/** Time to sign in there, with a second factor of their own. */
export const AWAY_MS = 10 * 60 * 1000;
const FEDIVERSE_SCOPE = "read:accounts";

/** What somebody sets out with. */
export interface Setting {
  readonly to:
    | { readonly kind: "provider"; readonly key: number }
    /** As typed. */
    | { readonly kind: "server"; readonly name: string };
  readonly use: Journey["use"];
  /** Something that only this browser knows, hashed. */
  readonly binding: string;
  /** Who is signed in here, for `link` and `confirm`. */
  readonly account: number | null;
  readonly session: number | null;
  /** A path of this server. */
  readonly returnTo: string;
  readonly invitation: string | null;
  /** The network that asks. */
  readonly network: string;
}

/**
 * Whether such a place can say when somebody signed in there: OpenID Connect can, in `auth_time`. Any other sends whoever
 * has a session there straight back, so that nothing is shown by it but that the browser is the same.
 */
export const tellsWhen = (kind: ProviderKind): boolean => kind === "oidc";

export function createStart(deps: {
  now: Now;
  steps: Steps;
  discover: Discover;
  fediverse: Fediverse;
  providers: Providers;
  redirectUri: (from: string) => string;
}): (setting: Setting) => Promise<string> {
  const { now, steps, discover, fediverse, providers, redirectUri } = deps;

  async function whereTo({ to, network, use }: Setting) {
    const isConfirming = use === "confirm";
    if (to.kind === "server") {
      if (isConfirming) throw cannotTell(to.name);
      const remote = await fediverse.clientFor(to.name, network);
      const place = fediverse.place(remote);
      return {
        place,
        from: remote.host,
        provider: null,
        remote: remote.key,
        scope: FEDIVERSE_SCOPE,
        isOpenId: false,
      };
    }
    const provider = await providers.find(to.key);
    if (provider === null) throw new Problem("not-found", "This place is gone. Sign in in another way.");
    const isOpenId = tellsWhen(provider.kind);
    if (isConfirming && !isOpenId) throw cannotTell(provider.name);
    const place: Place = await discover.place(provider);
    return { place, from: String(to.key), provider: to.key, remote: null, scope: provider.scope, isOpenId };
  }

  return async (setting) => {
    const { place, from, provider, remote, scope, isOpenId } = await whereTo(setting);
    const verifier = generateRandomCodeVerifier();
    const nonce = isOpenId ? generateRandomNonce() : null;
    const isFresh = isOpenId && setting.use === "confirm";
    const { use, binding, account, session, returnTo, invitation } = setting;
    const journey: Journey = {
      use,
      from,
      provider,
      remote,
      binding,
      verifier,
      nonce,
      freshSinceMs: isFresh ? now() : null,
      session,
      returnTo,
      invitation,
    };
    const state = await steps.begin("away", AWAY_MS, {
      ...(account === null ? {} : { account }),
      data: { ...journey },
    });
    const url = new URL(place.as.authorization_endpoint ?? "");
    const parameters: Record<string, string> = {
      response_type: "code",
      client_id: place.client.client_id,
      redirect_uri: redirectUri(from),
      state: state.token,
      code_challenge: await calculatePKCECodeChallenge(verifier),
      code_challenge_method: "S256",
      ...(scope === "" ? {} : { scope }),
      ...(nonce === null ? {} : { nonce }),
      // Whoever shows once more who they are signs in there anew; that they did is read in `auth_time`.
      ...(isFresh ? { prompt: "login", max_age: "0" } : {}),
    };
    for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
    return url.href;
  };
}

const cannotTell = (place: string): Problem =>
  new Problem(
    "forbidden",
    `${place} cannot tell whether you signed in there just now. Show in another way who you are.`,
    { reason: "elsewhere-untimed" },
  );
