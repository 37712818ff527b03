/** Forms with files (RFC 7578), read as they arrive: what is large goes to the disk, so that a film never fills the memory. */
import { type FileHandle, mkdir, open, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Problem } from "../lib/problem.ts";
import { newCode } from "../lib/secret.ts";
import { asProblem, UNFINISHED } from "../media/disk.ts";

/** Larger files lie on the disk while the form is worked on, */
const IN_MEMORY_BYTES = 256 * 1024;
/** and so do all others once the files of one form that do not are as large together. */
const IN_MEMORY_TOGETHER_BYTES = 1024 * 1024;
/** All fields without a file together, as for forms without files. */
const MAX_FIELD_BYTES = 1_000_000;
/** What a form has around the largest file: its words, and the lines between them. */
export const FORM_OVERHEAD_BYTES = 100_000;
/** More parts than any form of ours or of any client has. */
const MAX_PARTS = 1_000;
const MAX_HEAD_BYTES = 16_000;
/**
 * Browsers show an answer only once they have sent all. Of a form that is too large so many times its bound is taken and
 * thrown away, so that its sender reads why: a film of some minutes, where a picture would do.
 */
export const THROWN_AWAY_TIMES = 20;
const LINE = Buffer.from("\r\n");
const END_OF_HEAD = Buffer.from("\r\n\r\n");

/**
 * Lets `request.formData()` keep files on the disk, in `folder`, which is made when needed. What it gives is removed by the function
 * that this returns: call it once the request is answered. `formData()` throws Problem `invalid` where the form did not
 * arrive as a whole, `too-large` beyond `maxBytes`, and `full` where the disk is. What is too large is heard to its end and
 * not kept: a browser reads no answer before it has sent everything, and shows that the line broke.
 */
export function spoolForm(
  request: Request,
  { folder, maxBytes }: { readonly folder: string; readonly maxBytes: number },
): () => Promise<void> {
  const paths: string[] = [];
  const newPath = (): string => {
    const path = join(folder, UNFINISHED + newCode());
    paths.push(path);
    return path;
  };
  Object.defineProperty(request, "formData", { value: () => readForm(request, newPath, maxBytes) });
  return async () => {
    for (const path of paths) await rm(path, { force: true });
  };
}

async function readForm(request: Request, newPath: () => string, maxBytes: number): Promise<FormData> {
  const boundary = boundaryOf(request.headers.get("content-type") ?? "");
  if (boundary === null || request.body === null) throw broken();
  const left = request.body[Symbol.asyncIterator]();
  const maxReceived = maxBytes + FORM_OVERHEAD_BYTES;
  if (Number(request.headers.get("content-length") ?? 0) > maxReceived) throw await tooLarge(left, maxBytes);
  const form = new FormData();
  let parts = 0;
  let fieldBytes = 0;
  let inMemoryBytes = 0;
  const holds = (bytes: number): boolean => {
    const isRoom = inMemoryBytes + bytes <= IN_MEMORY_TOGETHER_BYTES;
    if (isRoom) inMemoryBytes += bytes;
    return isRoom;
  };
  let sink: Sink | null = null;
  const begin = (head: string): Sink => {
    const { name, fileName, type } = describedBy(head);
    if (++parts > MAX_PARTS) throw new Problem("invalid", `A form has at most ${MAX_PARTS} parts.`);
    if (fileName !== null)
      return fileSink(newPath, holds, (content) => form.append(name, new File(content, fileName, { type })));
    return fieldSink(
      (size) => {
        fieldBytes += size;
        if (fieldBytes > MAX_FIELD_BYTES)
          throw new Problem("too-large", "The words of this form are too many.");
      },
      (text) => form.append(name, text),
    );
  };
  const reader = createReader(boundary);
  let received = 0;
  try {
    for await (const chunk of { [Symbol.asyncIterator]: () => left }) {
      received += chunk.byteLength;
      if (received > maxReceived) throw await tooLarge(left, maxBytes);
      for (const event of reader.take(chunk)) {
        if (event.kind === "bytes") await sink?.write(event.bytes);
        else {
          await sink?.end();
          sink = event.kind === "part" ? begin(event.head) : null;
        }
      }
    }
    if (!reader.hasEnded()) throw broken();
    return form;
  } finally {
    await sink?.drop();
  }
}

/** What to say, once the rest has come. */
async function tooLarge(rest: AsyncIterator<Uint8Array>, maxBytes: number): Promise<Problem> {
  for (let bytes = 0; bytes < maxBytes * THROWN_AWAY_TIMES; ) {
    const { done, value } = await rest.next();
    if (done) break;
    bytes += value.byteLength;
  }
  return new Problem("too-large", `At most ${Math.round(maxBytes / 1e6)} MB are taken here.`, {
    field: "file",
    reason: "media-too-large",
  });
}

const broken = (): Problem => new Problem("invalid", "This form did not arrive as a whole. Send it again.");

/** RFC 2046 §5.1.1: at most 70 letters. */
function boundaryOf(contentType: string): string | null {
  const [, quoted, bare] = /;\s*boundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))/i.exec(contentType) ?? [];
  return quoted ?? bare ?? null;
}

type Event =
  | { readonly kind: "part"; readonly head: string }
  | { readonly kind: "bytes"; readonly bytes: Uint8Array }
  | { readonly kind: "end" };

