/** Reads a response's body without ever holding more of it than was asked for. */

/**
 * The decompressed body, or null once it is clear that it has more than `maxBytes`. In that case the rest is
 * cancelled: a body that nobody reads or cancels keeps its connection and its memory.
 */
export async function readCapped(response: Response, maxBytes: number): Promise<Uint8Array | null> {
  if (response.body === null) return new Uint8Array();
  const isCompressed = response.headers.get("content-encoding") !== null;
  const declared = Number(response.headers.get("content-length") ?? Number.NaN);
  if (!isCompressed && declared > maxBytes) {
    await response.body.cancel();
    return null;
  }
  // The length is what the connection itself counts by, so a body cannot grow beyond it.
  if (!isCompressed && declared <= maxBytes) return response.bytes();

  const chunks: Uint8Array[] = [];
  let size = 0;
  const reader = response.body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return join(chunks, size);
    size += value.byteLength;
    if (size > maxBytes) {
      await reader.cancel();
      return null;
    }
    chunks.push(value);
  }
}

function join(chunks: readonly Uint8Array[], size: number): Uint8Array {
  const [first] = chunks;
  if (first !== undefined && chunks.length === 1) return first;
  const whole = new Uint8Array(size);
  let offset = 0;
  for (const chunk of chunks) {
    whole.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return whole;
}
