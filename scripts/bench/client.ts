/** An HTTP/1.1 client that does nothing but send prepared bytes over connections that stay open, and time the answers. */

export interface Driven {
  /** Milliseconds of each answer, in the order in which they came. */
  readonly latencies: readonly number[];
  readonly elapsedMs: number;
  /** Answers by status. */
  readonly statuses: Readonly<Record<string, number>>;
  /** Bytes of the last answer's body, and the body itself where one request was sent. */
  readonly bodyBytes: number;
  readonly body: string;
}

/**
 * Each connection sends the next request as soon as the answer to the last is there (closed loop), until `next` gives
 * null. Throws where the server closes a connection or answers without a length.
 */
export async function drive(
  to: { readonly port: number; readonly hostname?: string },
  connections: number,
  next: () => Uint8Array | null,
): Promise<Driven> {
  const latencies: number[] = [];
  const statuses: Record<string, number> = {};
  let bodyBytes = 0;
  const body: Uint8Array[] = [];
  const started = performance.now();
  await Promise.all(Array.from({ length: connections }, () => connection()));
  const elapsedMs = performance.now() - started;
  return { latencies, statuses, bodyBytes, elapsedMs, body: Buffer.concat(body).toString() };

  async function connection(): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    let head = "";
    /** Bytes of the body that are still to come; null while the head is read. */
    let missing: number | null = null;
    let sentAt = 0;
    let unsent: Uint8Array | null = null;
    const socket = await Bun.connect({
      hostname: to.hostname ?? "127.0.0.1",
      port: to.port,
      socket: {
        data: (_, chunk) => read(chunk),
        drain: flush,
        close: () => reject(closed()),
        error: (_, error) => reject(error),
      },
    });
    send();
    return promise;

    function send(): void {
      const request = next();
      if (request === null) {
        resolve();
        socket.end();
        return;
      }
      sentAt = performance.now();
      unsent = request;
      flush();
    }

    function flush(): void {
      if (unsent === null) return;
      const written = socket.write(unsent);
      unsent = written < unsent.length ? unsent.subarray(written) : null;
    }

    function read(chunk: Uint8Array): void {
      if (missing === null) {
        head += Buffer.from(chunk).toString("latin1");
        const end = head.indexOf("\r\n\r\n");
        if (end < 0) return;
        const status = head.slice(9, 12);
        const length = /\r\ncontent-length: (\d+)/i.exec(head.slice(0, end))?.[1];
        if (length === undefined && status !== "204" && status !== "304") {
          reject(new Error(`An answer without a length:\n${head.slice(0, end)}`));
          return;
        }
        bodyBytes = Number(length ?? 0);
        missing = bodyBytes - (head.length - end - 4);
        body.length = 0;
        if (latencies.length === 0) body.push(Buffer.from(head.slice(end + 4), "latin1"));
        statuses[status] = (statuses[status] ?? 0) + 1;
        head = "";
      } else {
        missing -= chunk.length;
        if (latencies.length === 0) body.push(Buffer.from(chunk));
      }
      if (missing > 0) return;
      missing = null;
      latencies.push(performance.now() - sentAt);
      send();
    }
  }
}

const closed = (): Error => new Error("The server closed a connection that was in use.");

/** The bytes of a request; `host` stands for whatever the world calls the server. */
export function requestBytes(request: {
  readonly method?: string;
  readonly path: string;
  readonly host: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
}): Uint8Array {
  const { method = "GET", path, host, headers, body } = request;
  const lines = [`${method} ${path} HTTP/1.1`, `host: ${host}`];
  for (const [name, value] of Object.entries(headers)) lines.push(`${name}: ${value}`);
  if (body) lines.push(`content-length: ${body.length}`);
  return Buffer.concat([Buffer.from(`${lines.join("\r\n")}\r\n\r\n`), body ?? new Uint8Array()]);
}
