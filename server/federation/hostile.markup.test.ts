/** Hostile input: markup and addresses in every text of actors and posts, looked for in the pages. */
import { beforeAll, expect, test } from "bun:test";
import { PUBLIC } from "../core/object.ts";
import type { JsonObject } from "../lib/json.ts";
import { eachEngine } from "../testing/engines.ts";
import { createWorld, errorsOf, type World } from "../testing/hostile.ts";
import { post } from "../testing/letters.ts";
import { another } from "../testing/newcomers.ts";
import { dangersIn } from "../testing/page-check.ts";

/** In everything that the fiend writes, so that it is found again wherever it comes out. */
const MARKER = "pwnd";

const MARKUP: Readonly<Record<string, string>> = {
  "a script": "<script>pwnd()</script>",
  "a script in capitals": "<SCRIPT SRC=https://mallory.test/pwnd.js></SCRIPT>",
  "a script that is never closed": "<script>pwnd()",
  "a script behind a half tag": "<<script>pwnd()//<</script>",
  "an escape from an attribute": '"><img src=x onerror=pwnd()>',
  "an escape from single quotes": "'><img src=x onerror='pwnd()'>",
  "an escape from a title": "</title><script>pwnd()</script>",
  "an escape from a text field": "</textarea><script>pwnd()</script>",
  "an escape from a comment": "--><script>pwnd()</script>",
  "a comment that browsers close at once": "<!--><img src=x onerror=pwnd()>-->",
  "an escape from noscript": '<noscript><p title="</noscript><img src=x onerror=pwnd()>"></noscript>',
  "a picture that fails": "<img src=x onerror=pwnd()>",
  "a drawing that loads": "<svg onload=pwnd()><animate onbegin=pwnd() attributeName=x></svg>",
  "a script in a drawing": "<svg><script>pwnd()</script></svg>",
  "a style in a formula": "<math><mtext><style><img src=x onerror=pwnd()></style></mtext></math>",
  "a frame": '<iframe src="https://mallory.test/pwnd"></iframe>',
  "a frame with a document": "<iframe srcdoc='<script>pwnd()</script>'></iframe>",
  "an object": '<object data="https://mallory.test/pwnd"></object><embed src="https://mallory.test/pwnd">',
  "a base": '<base href="https://mallory.test/pwnd/">',
  "a refresh": '<meta http-equiv="refresh" content="0;url=https://mallory.test/pwnd">',
  "a style sheet": '<link rel="stylesheet" href="https://mallory.test/pwnd.css"><style>*{pwnd:1}</style>',
  "a style": '<p style="position:fixed;inset:0;background:url(https://mallory.test/pwnd)">x</p>',
  "a form":
    '<form action="https://mallory.test/pwnd"><input name="password" autofocus onfocus=pwnd()></form>',
  "a button of ours": '<button form="pwnd" formaction="https://mallory.test/pwnd">Sign in</button>',
  "an id of ours": '<p id="pwnd" name="pwnd">x</p>',
  "a link that runs": '<a href="javascript:pwnd()">x</a>',
  "a link that runs behind white space": '<a href=" \tjava\nscript:pwnd()">x</a>',
  "a link that runs behind entities": '<a href="&#106;avascript&colon;pwnd()">x</a>',
  "a link to data": '<a href="data:text/html,<script>pwnd()</script>">x</a>',
  "a link to another scheme":
    '<a href="vbscript:pwnd">x</a><a href="file:///pwnd">x</a><a href="blob:pwnd">x</a>',
  "a link without a scheme": '<a href="//mallory.test/pwnd">x</a>',
  "an event in a harmless tag": '<p onmouseover=pwnd() onclick="pwnd()">x</p><details open ontoggle=pwnd()>',
  "an attribute without a space": "<p/onclick=pwnd()>x</p>",
  "a template": "<template><script>pwnd()</script></template>",
  "an island of ours": '<div data-island="pwnd" data-props="pwnd">x</div>',
  "twice escaped markup": "&lt;script&gt;pwnd()&lt;/script&gt;&amp;lt;script&amp;gt;",
  "a NUL in a tag": "<scr\u0000ipt>pwnd()</scr\u0000ipt>",
  "letters that turn": "\u202e<script>\u2066pwnd()</script>",
};

