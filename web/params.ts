/** The parts of a path as they were meant. */

/** Each part decoded (RFC 3986 §2.1). */
export function decoded(params: object | undefined): Record<string, string> {
  return Object.fromEntries(
    Object.entries(params ?? {}).map(([name, value]) => [name, decodeSafely(String(value))]),
  );
}

function decodeSafely(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // @NOTE A path that is badly encoded is looked for as it stands, and not found.
    return text;
  }
}
