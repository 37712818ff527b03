/** The only outgoing HTTP client: checks the very address that it connects to, on every hop, within limits. */
import { rootCertificates } from "node:tls";
import { addressInHost, isInsideAddress, isPublicAddress } from "./address.ts";
import { createGate } from "./gate.ts";
import { isProblem } from "./problem.ts";
import { ACCEPTED_ENCODINGS, readCapped } from "./read-capped.ts";
import type { Resolve } from "./resolve.ts";
import { upstream, upstreamFailure } from "./upstream.ts";
import { parseHttpUrl, portOf } from "./url.ts";

export interface FetchOptions {
  /** GET where nothing is said. Only GET and HEAD follow redirects. */
  readonly method?: string;
  /** Sent on every hop, except that `authorization` and `cookie` never reach another origin. */
  readonly headers?: Readonly<Record<string, string>>;
  /**
   * Further headers, made anew for each hop just before it is sent: signatures and dates belong here.
   * It is given the URL of that hop in the form in which it goes out.
   */
  readonly headersFor?: (url: string) => Promise<Readonly<Record<string, string>>>;
  readonly body?: string | Uint8Array<ArrayBuffer>;
  /** What the answer's body may have at most, in bytes after decompression. */
  readonly maxBytes?: number;
  /** What everything together may take, waiting and redirects included, in milliseconds. */
  readonly totalMs?: number;
  /** `none` gives back the redirect itself. */
  readonly redirect?: "follow" | "none";
  /** The caller's own wish to stop; the call then rejects with its reason. */
  readonly signal?: AbortSignal;
}

export interface Fetched {
  readonly status: number;
  /** As they came: `content-encoding` and `content-length` tell of the wire, not of `bytes`. */
  readonly headers: Headers;
  /** Where the answer came from, after all redirects: the only URL that the body may speak for. */
  readonly url: string;
  readonly bytes: Uint8Array;
}

/**
 * Any status is an answer. Where there is none that we accept: Problem `upstream` with an `UpstreamReason`.
 * `busy` says that it was never sent, because of our own limits.
 */
export type Fetch = (url: string, options?: FetchOptions) => Promise<Fetched>;

/** One request to one address. `url` tells the host that is meant, `headers` carries it as `host`. */
export interface Dialled {
  readonly url: URL;
  readonly address: string;
  readonly method: string;
  readonly headers: Headers;
  readonly body: string | Uint8Array<ArrayBuffer> | undefined;
  readonly signal: AbortSignal;
}
/** Sends one request and gives the answer as it is, redirects included. Tests give one that opens no socket. */
export type Dial = (request: Dialled) => Promise<Response>;

export interface FetchLimits {
  readonly maxBytes: number;
  readonly maxRedirects: number;
  /** Until the answer begins, while there is a further address to try, in milliseconds. */
  readonly connectMs: number;
  /** Until the answer begins, at the last address, in milliseconds. */
  readonly answerMs: number;
  readonly totalMs: number;
  /** Requests under way to one host, and to all. */
  readonly perHost: number;
  readonly total: number;
}

/** The limits that peers keep as well, so that what they accept arrives here too. */
export const DEFAULT_LIMITS: FetchLimits = {
  maxBytes: 1_048_576,
  maxRedirects: 3,
  connectMs: 5_000,
  answerMs: 10_000,
  totalMs: 30_000,
  perHost: 6, // What browsers open to one host.
  total: 128, // Half of what the runtime sends at once before it queues by itself, where no limit is seen.
};

const REDIRECTS = new Set([301, 302, 303, 307, 308]);
/** Methods that change nothing: only these follow redirects and are sent again after a silence (RFC 9110 §9.2.1). */
const SAFE_METHODS = new Set(["GET", "HEAD"]);
const ONLY_FOR_FIRST_ORIGIN = ["authorization", "cookie"];
const HTTPS_PORT = 443;
/** A name can list hundreds of addresses; that many silent ones would only eat the total time. */
const MAX_ADDRESSES_TRIED = 4;

