/** Between the guarded fetch and the OAuth library: its requests go out by ours, and what it says is put in our words. */
import {
  AuthorizationResponseError,
  type AuthorizationServer,
  allowInsecureRequests,
  type Client,
  type ClientAuth,
  ClientSecretBasic,
  ClientSecretPost,
  type CustomFetchOptions,
  clockTolerance,
  customFetch,
  None,
  ResponseBodyError,
  WWWAuthenticateChallengeError,
} from "oauth4webapi";
import type { Fetch } from "../../lib/fetch.ts";
import type { Log } from "../../lib/log.ts";
import { isProblem, Problem } from "../../lib/problem.ts";
import { hostOf } from "../../lib/url.ts";

/** Metadata, keys and profiles of honest places have some tens of kilobytes. */
const MAX_ANSWER_BYTES = 512 * 1024;
/** Somebody waits for it, with an empty page before them. */
const ANSWER_MS = 15_000;
/** The reason of a Problem about an answer that is not what it should be. */
export const REFUSED = "elsewhere-refused";
/** A line of the log; a place, or whoever changes the address on the way back, may say as much as it likes. */
const MAX_WHY_LENGTH = 500;
/** Clocks of schools' servers differ; OpenID Connect Core §3.1.3.7 leaves the leeway to us. */
export const CLOCK_LEEWAY_SECONDS = 60;

/** A place where somebody signs in, with everything that is needed to ask it. */
export interface Place {
  /** As people know it. */
  readonly name: string;
  readonly as: AuthorizationServer;
  readonly client: Client;
  readonly auth: ClientAuth;
}

export interface Wire {
  /** For every call of the library. */
  readonly options: {
    readonly [customFetch]: (url: string, options: CustomFetchOptions<string, unknown>) => Promise<Response>;
    readonly [allowInsecureRequests]: boolean;
  };
  /**
   * Runs `work`; whatever the library finds wrong with the place's answer, and what the place says that went wrong, is
   * logged for those who run this server. Throws Problem `upstream`.
   */
  asking<T>(place: string, work: () => Promise<T>): Promise<T>;
}

export function createWire(deps: { fetch: Fetch; log: Log; isInsecure: boolean }): Wire {
  return {
    options: { [customFetch]: libraryFetch(deps.fetch), [allowInsecureRequests]: deps.isInsecure },
    async asking(place, work) {
      try {
        return await work();
      } catch (error) {
        if (isProblem(error)) throw error;
        if (isAboutUs(error)) {
          deps.log.warn("A place to sign in with does not know this server by its id and secret", {
            place,
            why: wordsOf(error),
          });
          throw new Problem(
            "upstream",
            `${place} does not accept this server: the id or the secret is wrong. Tell the people who run this server.`,
            { reason: "elsewhere-client" },
            { cause: error },
          );
        }
        if (isTold(error)) {
          deps.log.warn("A place to sign in with said that it could not do it", {
            place,
            why: wordsOf(error),
          });
          throw new Problem(
            "upstream",
            `${place} could not sign you in just now. Try again; if it stays so, tell the people who run this server.`,
            { reason: "elsewhere-failed" },
            { cause: error },
          );
        }
        deps.log.warn("An answer of a place to sign in with was refused", { place, why: wordsOf(error) });
        throw new Problem(
          "upstream",
          `${place} gave an answer that cannot be trusted. Try again; if it stays so, tell the people who run this server.`,
          { reason: REFUSED },
          { cause: error },
        );
      }
    },
  };
}

export type WireFor = (issuer: string) => Wire;

/**
 * The wire to a place, by its issuer. Whatever a place outside says of itself (where its keys are, for example) never
 * makes us reach inside: only a place that is one of `insideHosts` leads there, and to those hosts alone.
 */
export function createWires(deps: {
  fetch: Fetch;
  insideFetch: Fetch;
  insideHosts: readonly string[];
  log: Log;
  isInsecure: boolean;
}): WireFor {
  const { insideHosts } = deps;
  const outside = createWire(deps);
  const inside = createWire({ ...deps, fetch: deps.insideFetch });
  return (issuer) => (insideHosts.includes(hostOf(issuer) ?? "") ? inside : outside);
}

/** `id` and `secret` as the place gave them; which way it wants the secret is in its metadata (RFC 8414 §2). */
export function credentialsFor(
  as: AuthorizationServer,
  id: string,
  secret: string | null,
): { readonly client: Client; readonly auth: ClientAuth } {
  const client: Client = { client_id: id, [clockTolerance]: CLOCK_LEEWAY_SECONDS };
  if (secret === null) return { client, auth: None() };
  const ways = as.token_endpoint_auth_methods_supported ?? ["client_secret_basic"];
  const auth = ways.includes("client_secret_post") ? ClientSecretPost(secret) : ClientSecretBasic(secret);
  return { client, auth };
}

const libraryFetch =
  (fetch: Fetch) =>
  async (url: string, options: CustomFetchOptions<string, unknown>): Promise<Response> => {
    const { method, headers, body, signal } = options;
    const fetched = await fetch(url, {
      method,
      headers: { ...headers, ...(body instanceof URLSearchParams ? FORM : {}) },
      ...(body === undefined || body === null ? {} : { body: String(body) }),
      ...(signal instanceof AbortSignal ? { signal } : {}),
      redirect: "none",
      maxBytes: MAX_ANSWER_BYTES,
      totalMs: ANSWER_MS,
    });
    const kept = new Headers(fetched.headers);
    // Of the wire, not of the bytes that are here.
    for (const name of ["content-encoding", "content-length", "transfer-encoding"]) kept.delete(name);
    const isEmpty = fetched.status === 204 || fetched.status === 304;
    return new Response(isEmpty ? null : Uint8Array.from(fetched.bytes), {
      status: fetched.status,
      headers: kept,
    });
  };

const FORM = { "content-type": "application/x-www-form-urlencoded;charset=UTF-8" };

/** The place says itself that it did not work (RFC 6749 §4.1.2.1, §5.2), after all else in its answer was found good. */
const isTold = (error: unknown): boolean =>
  error instanceof AuthorizationResponseError || error instanceof ResponseBodyError;

/** RFC 6749 §5.2: the id or the secret is not, or no longer, what the place knows; it may say so in a header alone. */
function isAboutUs(error: unknown): boolean {
  if (error instanceof WWWAuthenticateChallengeError)
    return error.cause.some(({ scheme }) => scheme === "basic");
  return (
    error instanceof ResponseBodyError && ["invalid_client", "unauthorized_client"].includes(error.error)
  );
}

/** The library's code, and what the place itself said where it said something (RFC 6749 §5.2). */
function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { code, error: said, error_description: described } = error as Error & Record<string, unknown>;
  const words = [code, said, described, error.message].filter((part) => typeof part === "string");
  return words.join(": ").slice(0, MAX_WHY_LENGTH);
}