/** What does nothing where it stands alone in a paragraph. */
const HARMLESS_HERE: ReadonlySet<string> = new Set(["twice escaped markup", "a NUL in a tag"]);

const URLS: Readonly<Record<string, string>> = {
  "javascript:": "javascript:pwnd()",
  "javascript: in odd letters": "JaVaScRiPt:pwnd()",
  "javascript: behind white space": " \n\tjavascript:pwnd()",
  "javascript: with a line break inside": "java\nscript:pwnd()",
  "javascript: that looks like a host": "javascript://mallory.test/%0Apwnd()",
  "data:": "data:text/html,<script>pwnd()</script>",
  "data: of a drawing": "data:image/svg+xml,<svg onload=pwnd()>",
  "vbscript:": "vbscript:pwnd()",
  "file:": "file:///etc/pwnd",
  "blob:": "blob:https://pub.test/pwnd",
  "no scheme": "//mallory.test/pwnd",
  "a path": "/pwnd",
  "an attribute behind it": 'https://mallory.test/pwnd" onerror="pwnd()',
  "a tag behind it": "https://mallory.test/pwnd'><script>pwnd()</script>",
  "a name and password": "https://pub.test@mallory.test/pwnd",
};

/** Everything that an actor can say, said so. */
const actorOf = (iri: string, inWords: string, inUrls: string): JsonObject => ({
  name: inWords,
  summary: inWords,
  url: inUrls,
  icon: { type: "Image", url: inUrls, name: inWords, mediaType: inWords },
  image: { type: "Image", url: inUrls },
  attachment: [
    { type: "PropertyValue", name: inWords, value: inWords },
    { type: "PropertyValue", name: "Web", value: inUrls },
  ],
  tag: [{ type: "Emoji", id: `${iri}/emoji`, name: inWords, icon: { type: "Image", url: inUrls } }],
  alsoKnownAs: [inUrls],
  featured: inUrls,
  webfinger: inWords,
});

/** Everything that a post can say, said so. */
const noteOf = (inWords: string, inUrls: string): JsonObject => ({
  name: inWords,
  summary: inWords,
  content: `<p>${inWords}</p><p><a href="${inUrls}">x</a><img src="${inUrls}"></p>`,
  contentMap: { en: inWords, [inWords]: inWords },
  mediaType: inWords,
  source: { content: inWords, mediaType: inWords },
  url: [inUrls, { type: "Link", href: inUrls, mediaType: "text/html" }],
  published: inWords,
  location: { type: "Place", name: inWords },
  startTime: inWords,
  endTime: inWords,
  icon: { type: "Image", url: inUrls },
  image: { type: "Image", url: inUrls, name: inWords },
  attachment: ["Image", "Video", "Audio", "Document", "Link", "Page"].map((type) => ({
    type,
    name: inWords,
    summary: inWords,
    url: inUrls,
    href: inUrls,
    mediaType: type === "Document" ? inWords : `${type.toLowerCase()}/png`,
    blurhash: inWords,
    focalPoint: [inWords, inWords],
    width: inWords,
  })),
  generator: { type: "Application", name: inWords, url: inUrls },
  context: inUrls,
  conversation: inWords,
  preview: { type: "Note", content: inWords },
});

const tagsOf = (iri: string, inWords: string, inUrls: string): JsonObject[] => [
  { type: "Hashtag", name: inWords, href: inUrls },
  { type: "Mention", name: inWords, href: inUrls },
  { type: "Emoji", id: `${iri}/emoji`, name: inWords, icon: { type: "Image", url: inUrls } },
  { type: inWords, name: inWords, href: inUrls },
];

