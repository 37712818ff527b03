/** Every page with canned props: what all of them owe their readers. */
import { describe, expect, test } from "bun:test";
import type { PageView } from "./page.ts";
import { pageHeaders, pageResponse, renderDocument } from "./render.ts";
import { cannedContext } from "./testing/canned.ts";
import { cannedPages } from "./testing/canned-pages.ts";

const names = Object.keys(cannedPages);

function documentOf(name: string, language = "en"): string {
  const canned = cannedPages[name];
  if (canned === undefined) throw new Error(`There is no canned page ${name}.`);
  const context = cannedContext(canned, { language });
  return renderDocument(context, canned.page(context));
}

/** Tags with their attributes; text between them cannot be mistaken for markup, as `<` is escaped there. */
const tagsOf = (document: string): readonly string[] => document.match(/<[a-z](?:[^"<>]|"[^"]*")*>/gi) ?? [];
const attributesOf = (tag: string): readonly string[] =>
  tag
    .replace(/"[^"]*"/g, '""')
    .match(/\s[a-z-]+(?==|[\s/>])/gi)
    ?.map((a) => a.trim()) ?? [];

describe.each(names)("the page %s", (name) => {
  const document = documentOf(name);
  const tags = tagsOf(document);

  test("has one heading of the first level, one main part, a title and a language", () => {
    expect(tags.filter((tag) => tag.startsWith("<h1")).length).toBe(1);
    expect(tags.filter((tag) => tag.startsWith("<main")).length).toBe(1);
    expect(document).toMatch(/<title>[^<]+<\/title>/);
    expect(document).toStartWith('<!doctype html><html lang="en" dir="ltr"');
  });

  test("has nothing inline that a strict policy would refuse", () => {
    expect(tags.filter((tag) => /^<script(?![^>]*\ssrc=)/i.test(tag) || /^<style/i.test(tag))).toEqual([]);
    const inline = tags.flatMap(attributesOf).filter((attribute) => /^(style|on[a-z]+)$/i.test(attribute));
    expect(inline).toEqual([]);
  });

  test("has no address that runs code", () => {
    const addresses = tags.flatMap((tag) => [
      ...tag.matchAll(/\s(?:href|src|action|formaction|poster)="([^"]*)"/g),
    ]);
    expect(addresses.filter(([, url]) => /^\s*(javascript|data|vbscript):/i.test(url ?? ""))).toEqual([]);
  });

  test("proves each form that changes something to be its own", () => {
    for (const form of document.match(/<form[^>]*method="post"[\s\S]*?<\/form>/g) ?? []) {
      expect(form).toContain('name="csrf" value="csrf-token"');
    }
  });

  test("says what each picture shows and keeps room for it", () => {
    for (const picture of tags.filter((tag) => tag.startsWith("<img"))) {
      expect(picture).toMatch(/\salt="/);
      expect(picture).toMatch(/\swidth="\d+"\s+height="\d+"/);
    }
  });

  test("uses no id twice", () => {
    const ids = tags.flatMap((tag) => / id="([^"]*)"/.exec(tag)?.[1] ?? []);
    if (name !== "hostile" && name !== "post-reply") expect(ids.length).toBe(new Set(ids).size);
  });

  test("is under 100 KB on its first visit, sheets and icons apart", () => {
    expect(Bun.gzipSync(document).length).toBeLessThan(40_000);
  });
});

describe("hostile strings", () => {
  test.each(["hostile", "hostile-profile"])("of %s are shown as text", (name) => {
    const document = documentOf(name);
    expect(document).toContain("&lt;script>alert(1)");
    expect(document).not.toContain("<script>alert");
    expect(document).not.toContain("<img src=x");
  });
});

describe("what a page says", () => {
  test("home shows a post, who wrote it, who boosted it and what one may do", () => {
    const document = documentOf("home");
    for (const words of [
      "measured the height",
      "Ada Okafor",
      "Physics teachers",
      "boosted",
      'value="Like"',
      'value="Undo Like"',
    ]) {
      expect(document).toContain(words);
    }
  });

  test("a type nobody designed is shown as its nearest ancestor, with its facts and its own actions", () => {
    const document = documentOf("post-recipe");
    for (const words of [
      "Indicator from red cabbage",
      "You need",
      "half a red cabbage",
      "I made this",
      'value="Cook"',
    ]) {
      expect(document).toContain(words);
    }
  });

  test("content behind a warning is closed, and the warning comes first", () => {
    expect(documentOf("home")).toMatch(
      /<details class="card-body warning"><summary[^>]*>[\s\S]*?Exam answers[\s\S]*?<\/summary>[\s\S]*?Question 3/,
    );
  });

  test("only its author is offered to edit and delete a post", () => {
    expect(documentOf("post")).toContain('value="Delete"');
    expect(documentOf("post-recipe")).not.toContain('value="Delete"');
  });

  test("visitors see no forms on a post, but a way to answer from home", () => {
    const document = documentOf("post-reply");
    expect(document).not.toContain('action="/act"');
    expect(document).toContain("Reply from your own server");
  });

  test("an error stands at its field and is tied to it", () => {
    const document = documentOf("sign-up-error");
    expect(document).toMatch(
      /<input id="field-name"[^>]*aria-describedby="field-name-error field-name-help"[^>]*aria-invalid="true"/,
    );
    expect(document).toMatch(/id="field-name-error">[\s\S]{0,300}How about ada_okafor/);
    expect(document).toContain('value="Ada Okafor"');
  });

  test("a password that was typed is never sent back", () => {
    expect(documentOf("sign-up-error")).not.toMatch(/type="password"[^>]*\svalue=/);
  });
});

describe("the headers", () => {
  const canned = cannedPages.authorize;
  if (canned === undefined) throw new Error("There is no canned page authorize.");
  const context = cannedContext(canned);

  test("forbid everything inline, and let the consent form alone end wherever the app sends people on", () => {
    const policyOf = (page: PageView) => pageHeaders(page)["Content-Security-Policy"] ?? "";
    const policy = policyOf(canned.page(context));
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toContain("unsafe");
    expect(policy).not.toContain("form-action");
    for (const [name, other] of Object.entries(cannedPages)) {
      if (!name.startsWith("authorize"))
        expect([name, policyOf(other.page(cannedContext(other)))]).toEqual([
          name,
          expect.stringContaining("form-action 'self'"),
        ]);
    }
  });

  test("let forms end over plain http only where everything else goes that way", () => {
    const remote = cannedPages["remote-follow"]?.page(cannedContext({ as: "visitor" }));
    if (remote === undefined) throw new Error("There is no canned page remote-follow.");
    const policyWith = (allowsHttp: boolean) =>
      pageHeaders(remote, { allowsHttp })["Content-Security-Policy"];
    expect(policyWith(false)).not.toContain("http:");
    expect(policyWith(true)).toContain("form-action 'self' https: http:;");
  });

  test("load nothing from other servers: their pictures and films come through this one", () => {
    const policy = pageHeaders(canned.page(context), { allowsHttp: true })["Content-Security-Policy"] ?? "";
    expect(policy).toContain("img-src 'self' data:;");
    expect(policy).toContain("media-src 'self';");
  });

  test("come with the document", async () => {
    const response = pageResponse(context, canned.page(context), 403);
    expect(response.status).toBe(403);
    expect(response.headers.get("content-type")).toBe("text/html; charset=utf-8");
    expect(await response.text()).toStartWith("<!doctype html>");
  });
});
