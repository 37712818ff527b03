/** Streams of the apps' API without sockets: what the server does with them, seen from the client. */
import { type Connection, rememberConnection, type SocketHandlers } from "../http/connection.ts";
import type { Json } from "../lib/json.ts";
import type { TestApp } from "./app.ts";

/** A WebSocket without a socket: what the server does with it, seen from the client. */
export interface Client {
  readonly response: Response;
  /** The headers that came with the upgrade, null where there was none. */
  readonly upgraded: Readonly<Record<string, string>> | null;
  say(message: unknown): void;
  /** The next frame, as soon as there is one; its payload read as JSON where it is some. */
  next(): Promise<Frame>;
  /** Resolves when the server closes it. */
  readonly closed: Promise<number | undefined>;
  close(): void;
}

export interface Frame {
  readonly stream?: readonly string[];
  readonly event?: string;
  readonly payload?: Json;
  readonly error?: string;
  readonly status?: number;
}

/** `meanwhile` happens between the answer to the request and the opening of the socket. */
export async function connect(
  app: TestApp,
  path: string,
  headers: Record<string, string> = {},
  meanwhile: () => Promise<unknown> = async () => {},
): Promise<Client> {
  const request = new Request(`${app.origin}${path}`, { headers: { upgrade: "websocket", ...headers } });
  let handlers: SocketHandlers | null = null;
  let upgraded: Readonly<Record<string, string>> | null = null;
  const connection: Omit<Connection, "addressPrefix"> = {
    address: "192.0.2.9",
    isSecure: true,
    keepOpen: () => {},
    upgrade(given, more = {}) {
      handlers = given;
      upgraded = more;
      return true;
    },
  };
  rememberConnection(request, connection);
  const response = await app.edge(request);
  const frames: Frame[] = [];
  const waiting: ((frame: Frame) => void)[] = [];
  const closed = Promise.withResolvers<number | undefined>();
  const socket = {
    send(text: string) {
      const frame = JSON.parse(text) as Frame;
      const given = waiting.shift();
      if (given) given(frame);
      else frames.push(frame);
    },
    close(code?: number) {
      closed.resolve(code);
      handlers?.close?.(socket);
    },
  };
  const opened = handlers as SocketHandlers | null;
  await meanwhile();
  opened?.open?.(socket);
  return {
    response,
    upgraded,
    say: (message) => opened?.message?.(socket, JSON.stringify(message)),
    next: () => {
      const frame = frames.shift();
      if (frame) return Promise.resolve(frame);
      const { promise, resolve } = Promise.withResolvers<Frame>();
      waiting.push(resolve);
      return promise;
    },
    closed: closed.promise,
    close: () => opened?.close?.(socket),
  };
}

export const payloadOf = ({ payload }: Frame): Record<string, Json> =>
  JSON.parse(String(payload)) as Record<string, Json>;

export const tokenOf = (bearer: string): string => bearer.replace("Bearer ", "");
