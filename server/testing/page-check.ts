/** Looks through a page for what a stranger's words must never become: code, frames, forms, addresses that run. */

/** Elements that pages of ours never take from a stranger; ours are told by where they lead. */
const NEVER: ReadonlySet<string> = new Set([
  "iframe",
  "frame",
  "frameset",
  "object",
  "embed",
  "applet",
  "base",
  "style",
  "math",
  "template",
  "noscript",
  "marquee",
  "portal",
  "foreignobject",
  "animate",
  "set",
]);
const ADDRESSES: ReadonlySet<string> = new Set([
  "href",
  "src",
  "action",
  "formaction",
  "poster",
  "cite",
  "data",
  "background",
  "longdesc",
  "ping",
  "srcset",
  "xlink:href",
]);
const SAFE_ADDRESS = /^(?:https?:\/\/|mailto:|\/(?!\/)|#|\?)/;
/** Attributes in which a stranger's words may stand as words. */
const WORDS: ReadonlySet<string> = new Set([
  "alt",
  "title",
  "aria-label",
  "value",
  "content",
  "placeholder",
  "datetime",
  "lang",
  "dir",
  "class",
  "href",
  "src",
  "name",
  "id",
  "data-props",
  "for",
]);

/** What is wrong with the page, in words; nothing where it is good. `marker` stands in all that the stranger wrote. */
export async function dangersIn(html: string, marker: string): Promise<readonly string[]> {
  const dangers: string[] = [];
  const found = (what: string) => dangers.push(what.slice(0, 200));
  const rewriter = new HTMLRewriter().on("*", {
    element(element) {
      const tag = element.tagName.toLowerCase();
      const attributes = new Map(
        [...element.attributes].map(([name = "", value = ""]) => [name.toLowerCase(), value]),
      );
      const shown = `<${tag} ${[...attributes].map(([name, value]) => `${name}="${value}"`).join(" ")}>`;
      if (NEVER.has(tag)) found(shown);
      if (tag === "script" && !/^\/assets\//.test(attributes.get("src") ?? "")) found(shown);
      if (
        tag === "link" &&
        attributes.get("rel") === "stylesheet" &&
        !/^\/assets\//.test(attributes.get("href") ?? "")
      )
        found(shown);
      if (tag === "meta" && attributes.has("http-equiv")) found(shown);
      if (tag === "form" && !/^\/(?!\/)/.test(attributes.get("action") ?? "/")) found(shown);
      for (const [name, value] of attributes) {
        if (name.startsWith("on") || name === "style" || name === "srcdoc") found(shown);
        if (ADDRESSES.has(name) && value !== "" && !SAFE_ADDRESS.test(value)) found(shown);
        if (value.includes(marker) && !WORDS.has(name)) found(shown);
        if ((name === "id" || name === "name" || name === "for") && value.includes(marker)) found(shown);
        if (name.includes(marker)) found(shown);
      }
      if (tag.includes(marker.toLowerCase())) found(shown);
    },
    comments(comment) {
      if (comment.text.includes(marker)) found(`comment: ${comment.text}`);
    },
  });
  await rewriter.transform(new Response(html)).text();
  return dangers;
}
