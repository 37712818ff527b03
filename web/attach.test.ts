/** What a post has attached after its form came: what stays, what is said of it, what goes, what is new. */
import { expect, test } from "bun:test";
import type { AsObject } from "../server/core/object.ts";
import type { Describable } from "../server/media/describe.ts";
import { attach, type GivenFiles, NO_FILES, planAttachments } from "./attach.ts";
import { ACT, MAX_ATTACHMENTS, MAX_DESCRIPTION_CHARACTERS } from "./forms.ts";

const { fields: f } = ACT;
const image = (n: number, more: object = {}) => ({ type: "Image", url: `https://a.test/${n}.png`, ...more });
const post = (...attachment: object[]) => ({ type: "Note", attachment }) as AsObject;
const kept = (field: string): Describable => ({
  key: 1,
  url: `https://a.test/media/${field}`,
  mediaType: "image/png",
  family: "image",
  sizeBytes: 3,
  width: 4,
  height: 5,
});
const files = (...names: string[]): GivenFiles => ({
  has: (field) => names.includes(field),
  keep: async (field) => kept(field),
});
const form = (fields: Record<string, string> = {}) => new URLSearchParams(fields);

test("new files come in the order of their fields, with their sizes and what they show", async () => {
  const fields = form({ [f.fileText(3)]: "  A red cabbage ", [f.fileText(1)]: "" });
  const plan = planAttachments(fields, files(f.file(3), f.file(1)), null);
  expect(await attach(plan, fields, files(f.file(3), f.file(1)))).toEqual([
    { type: "Image", mediaType: "image/png", url: "https://a.test/media/file-1", width: 4, height: 5 },
    {
      type: "Image",
      mediaType: "image/png",
      url: "https://a.test/media/file-3",
      width: 4,
      height: 5,
      name: "A red cabbage",
    },
  ]);
});

test("a form that says nothing of files leaves them as they are", () => {
  const plan = planAttachments(form(), NO_FILES, post(image(1, { name: "One" }), image(2)));
  expect(plan).toMatchObject({ left: [image(1, { name: "One" }), image(2)], isChange: false });
});

test("what a file shows is changed, taken away, or the file is", () => {
  const fields = form({
    [f.fileUrl(1)]: image(1).url,
    [f.fileText(1)]: "New words",
    [f.fileUrl(2)]: image(2).url,
    [f.fileText(2)]: "",
    [f.fileUrl(3)]: image(3).url,
    [f.fileText(3)]: "Three",
    [f.fileRemove(3)]: "yes",
  });
  const before = post(image(1), image(2, { name: "Two" }), image(3, { name: "Three" }), image(4));
  const plan = planAttachments(fields, NO_FILES, before);
  expect(plan.left).toEqual([image(1, { name: "New words" }), image(2), image(4)]);
  expect(plan.isChange).toBe(true);
});

test("a file is known by its address, wherever it stands by now", () => {
  const fields = form({ [f.fileUrl(1)]: image(2).url, [f.fileText(1)]: "", [f.fileRemove(1)]: "yes" });
  expect(planAttachments(fields, NO_FILES, post(image(1), image(2))).left).toEqual([image(1)]);
});

test("more files than a post takes are refused, and so are too many words", () => {
  const full = post(...Array.from({ length: MAX_ATTACHMENTS }, (_, n) => image(n)));
  expect(() => planAttachments(form(), files(f.file(1)), full)).toThrow("Remove one first.");
  expect(planAttachments(form(), NO_FILES, post(...(full.attachment as object[]), image(9))).isChange).toBe(
    false,
  );
  const long = form({ [f.fileText(2)]: "x".repeat(MAX_DESCRIPTION_CHARACTERS + 1) });
  expect(() => planAttachments(long, files(f.file(2)), null)).toThrow("Make it shorter");
});

test("what matters in a picture is said, changed and taken back; of other files nothing is said", async () => {
  const fields = form({ [f.fileFocus(1)]: "0,0.7", [f.fileFocus(2)]: "0,0", [f.fileFocus(3)]: "nonsense" });
  const given = files(f.file(1), f.file(2), f.file(3));
  const made = await attach(planAttachments(fields, given, null), fields, given);
  expect(made.map((one) => (one as { focalPoint?: unknown }).focalPoint)).toEqual([
    [0, 0.7],
    undefined,
    undefined,
  ]);
  const before = image(1, { focalPoint: [0.25, 0.5] });
  const after = (focus: string | null) => {
    const said = form({ [f.fileUrl(1)]: before.url, ...(focus === null ? {} : { [f.fileFocus(1)]: focus }) });
    return planAttachments(said, NO_FILES, post(before));
  };
  for (const same of [null, "0.25,0.5"])
    expect(after(same)).toMatchObject({ left: [before], isChange: false });
  expect(after("-0.7,0").left).toEqual([image(1, { focalPoint: [-0.7, 0] })]);
  expect(after("0,0").left).toEqual([image(1)]);
});