/**
 * `allowPrivate` (insecure federation, for tests and closed networks) permits http, any port and any address.
 * `insideHosts` (in `normaliseHost` form, each with its port unless that is 443) may be inside a private network and on
 * that port; https is asked of them as of all, and a redirect leads to no other.
 * `extraCa` is PEM text of authorities that are trusted besides the well-known ones.
 */
export function createFetch(deps: {
  readonly resolve: Resolve;
  readonly userAgent: string;
  readonly allowPrivate?: boolean;
  readonly insideHosts?: readonly string[];
  readonly extraCa?: string;
  readonly limits?: Partial<FetchLimits>;
  readonly dial?: Dial;
}): Fetch {
  const limits = { ...DEFAULT_LIMITS, ...deps.limits };
  const gate = createGate({ perKey: limits.perHost, total: limits.total });
  const dial = deps.dial ?? dialAddress(deps.extraCa);
  const insideHosts = new Set(deps.insideHosts);

  return async (start, options = {}) => {
    options.signal?.throwIfAborted();
    const call = stoppable(options.signal);
    const stopLate = setTimeout(
      () => call.stop(upstream("timeout", start)),
      options.totalMs ?? limits.totalMs,
    );
    try {
      const follows = options.redirect !== "none" && SAFE_METHODS.has(options.method ?? "GET");
      let url = permitted(start);
      const firstOrigin = url.origin;
      for (let hop = 0; ; hop++) {
        const answer = await send(url, url.origin === firstOrigin, options, call);
        const location = follows && REDIRECTS.has(answer.status) ? answer.headers.get("location") : null;
        if (location === null) return answer;
        if (hop === limits.maxRedirects) throw upstream("redirects", start);
        url = permitted(URL.parse(location, url)?.href ?? location);
      }
    } finally {
      clearTimeout(stopLate);
      call.done();
    }
  };

  /** Sends one hop, to one address after the other until one answers. */
  async function send(
    url: URL,
    isFirstOrigin: boolean,
    options: FetchOptions,
    call: Stoppable,
  ): Promise<Fetched> {
    const leave = await gate.enter(url.host, call.signal).catch((error) => {
      throw isProblem(error, "upstream") ? upstream("busy", url.href) : error;
    });
    try {
      const addresses = await permittedAddresses(url, call.signal);
      for (const [i, address] of addresses.entries()) {
        const isLast = i === addresses.length - 1;
        const headers = await headersOf(url, isFirstOrigin, options);
        try {
          return await attempt({ url, address, headers, options, isLast, call });
        } catch (error) {
          if (isLast || call.signal.aborted || !mayGoOn(error, options.method ?? "GET")) throw error;
        }
      }
      throw upstream("dns", url.href);
    } finally {
      leave();
    }
  }

  async function attempt(to: {
    readonly url: URL;
    readonly address: string;
    readonly headers: Headers;
    readonly options: FetchOptions;
    readonly isLast: boolean;
    readonly call: Stoppable;
  }): Promise<Fetched> {
    const { url, address, headers, options, call } = to;
    const { method = "GET", body, maxBytes = limits.maxBytes } = options;
    const silentMs = to.isLast || !SAFE_METHODS.has(method) ? limits.answerMs : limits.connectMs;
    call.signal.throwIfAborted();
    // What stops the last attempt stops the call.
    const tried = to.isLast ? call : stoppable(call.signal);
    const stopSilent = setTimeout(() => tried.stop(upstream("timeout", url.href)), silentMs);
    try {
      const response = await dial({ url, address, method, headers, body, signal: tried.signal });
      clearTimeout(stopSilent);
      const bytes = await readCapped(response, maxBytes);
      if (bytes === null) throw upstream("too-large", url.href);
      return { status: response.status, headers: response.headers, url: url.href, bytes };
    } catch (error) {
      const reason = tried.signal.aborted ? tried.signal.reason : upstreamFailure(error, url.href);
      tried.stop(reason);
      throw reason;
    } finally {
      clearTimeout(stopSilent);
      if (!to.isLast) tried.done();
    }
  }

  function permitted(text: string): URL {
    const url = parseHttpUrl(text);
    if (url === null) throw upstream("url", text);
    url.hash = "";
    if (deps.allowPrivate) return url;
    if (url.protocol !== "https:") throw upstream("scheme", url.href);
    if (portOf(url) !== HTTPS_PORT && !insideHosts.has(url.host)) throw upstream("port", url.href);
    return url;
  }

  async function permittedAddresses(url: URL, stop: AbortSignal): Promise<readonly string[]> {
    const literal = addressInHost(url.hostname);
    const found = literal === null ? await resolved(url, stop) : [literal];
    if (found.length === 0) throw upstream("dns", url.href);
    const isUsable = (address: string): boolean =>
      isPublicAddress(address) || (insideHosts.has(url.host) && isInsideAddress(address));
    const usable = deps.allowPrivate ? found : found.filter(isUsable);
    if (usable.length === 0) throw upstream("private-address", url.href);
    return usable.slice(0, MAX_ADDRESSES_TRIED);
  }

  async function resolved(url: URL, stop: AbortSignal): Promise<readonly string[]> {
    stop.throwIfAborted();
    const { promise: tooLate, reject } = Promise.withResolvers<never>();
    const stopSilent = setTimeout(() => reject(upstream("dns", url.href)), limits.connectMs);
    const stopped = (): void => reject(stop.reason);
    stop.addEventListener("abort", stopped, { once: true });
    try {
      return await Promise.race([deps.resolve(url.hostname), tooLate]);
    } catch (error) {
      throw stop.aborted || isProblem(error, "upstream") ? error : upstream("dns", url.href, error);
    } finally {
      clearTimeout(stopSilent);
      stop.removeEventListener("abort", stopped);
    }
  }

  async function headersOf(url: URL, isFirstOrigin: boolean, options: FetchOptions): Promise<Headers> {
    const headers = new Headers({ "user-agent": deps.userAgent, ...options.headers });
    if (!isFirstOrigin) for (const name of ONLY_FOR_FIRST_ORIGIN) headers.delete(name);
    const fresh = (await options.headersFor?.(url.href)) ?? {};
    for (const [name, value] of Object.entries(fresh)) headers.set(name, value);
    headers.set("accept-encoding", ACCEPTED_ENCODINGS);
    headers.set("host", url.host);
    return headers;
  }
}

