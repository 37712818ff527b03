/** What files are taken for. */
import { expect, test } from "bun:test";
import { probe } from "./probe.ts";

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

test("what is in a zip file or a text is told by its name, among names that are harmless", () => {
  expect(typeOf("PK\x03\x04", "Course.MBZ")).toBe("mbz application/vnd.moodle.backup file");
  expect(typeOf("PK\x03\x04", "x.exe")).toBe("zip application/zip file");
  expect(typeOf("\x1f\x8b\x08", "course.mbz")).toBe("mbz application/vnd.moodle.backup file");
  expect(typeOf("a,b\n1,2\n", "marks.csv")).toBe("csv text/csv file");
  expect(typeOf("hello", null)).toBe("txt text/plain file");
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