interface Reader {
  take(chunk: Uint8Array): Generator<Event>;
  hasEnded(): boolean;
}

/** RFC 2046 §5.1.1: parts between delimiters, each a head, an empty line and its bytes. */
function createReader(boundary: string): Reader {
  const delimiter = Buffer.from(`\r\n--${boundary}`);
  // The first delimiter may stand at the very beginning.
  let rest: Buffer = LINE;
  let state: "preamble" | "after-delimiter" | "head" | "bytes" | "ended" = "preamble";

  function* take(chunk: Uint8Array): Generator<Event> {
    rest = Buffer.concat([rest, chunk]);
    for (;;) {
      if (state === "ended") {
        rest = LINE;
        return;
      }
      if (state === "after-delimiter") {
        if (rest.length < 2) return;
        if (rest.toString("latin1", 0, 2) === "--") {
          state = "ended";
          yield { kind: "end" };
          continue;
        }
        const line = rest.indexOf(LINE);
        if (line < 0 && rest.length < MAX_HEAD_BYTES) return;
        if (rest.toString("latin1", 0, line).trim() !== "") throw broken();
        // The line break may be the first half of the empty line after a head with nothing in it.
        rest = rest.subarray(line);
        state = "head";
      }
      if (state === "head") {
        const end = rest.indexOf(END_OF_HEAD);
        if (end > MAX_HEAD_BYTES || (end < 0 && rest.length > MAX_HEAD_BYTES)) throw broken();
        if (end < 0) return;
        const head = rest.toString("utf8", 0, end);
        rest = rest.subarray(end + END_OF_HEAD.length);
        state = "bytes";
        yield { kind: "part", head };
      }
      const at = rest.indexOf(delimiter);
      const safe = at < 0 ? rest.length - delimiter.length : at;
      if (safe > 0) {
        if (state === "bytes") yield { kind: "bytes", bytes: rest.subarray(0, safe) };
        rest = rest.subarray(safe);
      }
      if (at < 0) return;
      rest = rest.subarray(delimiter.length);
      state = "after-delimiter";
    }
  }

  return { take, hasEnded: () => state === "ended" };
}

interface Described {
  readonly name: string;
  /** Null for a field without a file. */
  readonly fileName: string | null;
  readonly type: string;
}

/** RFC 7578 §4.2; browsers write quotes and line breaks in names as `%22`, `%0D` and `%0A` (HTML §4.10.22.7). */
function describedBy(head: string): Described {
  const disposition = /^content-disposition:(.*)$/im.exec(head)?.[1] ?? "";
  const parameter = (name: string): string | null => {
    const [, quoted, bare] =
      new RegExp(`;\\s*${name}=(?:"((?:[^"\\\\]|\\\\.)*)"|([^\\s;"]+))`, "i").exec(disposition) ?? [];
    const value = quoted ?? bare;
    return value === undefined
      ? null
      : value
          .replace(/\\(["\\])/g, "$1")
          .replace(/%(22|0D|0A)/gi, (_, code) => String.fromCharCode(parseInt(code, 16)));
  };
  const name = parameter("name");
  if (name === null) throw broken();
  const type = /^content-type:\s*([^\s;]+)/im.exec(head)?.[1] ?? "";
  return { name, fileName: extended(disposition) ?? parameter("filename"), type };
}

/** RFC 8187, which some programs send beside or in place of the plain name. */
function extended(disposition: string): string | null {
  const encoded = /;\s*filename\*=UTF-8''([^\s;]+)/i.exec(disposition)?.[1];
  if (encoded === undefined) return null;
  try {
    return decodeURIComponent(encoded);
  } catch {
    // @NOTE A name that cannot be read is no reason to refuse its file.
    return null;
  }
}

interface Sink {
  write(bytes: Uint8Array): Promise<void> | void;
  end(): Promise<void> | void;
  /** The form broke off. */
  drop(): Promise<void> | void;
}

function fieldSink(count: (size: number) => void, done: (text: string) => void): Sink {
  const chunks: Uint8Array[] = [];
  return {
    write(bytes) {
      count(bytes.length);
      chunks.push(bytes.slice());
    },
    end: () => done(Buffer.concat(chunks).toString("utf8")),
    drop: () => undefined,
  };
}

/** `holds` says whether so many bytes more may stay in memory. */
function fileSink(
  newPath: () => string,
  holds: (bytes: number) => boolean,
  done: (content: BlobPart[]) => void,
): Sink {
  let chunks: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  let file: FileHandle | null = null;
  let path = "";
  /** What came until now lies on the disk. */
  async function begun(): Promise<FileHandle> {
    path = newPath();
    await mkdir(dirname(path), { recursive: true });
    file = await open(path, "wx", 0o600);
    for (const chunk of chunks) await file.write(chunk);
    chunks = [];
    return file;
  }
  return {
    async write(bytes) {
      size += bytes.length;
      if (file === null && size <= IN_MEMORY_BYTES && holds(bytes.length)) {
        chunks.push(new Uint8Array(bytes));
        return;
      }
      try {
        file ??= await begun();
        await file.write(bytes);
      } catch (error) {
        throw asProblem(error);
      }
    },
    async end() {
      await file?.close();
      done(file === null ? chunks : [Bun.file(path)]);
    },
    async drop() {
      await file?.close().catch(() => undefined);
    },
  };
}
