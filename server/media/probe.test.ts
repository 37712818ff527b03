/** What files are taken for. */
import { expect, test } from "bun:test";
import { createZip } from "../lib/zip.ts";
import { probe, probeSource } from "./probe.ts";
import { sourceOfBytes } from "./source.ts";

const bytes = (text: string): Uint8Array => Uint8Array.from(text, (char) => char.charCodeAt(0));
const typeOf = (start: string, fileName: string | null = null): string => {
  const found = probe(bytes(start), fileName);
  return typeof found === "string" ? found : `${found.extension} ${found.mediaType} ${found.family}`;
};

test("the bytes decide, whatever the name says", () => {
  const cases: [start: string, what: string][] = [
    ["\x89PNG\r\n\x1a\n", "png image/png image"],
    ["\xff\xd8\xff\xe0", "jpg image/jpeg image"],
    ["GIF89a", "gif image/gif image"],
    ["RIFF\0\0\0\0WEBPVP8 ", "webp image/webp image"],
    ["RIFF\0\0\0\0WAVEfmt ", "wav audio/wav audio"],
    ["\0\0\0\x18ftypisom", "mp4 video/mp4 video"],
    ["\0\0\0\x18ftypqt  ", "mov video/quicktime video"],
    ["\0\0\0\x18ftypM4A ", "m4a audio/mp4 audio"],
    ["\x1a\x45\xdf\xa3\x01\0\0\0\0\0\0\x1fB\x82\x84webm", "webm video/webm video"],
    ["OggS\0\x02............\x01\x13OpusHead", "ogg audio/ogg audio"],
    ["OggS\0\x02............\x80theora", "ogv video/ogg video"],
    ["ID3\x04", "mp3 audio/mpeg audio"],
    ["\xff\xfb\x90\x64", "mp3 audio/mpeg audio"],
    ["fLaC\0", "flac audio/flac audio"],
    ["%PDF-1.7", "pdf application/pdf file"],
  ];
  for (const [start, what] of cases) expect(typeOf(start, "letter.html")).toBe(what);
});

test("formats that cannot be read are named", () => {
  expect(typeOf("\0\0\0\x18ftypheic")).toBe("HEIC");
  expect(typeOf("\0\0\0\x18ftypavif")).toBe("AVIF");
  expect(typeOf("II*\0\x08")).toBe("TIFF");
});

/** A zip file with empty files of these names, and perhaps a `mimetype` before them. */
async function zip(names: readonly string[], mimetype = ""): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  const file = createZip(async (chunk, at) => {
    const before = Buffer.concat(chunks);
    const after = Buffer.alloc(Math.max(before.length, at + chunk.length));
    before.copy(after);
    after.set(chunk, at);
    chunks.splice(0, chunks.length, after);
  });
  async function* texts(text: string) {
    yield bytes(text);
  }
  if (mimetype !== "") await file.add("mimetype", 0, texts(mimetype));
  for (const name of names) await file.add(name, 0, texts(""));
  await file.end();
  return Buffer.concat(chunks);
}

const kindOfZip = async (content: Uint8Array, fileName: string | null): Promise<string> => {
  const found = await probeSource(sourceOfBytes(content), fileName);
  return typeof found === "string" ? found : found.extension;
};

test("what is in a zip file says what it is, whatever it is called", async () => {
  const cases: [names: string[], mimetype: string, called: string, extension: string][] = [
    [["[Content_Types].xml", "word/document.xml"], "", "letter.zip", "docx"],
    [["[Content_Types].xml", "xl/workbook.xml"], "", "marks.xlsx", "xlsx"],
    [["[Content_Types].xml", "ppt/presentation.xml"], "", "talk", "pptx"],
    [["content.xml"], "application/vnd.oasis.opendocument.text", "x.zip", "odt"],
    [["content.xml"], "application/vnd.oasis.opendocument.presentation", "x.odp", "odp"],
    [["content.xml"], "application/vnd.oasis.opendocument.spreadsheet", "x.ods", "ods"],
    [["META-INF/container.xml"], "application/epub+zip", "book.epub", "epub"],
    [["moodle_backup.xml", "files.xml"], "", "course.mbz", "mbz"],
    [["h5p.json", "content/content.json"], "", "quiz.h5p", "h5p"],
    [["geogebra.xml"], "", "triangle.ggb", "ggb"],
    [["project.json"], "", "cat.sb3", "sb3"],
    [["project.json"], "", "anything.zip", "zip"],
    [["evil.exe"], "", "letter.docx", "zip"],
    [["x"], "text/html", "page.epub", "zip"],
  ];
  for (const [names, mimetype, called, extension] of cases)
    expect([called, await kindOfZip(await zip(names, mimetype), called)]).toEqual([called, extension]);
});

test("a document with a program in it is not taken for the document", async () => {
  const names = ["[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"];
  expect(await kindOfZip(await zip(names), "letter.docx")).toBe("zip");
});

test("a damaged zip file is a zip file", async () => {
  const whole = await zip(["[Content_Types].xml", "word/document.xml"]);
  for (let cut = 4; cut < whole.length; cut += 7)
    expect(await kindOfZip(whole.subarray(0, cut), "x.docx")).toBe("zip");
  const lying = new Uint8Array(whole);
  lying.fill(0xff, whole.length - 12, whole.length - 2);
  expect(await kindOfZip(lying, "x.docx")).toBe("zip");
});

test("what the bytes leave open is told by its name, among names that are harmless", () => {
  expect(typeOf("\x1f\x8b\x08", "course.mbz")).toBe("mbz application/vnd.moodle.backup file");
  expect(typeOf("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old.DOC")).toBe("doc application/msword file");
  expect(typeOf("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "setup.msi")).toBe("bin application/octet-stream file");
  expect(typeOf("a,b\n1,2\n", "marks.csv")).toBe("csv text/csv file");
  expect(typeOf("Schüler;Note\n", "marks.csv")).toBe("csv text/csv file");
  expect(typeOf("hello", null)).toBe("txt text/plain file");
  expect(typeOf("{\\rtf1 hello}", "letter.rtf")).toBe("rtf application/rtf file");
});

test("pages, programs, drawings with scripts and documents of ours are only ever bytes to save", () => {
  const documents: [text: string, name: string][] = [
    ["<script>alert(1)</script>", "page.html"],
    ["<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "drawing.svg"],
    ['{"id":"https://a.test/users/alice","type":"Person"}', "actor.json"],
    ['{"type":"Note"}', "note.activity+json"],
    ["\x7fELF", "program"],
    ["BM then words", "x.bmp"],
  ];
  for (const [text, name] of documents) {
    expect(typeOf(text, name)).toMatch(/^(bin application\/octet-stream|txt text\/plain) file$/);
  }
});