/** After a refused connection nothing was received; after a break or a silence it may have been. */
function mayGoOn(error: unknown, method: string): boolean {
  if (!isProblem(error, "upstream")) return false;
  const { reason } = error.detail;
  return reason === "refused" || (SAFE_METHODS.has(method) && (reason === "timeout" || reason === "reset"));
}

interface Stoppable {
  readonly signal: AbortSignal;
  stop(reason: unknown): void;
  /** Lets go of the parent. */
  done(): void;
}

/** A signal that stops with its parent (not stopped yet), or by itself. */
function stoppable(parent: AbortSignal | undefined): Stoppable {
  const controller = new AbortController();
  const stop = (reason: unknown): void => controller.abort(reason);
  const stopToo = (): void => stop(parent?.reason);
  parent?.addEventListener("abort", stopToo, { once: true });
  return {
    signal: controller.signal,
    stop,
    done: () => parent?.removeEventListener("abort", stopToo),
  };
}

/**
 * Connects to the address itself. The name goes into `Host`, into SNI and into the check of the certificate, so that
 * no second look-up can lead elsewhere; connections are kept for each name apart.
 */
function dialAddress(extraCa: string | undefined): Dial {
  const ca = extraCa === undefined ? {} : { ca: [...rootCertificates, extraCa] };
  return ({ url, address, method, headers, body, signal }) => {
    const host = address.includes(":") ? `[${address}]` : address;
    const port = url.port === "" ? "" : `:${url.port}`;
    const isNamed = addressInHost(url.hostname) === null;
    const tls = { ...ca, ...(isNamed ? { serverName: url.hostname } : {}) };
    return fetch(`${url.protocol}//${host}${port}${url.pathname}${url.search}`, {
      method,
      headers,
      ...(body === undefined ? {} : { body }),
      signal,
      redirect: "manual",
      proxy: false,
      decompress: false,
      ...(url.protocol === "https:" ? { tls } : {}),
    });
  };
}