eachEngine(
  (engine) => {
    let world: World;
    beforeAll(async () => {
      world = await createWorld(engine);
    }, 60_000);

    /** Somebody new says it in every text (or address) there is, to alice; gives the paths of pages that show it. */
    async function said(inWords: string, inUrls: string, type = "Note"): Promise<readonly string[]> {
      const { app, fediverse, fiends, mallory, alice } = world;
      const name = `author-${another()}`;
      const iri = mallory.at(`/users/${name}`);
      const actor = JSON.parse(JSON.stringify(mallory.document).replaceAll(mallory.iri, iri)) as JsonObject;
      const document = { ...actor, ...actorOf(iri, inWords, inUrls), preferredUsername: name };
      fiends.put(`/users/${name}`, { body: document });
      fiends.put(`/.well-known/webfinger?resource=${encodeURIComponent(`acct:${name}@mallory.test`)}`, {
        type: "application/jrd+json",
        body: { links: [{ rel: "self", type: "application/activity+json", href: iri }] },
      });
      const note: JsonObject = {
        ...noteOf(inWords, inUrls),
        id: `${iri}/notes/1`,
        type,
        attributedTo: iri,
        to: [PUBLIC, alice.iri],
        tag: [{ type: "Mention", href: alice.iri, name: "@alice" }, ...tagsOf(iri, inWords, inUrls)],
        ...(type === "Question"
          ? { oneOf: [inWords, "Other"].map((each) => ({ type: "Note", name: each })) }
          : {}),
      };
      const body = {
        ...world.activity(mallory, { type: "Create", object: note, to: note.to ?? [] }),
        actor: iri,
      };
      const key = { ...mallory.rsa, id: `${iri}#main-key` };
      expect((await post(app, { by: null, key, body })).status).toBe(202);
      await fediverse.settle();
      const [author, made] = [
        await app.federation.look.find(iri),
        await app.federation.look.find(`${iri}/notes/1`),
      ];
      expect(author?.document).toBeTruthy();
      expect(made?.document).toBeTruthy();
      const handle = `/@${name}@mallory.test`;
      return ["/", "/notices", handle, `${handle}/about`, `${handle}/${made?.key}`, `/search?q=${name}`];
    }

    async function looksGood(paths: readonly string[]): Promise<void> {
      const errors = errorsOf(world.app).length;
      let isShown = false;
      for (const path of paths) {
        const page = await world.alice.page(path);
        const html = await page.text();
        expect(page.status, path).toBe(200);
        expect(page.headers.get("content-security-policy")).toContain("script-src 'self'");
        expect(await dangersIn(html, MARKER), path).toEqual([]);
        isShown ||= html.includes("author-");
      }
      expect(isShown).toBe(true);
      expect(errorsOf(world.app).slice(errors)).toEqual([]);
      world.fediverse.clock.advance(5_000);
    }

    test.each(Object.entries(MARKUP))(
      "%s in every text of an actor and a post is words, or nothing",
      async (_, markup) => {
        await looksGood(await said(markup, "https://mallory.test/pwnd"));
      },
    );

    test.each(["Article", "Question", "Event", "Video", "Place", "Unheard"])(
      "markup in every text of a %s is words, or nothing",
      async (type) => {
        await looksGood(
          await said('"><img src=x onerror=pwnd()><script>pwnd()</script>', "javascript:pwnd()", type),
        );
      },
    );

    test.each(Object.entries(URLS))("an address with %s is never followed nor loaded", async (_, url) => {
      await looksGood(await said(`words ${MARKER}`, url));
    });

    test("what the pages are looked through for is found, so that the tables above can fail", async () => {
      const dangerous = Object.entries(MARKUP).filter(([name]) => !HARMLESS_HERE.has(name));
      for (const [name, markup] of dangerous)
        expect(await dangersIn(`<p>${markup}</p>`, MARKER), name).not.toEqual([]);
    });
  },
  ["sqlite"],
);
