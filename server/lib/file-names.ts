/** Names of files of people here, where documents have their addresses. */

/** `/media/`, the SHA-256 of the bytes, a dot, an extension (`media/blobs.ts`). */
const ADDRESS = /\/media\/([0-9a-f]{64}\.[a-z0-9]{1,8})/g;
/** More in one document is no post. */
const MAX_NAMES = 200;

/** Each once, wherever in the text it stands. */
export const fileNamesIn = (text: string): readonly string[] =>
  [...new Set(text.matchAll(ADDRESS).map(([, name = ""]) => name))].slice(0, MAX_NAMES);
