/** What is known of a request besides the request: who is at the other end, and how to keep the line open. */
import type { Origin } from "../accounts/account.ts";
import { addressPrefix } from "../lib/address-prefix.ts";
import type { Taken } from "../lib/buckets.ts";

/** What a WebSocket does; `data` goes out with `send`. */
export interface SocketHandlers {
  open?(socket: OpenSocket): void;
  message?(socket: OpenSocket, data: string | Uint8Array): void;
  close?(socket: OpenSocket): void;
}

export interface OpenSocket {
  send(data: string): void;
  close(code?: number, reason?: string): void;
}

export interface Connection {
  /** The client's IP address, behind proxies that are trusted. */
  readonly address: string;
  /** Whom limits are counted for. */
  readonly addressPrefix: string;
  /** Whether the client came by https. */
  readonly isSecure: boolean;
  /** For streams: no idle time-out for this answer, and an end when the server stops. */
  keepOpen(): void;
  /** Makes it a WebSocket; the handler then returns `new Response(null)`, which nobody sees. False: it is none. */
  upgrade(handlers: SocketHandlers, headers?: Readonly<Record<string, string>>): boolean;
}

const connections = new WeakMap<Request, Connection>();
const limits = new WeakMap<Connection, Taken & { readonly limit: number }>();

/** A request that came from no socket (in tests, or from ourselves). */
const nowhere = (request: Request): Connection => ({
  address: "127.0.0.1",
  addressPrefix: "127.0.0.1",
  isSecure: request.url.startsWith("https:"),
  keepOpen: () => {},
  upgrade: () => false,
});

export function connectionOf(request: Request): Connection {
  const known = connections.get(request);
  if (known) return known;
  const connection = nowhere(request);
  connections.set(request, connection);
  return connection;
}

export function rememberConnection(
  request: Request,
  connection: Omit<Connection, "addressPrefix">,
): Connection {
  const whole = { ...connection, addressPrefix: addressPrefix(connection.address) };
  connections.set(request, whole);
  return whole;
}

/** The same client, for a request made anew from another. */
export function sameConnection(from: Request, to: Request): Request {
  connections.set(to, connectionOf(from));
  return to;
}

/** What `RateLimit-*` headers say about this request. */
export const noteLimit = (request: Request, taken: Taken, limit: number): void => {
  limits.set(connectionOf(request), { ...taken, limit });
};

export const limitOf = (request: Request): (Taken & { readonly limit: number }) | null =>
  limits.get(connectionOf(request)) ?? null;

/** Where the person is, as far as it is kept with a session. */
export const originOfRequest = (request: Request): Origin => ({
  addressPrefix: connectionOf(request).addressPrefix,
  agent: request.headers.get("user-agent") ?? "",
});
