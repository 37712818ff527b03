/** The socket: Bun's server with limits, TLS, trusted proxies, and a stop that finishes what was begun. */
import type { Log } from "../lib/log.ts";
import { Problem } from "../lib/problem.ts";
import { rememberConnection, type SocketHandlers } from "./connection.ts";
import type { Edge } from "./edge.ts";
import { createLongLived } from "./long-lived.ts";
import { FORM_OVERHEAD_BYTES, THROWN_AWAY_TIMES } from "./multipart.ts";
import { createClientFinder } from "./proxies.ts";
import { readTls } from "./tls.ts";

/** Seconds without a byte until a connection is closed; slow phones pause longer than Bun's ten. */
const IDLE_SECONDS = 30;
/** How long requests may take to finish when the server stops. */
const STOP_GRACE_MS = 15_000;
/**
 * How many times the largest form Bun takes before it answers without a word: more than is taken of a form to refuse it
 * in words. Nothing of it fills the memory, as Bun reads on only while somebody takes what came.
 */
const LARGEST_BODY_TIMES = THROWN_AWAY_TIMES + 2;
/** Messages from clients are a few words; what the server sends is not counted. */
const MAX_SOCKET_MESSAGE_BYTES = 64_000;
/** A client that does not read is let go after that much waits for it: some fifty posts. */
const MAX_SOCKET_BACKLOG_BYTES = 256_000;
/** A WebSocket that says nothing, not even to our pings, for so long is gone. */
const SOCKET_IDLE_SECONDS = 90;
/** RFC 6455 §7.4.1 and the IANA registry: the server goes away; come back later. */
const GOING_AWAY = 1001;
const TRY_LATER = 1013;
const STREAM_RETRY_SECONDS = 60;

export interface ServerOptions {
  readonly edge: Edge;
  readonly log: Log;
  readonly host: string;
  /** 0 for any free one. */
  readonly port: number;
  readonly maxUploadBytes: number;
  readonly trustedProxies: readonly string[];
  /** Both or neither. PEM. */
  readonly tlsCertFile: string | null;
  readonly tlsKeyFile: string | null;
}

export interface RunningServer {
  readonly port: number;
  /** Refuses what is new, finishes what was begun, then closes. */
  stop(): Promise<void>;
}

interface SocketData {
  readonly handlers: SocketHandlers;
  readonly addressPrefix: string;
  over: () => void;
}

