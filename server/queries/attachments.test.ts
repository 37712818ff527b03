/** What is read of attachments besides their addresses, from peers that may say anything. */
import { expect, test } from "bun:test";
import type { AsObject } from "../core/object.ts";
import { attachmentsOf } from "./attachments.ts";

const B = "https://b.test";
const HASH = "LEHV6nWB2yk8pyo0adR*.7kCMdnj";
const read = (attachment: object) => {
  const note = { type: "Note", attachment: [{ type: "Document", url: `${B}/x`, ...attachment }] } as AsObject;
  return attachmentsOf(note, { iri: `${B}/1`, ancestry: ["Note", "Object"], links: [] })[0];
};

test("a picture brings its colours, its point and its smaller copy", () => {
  const preview = { type: "Image", url: `${B}/small.jpg`, width: 640, height: 360 };
  const picture = { mediaType: "image/jpeg", blurhash: HASH, focalPoint: [-0.5, 1], preview };
  expect(read(picture)).toMatchObject({
    kind: "image",
    blurhash: HASH,
    focus: [-0.5, 1],
    posterUrl: `${B}/small.jpg`,
    posterSize: { width: 640, height: 360 },
  });
});

test("colours and points that are none are left out, and so is the middle", () => {
  const hashes = ["", "x", `${HASH}A`, "<script>", 7, null, [HASH], "a".repeat(10_000), { [HASH]: 1 }];
  for (const blurhash of hashes) expect(read({ mediaType: "image/png", blurhash })?.blurhash).toBeUndefined();
  const points = [[0, 0], [1], [2, 0], ["0", "1"], [Number.NaN, 0], "0,1", null, [0.1, null], { x: 1, y: 1 }];
  for (const focalPoint of points)
    expect(read({ mediaType: "image/png", focalPoint })?.focus).toBeUndefined();
});

test.each([
  ["PT12.5S", 12_500],
  ["PT1H2M3S", 3_723_000],
  ["PT90M", 5_400_000],
  [61, 61_000],
  ["PT0S", undefined],
  ["P1D", undefined],
  ["12", undefined],
  [-5, undefined],
  [1e12, undefined],
  ["PT999999999S", undefined],
  [["PT1S"], 1_000],
  [{}, undefined],
  [{ toString: 1, valueOf: 1 }, undefined],
  [[[{ toString: 1 }]], undefined],
] as const)("a film of %p lasts %p milliseconds", (duration, milliseconds) =>
  expect(read({ mediaType: "video/mp4", duration })?.durationMs).toBe(milliseconds as number),
);

test("a file says its size where that can be", () => {
  const size = (given: unknown) => read({ mediaType: "application/pdf", size: given })?.sizeBytes;
  expect([1_234, 0, -1, 1.5, 1e15, "1234", null].map(size)).toEqual([
    1_234,
    ...Array<undefined>(6).fill(undefined),
  ]);
});
