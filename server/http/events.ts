/** Server-sent events (HTML §9.2): an answer that goes on, with a heartbeat, and an end for whoever reads too slowly. */
import { connectionOf } from "./connection.ts";

/** What waits for a client that does not read, in bytes; then it is let go, and comes back. */
const MAX_BACKLOG_BYTES = 256_000;
/** Proxies close what is silent for a minute; Mastodon's programs know this beat and the word. */
const HEARTBEAT_MS = 15_000;
const HEARTBEAT = ":thump\n\n";

const HEADERS = {
  "content-type": "text/event-stream; charset=utf-8",
  "cache-control": "no-store",
  // nginx would keep the events until it has a page of them.
  "x-accel-buffering": "no",
} as const;

export interface EventStream {
  /** Text of one or more whole events. Nothing after the end. */
  send(text: string): void;
  end(): void;
}

const open = new Set<EventStream>();
let heart: ReturnType<typeof setInterval> | null = null;
const encoder = new TextEncoder();

/**
 * An answer of events. `begin` gets the stream and gives what is to be done at its end, whoever ends it; what it throws
 * is the answer instead.
 */
export function eventResponse(request: Request, begin: (stream: EventStream) => () => void): Response {
  // Nobody would read the body, and nobody end it.
  if (request.method === "HEAD") return new Response(null, { headers: HEADERS });
  let controller: ReadableStreamDefaultController<Uint8Array> | null = null;
  let early = ":)\n\n";
  let isOver = false;

  const stream: EventStream = {
    send(text) {
      if (isOver) return;
      if (controller === null) early += text;
      else if ((controller.desiredSize ?? 0) <= 0) stream.end();
      else controller.enqueue(encoder.encode(text));
    },
    end() {
      if (isOver) return;
      over();
      controller?.close();
    },
  };
  const done = begin(stream);
  function over(): void {
    isOver = true;
    open.delete(stream);
    if (open.size === 0 && heart !== null) {
      clearInterval(heart);
      heart = null;
    }
    done();
  }

  connectionOf(request).keepOpen();
  open.add(stream);
  heart ??= setInterval(beat, HEARTBEAT_MS);
  heart.unref();
  const body = new ReadableStream<Uint8Array>(
    {
      start(opened) {
        controller = opened;
        opened.enqueue(encoder.encode(early));
        if (isOver) opened.close();
      },
      cancel() {
        if (!isOver) over();
      },
    },
    { highWaterMark: MAX_BACKLOG_BYTES, size: (chunk) => chunk?.byteLength ?? 0 },
  );
  return new Response(body, { headers: HEADERS });
}

function beat(): void {
  for (const stream of open) stream.send(HEARTBEAT);
}
