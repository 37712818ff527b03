/** What a ZIP file is, by the names of what is in it (PKWARE APPNOTE 6.3): nothing is unpacked. */
import { type Source, textAt, viewOf } from "./source.ts";

/** The end of the directory, with the longest comment that may follow it (§4.3.16). */
const TAIL_BYTES = 22 + 0xffff;
/** Names that tell what it is stand early, and a directory of hostile size is not read to its end. */
const MAX_DIRECTORY_BYTES = 256 * 1024;
const MAX_ENTRIES = 4_000;
const LOCAL_HEADER = "PK\x03\x04";
const CENTRAL_HEADER = "PK\x01\x02";
const END_OF_CENTRAL = "PK\x05\x06";

/** Documents that begin with a file called `mimetype` (OpenDocument 1.3 part 2 §3.3, EPUB OCF §4.3). */
const BY_MIMETYPE: Readonly<Record<string, string>> = {
  "application/vnd.oasis.opendocument.text": "odt",
  "application/vnd.oasis.opendocument.spreadsheet": "ods",
  "application/vnd.oasis.opendocument.presentation": "odp",
  "application/vnd.oasis.opendocument.graphics": "odg",
  "application/vnd.oasis.opendocument.formula": "odf",
  "application/epub+zip": "epub",
};

/** Those that are known by what is in them: all of these names. */
const BY_CONTENT: readonly {
  readonly extension: string;
  readonly has: readonly string[];
  /** Whether it must be called so, too: what is in it may as well be in something else. */
  readonly isNamed?: true;
}[] = [
  { extension: "docx", has: ["[Content_Types].xml", "word/document.xml"] },
  { extension: "xlsx", has: ["[Content_Types].xml", "xl/workbook.xml"] },
  { extension: "pptx", has: ["[Content_Types].xml", "ppt/presentation.xml"] },
  { extension: "mbz", has: ["moodle_backup.xml"] },
  { extension: "h5p", has: ["h5p.json"] },
  { extension: "ggb", has: ["geogebra.xml"] },
  { extension: "sb3", has: ["project.json"], isNamed: true },
  { extension: "imscc", has: ["imsmanifest.xml"], isNamed: true },
];
/** A program inside a document makes it something else than the document that it looks like. */
const PROGRAM = /(?:^|\/)vbaProject\.bin$/i;

/** An extension of `probe.ts`; `zip` for everything that is nothing else, and for what is damaged. `claimed` is its sender's word. */
export async function zipKindOf(source: Source, claimed: string): Promise<string> {
  const byMimetype = BY_MIMETYPE[await mimetypeOf(source)];
  if (byMimetype !== undefined) return byMimetype;
  const names = await namesIn(source);
  if ([...names].some((name) => PROGRAM.test(name))) return "zip";
  const found = BY_CONTENT.find(
    ({ extension, has, isNamed }) =>
      (!isNamed || claimed === extension) && has.every((name) => names.has(name)),
  );
  return found?.extension ?? "zip";
}

/** The first file, where it is called `mimetype` and lies there uncompressed; else nothing. */
async function mimetypeOf(source: Source): Promise<string> {
  const head = await source.read(0, 256);
  if (head.length < 38 || textAt(head, 0, 4) !== LOCAL_HEADER) return "";
  const view = viewOf(head);
  const [method, size, nameSize, extraSize] = [
    view.getUint16(8, true),
    view.getUint32(18, true),
    view.getUint16(26, true),
    view.getUint16(28, true),
  ];
  if (method !== 0 || textAt(head, 30, nameSize) !== "mimetype" || nameSize !== 8) return "";
  return textAt(head, 30 + nameSize + extraSize, size).trim();
}

async function namesIn(source: Source): Promise<ReadonlySet<string>> {
  const names = new Set<string>();
  const from = Math.max(0, source.sizeBytes - TAIL_BYTES);
  const tail = await source.read(from, TAIL_BYTES);
  let end = tail.length - 22;
  while (end >= 0 && !(tail[end] === 0x50 && textAt(tail, end, 4) === END_OF_CENTRAL)) end--;
  if (end < 0) return names;
  const view = viewOf(tail);
  const size = Math.min(view.getUint32(end + 12, true), MAX_DIRECTORY_BYTES);
  const directory = await source.read(view.getUint32(end + 16, true), size);
  const entries = viewOf(directory);
  for (let at = 0; at + 46 <= directory.length && names.size < MAX_ENTRIES; ) {
    if (textAt(directory, at, 4) !== CENTRAL_HEADER) break;
    const nameSize = entries.getUint16(at + 28, true);
    names.add(new TextDecoder().decode(directory.subarray(at + 46, at + 46 + nameSize)));
    at += 46 + nameSize + entries.getUint16(at + 30, true) + entries.getUint16(at + 32, true);
  }
  return names;
}
