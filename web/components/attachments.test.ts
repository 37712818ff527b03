/** How what belongs to a post is shown: in its size, by what matters in it, and with what it is. */
import { describe, expect, test } from "bun:test";
import type { VNode } from "preact";
import { renderToString } from "preact-render-to-string";
import type { AttachmentView } from "../../server/queries/view.ts";
import { cannedContext } from "../testing/canned.ts";
import { objectView } from "../testing/people.ts";
import { attachments } from "./attachments.ts";

const HERE = "https://pub.test/media";
const image: AttachmentView = {
  kind: "image",
  url: `${HERE}/a.jpg`,
  shownUrl: `${HERE}/a.jpg`,
  mediaType: "image/jpeg",
  name: "A cabbage",
  width: 1_600,
  height: 900,
};
const small = { posterUrl: `${HERE}/small.jpg`, posterSize: { width: 640, height: 360 } };
const shown = (...views: AttachmentView[]): string =>
  renderToString(attachments(cannedContext({ as: "member" }), objectView({ attachments: views })) as VNode);

describe("a picture", () => {
  test("is offered in both its sizes, wide alone and narrow beside others", () => {
    const alone = shown({ ...image, ...small });
    expect(alone).toContain(`src="${HERE}/small.jpg" srcset="${HERE}/small.jpg 640w, ${HERE}/a.jpg 1600w"`);
    expect(alone).toContain('sizes="(width &lt; 640px) 100vw, 592px"');
    expect(alone).toContain('alt="A cabbage" width="1600" height="900"');
    expect(shown({ ...image, ...small }, { ...image, url: `${HERE}/b.jpg` })).toContain("50vw, 296px");
  });

  test("that moves stands still until it is opened", () => {
    const gif = {
      ...image,
      ...small,
      url: `${HERE}/a.gif`,
      shownUrl: `${HERE}/a.gif`,
      mediaType: "image/gif",
    };
    expect(shown(gif)).toContain(`href="${HERE}/a.gif"`);
    expect(shown(gif)).not.toContain(`${HERE}/a.gif 1600w`);
    expect(shown(gif)).toContain(">GIF</span>");
    expect(shown(image)).not.toContain(">GIF</span>");
  });

  test("of another server comes through this one alone", () => {
    const theirs = { ...image, ...small, url: "https://b.test/a.jpg", shownUrl: "/media/away/x" };
    expect(shown(theirs)).toContain('src="/media/away/x"');
    expect(shown(theirs)).not.toContain("srcset");
  });

  test("shows its colours before it has come, unless it may be seen through", () => {
    const blurhash = "LEHV6nWB2yk8pyo0adR*.7kCMdnj";
    expect(shown({ ...image, blurhash })).toMatch(
      /<img class="gallery-blur" src="data:image\/bmp;base64,Qk[^"]{170,190}" alt/,
    );
    expect(shown({ ...image, blurhash, mediaType: "image/png" })).not.toContain("gallery-blur");
    expect(shown({ ...image, blurhash: "nonsense" })).not.toContain("gallery-blur");
  });

  test.each([
    [[0, 0.7], "focus-12"],
    [[-1, -1], "focus-00"],
    [[0.9, 0.1], "focus-21"],
  ] as const)("whose point is %p keeps that part", (focus, name) =>
    expect(shown({ ...image, focus })).toContain(`class="${name}"`),
  );
});

describe("a file", () => {
  const file: AttachmentView = {
    kind: "file",
    url: `${HERE}/0123.pdf/%C3%9Cbung%203.pdf`,
    mediaType: "application/pdf",
    name: "",
    width: null,
    height: null,
    sizeBytes: 1_234_567,
  };

  test("says its name, its format and its size", () => {
    expect(shown(file)).toContain(">Übung 3.pdf</span>");
    expect(shown(file)).toContain("PDF, 1.2 MB");
  });

  test("of which little is known says what there is", () => {
    const { sizeBytes: _, ...bare } = file;
    expect(shown({ ...bare, url: "https://b.test/files/%ff" })).toContain("application/pdf");
    expect(shown({ ...bare, url: "https://b.test/files/%ff", mediaType: null })).toContain("Download");
  });
});

describe("a film", () => {
  const film: AttachmentView = {
    ...image,
    kind: "video",
    mediaType: "video/mp4",
    url: `${HERE}/a.mp4`,
    shownUrl: `${HERE}/a.mp4`,
  };

  test("of ours shows its first picture by itself, or its still", () => {
    expect(shown(film)).toContain('preload="metadata"');
    expect(shown({ ...film, posterUrl: `${HERE}/still/a.mp4` })).toContain('preload="metadata"');
    expect(shown({ ...film, posterUrl: `${HERE}/still.webp` })).toMatch(
      /preload="none"[^>]*poster="[^"]*still\.webp"/,
    );
  });

  test("of another server is fetched for nobody who does not play it", () => {
    expect(shown({ ...film, url: "https://b.test/a.mp4", shownUrl: "/media/away/y" })).toContain(
      'preload="none"',
    );
  });
});