/** Throws Problem `invalid` where the port or the host cannot be listened on, or the certificate is not in order. */
export function createServer(options: ServerOptions): RunningServer {
  const { edge, log, host, port, maxUploadBytes, trustedProxies } = options;
  const tls = readTls(options.tlsCertFile, options.tlsKeyFile);
  const findClient = createClientFinder(trustedProxies);
  const longLived = createLongLived();
  let hasWarned = false;

  /** Limits and addresses are wrong behind a proxy that nobody declared: say it once. */
  function warnOfProxy(peer: string, headers: Headers): void {
    if (hasWarned || trustedProxies.length > 0 || !headers.has("x-forwarded-for")) return;
    hasWarned = true;
    log.warn("Requests come through a proxy that is not trusted. Name it in trusted_proxies.", {
      proxy: peer,
    });
  }

  function counted(response: Response, addressPrefix: string): Response {
    let over = (): void => {};
    const watched = longLived.watch(response, () => over());
    const entered = longLived.enter(addressPrefix, watched.end);
    if (entered !== null) {
      over = entered;
      return watched.response;
    }
    watched.end();
    return new Response("Too many streams are open from your network.\n", {
      status: 429,
      headers: { "retry-after": String(STREAM_RETRY_SECONDS) },
    });
  }

  const server = guardStart(options, () =>
    Bun.serve<SocketData>({
      hostname: host,
      port,
      ...(tls ? { tls } : {}),
      idleTimeout: IDLE_SECONDS,
      maxRequestBodySize: LARGEST_BODY_TIMES * (maxUploadBytes + FORM_OVERHEAD_BYTES),
      development: false,
      // @NOTE `development: false` alone lets a second process share the port and half of the requests.
      reusePort: false,
      async fetch(given, running) {
        const request = addressed(given);
        if (request === null) return new Response("The header Host names no host.\n", { status: 400 });
        const peer = running.requestIP(given)?.address ?? "";
        warnOfProxy(peer, request.headers);
        const client = findClient(peer, request.headers, tls !== null);
        let isSocket = false;
        let isStream = false;
        const connection = rememberConnection(request, {
          ...client,
          keepOpen() {
            isStream = true;
            running.timeout(given, 0);
          },
          upgrade(handlers, headers = {}) {
            const data = { handlers, addressPrefix: connection.addressPrefix, over: () => {} };
            isSocket = running.upgrade(given, { data, headers: { ...headers } });
            return isSocket;
          },
        });
        const response = await edge(request);
        // @NOTE Bun wants nothing returned for a request that became a WebSocket.
        if (isSocket) return undefined as unknown as Response;
        return isStream ? counted(response, connection.addressPrefix) : response;
      },
      error(error) {
        log.error("A request failed in the server", error);
        return new Response("Something went wrong here.\n", { status: 500 });
      },
      websocket: {
        maxPayloadLength: MAX_SOCKET_MESSAGE_BYTES,
        backpressureLimit: MAX_SOCKET_BACKLOG_BYTES,
        closeOnBackpressureLimit: true,
        idleTimeout: SOCKET_IDLE_SECONDS,
        sendPings: true,
        open(socket) {
          const over = longLived.enter(socket.data.addressPrefix, () => socket.close(GOING_AWAY));
          if (over === null) return socket.close(TRY_LATER);
          socket.data.over = over;
          socket.data.handlers.open?.(socket);
        },
        message: (socket, data) => socket.data.handlers.message?.(socket, data),
        close(socket) {
          socket.data.over();
          socket.data.handlers.close?.(socket);
        },
      },
    }),
  );

  return {
    port: server.port ?? port,
    async stop() {
      longLived.endAll();
      const grace = setTimeout(() => server.stop(true), STOP_GRACE_MS);
      await server.stop();
      clearTimeout(grace);
    },
  };
}

/**
 * The request with an address that can be read. RFC 9112 §3.2: a Host that is none is refused (null); HTTP/1.0, as
 * watchdogs still speak it, may name none, and means us.
 */
function addressed(request: Request): Request | null {
  if (URL.canParse(request.url)) return request;
  return request.headers.has("host") ? null : new Request(`http://localhost${request.url}`, request);
}

/** What the system says when it does not let us listen, by its code. */
const LISTENING: Readonly<Record<string, (options: ServerOptions) => { reason: string; says: string }>> = {
  EADDRINUSE: ({ port }) => ({
    reason: "port-in-use",
    says: `Something else listens on port ${port} already. Stop it, or choose another port.`,
  }),
  EACCES: ({ port }) => ({
    reason: "port",
    says: `This user may not listen on port ${port}: those below 1024 need a right of their own. Choose another port behind a proxy, or give the right (AmbientCapabilities=CAP_NET_BIND_SERVICE for systemd).`,
  }),
  ENOTFOUND: noSuchHost,
};

/** Of a host that is none, Bun gives whatever code the system said last, or trips over the address itself. */
const isOfHost = ({ code, syscall }: { readonly code?: unknown; readonly syscall?: unknown }): boolean =>
  syscall === "listen" || code === "ERR_INVALID_ARG_TYPE";

function noSuchHost({ host }: ServerOptions): { reason: string; says: string } {
  return {
    reason: "host",
    says: `host is "${host}", which is no address of this machine. Write 127.0.0.1 for this machine alone, 0.0.0.0 or :: for every interface; the address that the world sees belongs into origin.`,
  };
}

function guardStart<T>(options: ServerOptions, start: () => T): T {
  try {
    return start();
  } catch (cause) {
    const error = cause as { readonly code?: unknown; readonly syscall?: unknown };
    const code = String(error.code);
    const refusal = (LISTENING[code] ?? (isOfHost(error) ? noSuchHost : undefined))?.(options);
    if (refusal) throw new Problem("invalid", refusal.says, { reason: refusal.reason }, { cause });
    if (!code.startsWith("ERR_OSSL")) throw cause;
    throw new Problem(
      "invalid",
      "The certificate and its key cannot be used. Check tls_cert_file and tls_key_file.",
      { reason: "tls" },
      { cause },
    );
  }
}
