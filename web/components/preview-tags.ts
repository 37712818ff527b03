/** What other places show of a page when somebody passes its address on (The Open Graph protocol), and who made it. */
import { toPlainText } from "../../server/lib/html-clean.ts";
import type { ActorView, AttachmentView, ObjectView } from "../../server/queries/view.ts";
import { type Html, html } from "../html.ts";
import type { PageContext } from "../page.ts";
import { safeHref } from "../safe-href.ts";
import { nameOf } from "./person-chip.ts";

/** As much as any preview shows. */
const MAX_CHARACTERS = 200;

/** Of people who live here; of others their own server tells. */
export function profilePreview(context: PageContext, actor: ActorView, address: string): Html {
  if (!actor.isLocal) return null;
  return tags(context, {
    type: "profile",
    url: actor.url,
    title: `${nameOf(actor)} (${address})`,
    description: cut(toPlainText(actor.summaryHtml)),
    image: actor.iconUrl === null ? null : { url: actor.iconUrl, name: "", width: null, height: null },
    creator: null,
  });
}

/** Of what was published here for everybody; of anything else nothing at all. Behind a warning there is the warning alone. */
export function postPreview(context: PageContext, view: ObjectView, title: string): Html {
  if (!view.isLocal || view.isDeleted || view.visibility !== "public") return null;
  const { author } = view;
  const isCovered = view.isSensitive || (view.ancestry.includes("Note") && view.summary !== null);
  const image = isCovered ? undefined : view.attachments.find(({ kind }) => kind === "image");
  return tags(context, {
    type: "article",
    url: view.url,
    title,
    description: cut(view.summary ?? (isCovered ? "" : toPlainText(view.contentHtml))),
    image: image ?? null,
    creator: author && `@${author.handle}@${context.site.host}`,
  });
}

interface Preview {
  readonly type: "profile" | "article";
  readonly url: string;
  readonly title: string;
  readonly description: string;
  readonly image: Pick<AttachmentView, "url" | "name" | "width" | "height"> | null;
  readonly creator: string | null;
}

function tags({ site }: PageContext, preview: Preview): Html {
  const { type, url, title, description, creator } = preview;
  const image = preview.image === null ? undefined : safeHref(preview.image.url);
  const { name = "", width, height } = preview.image ?? {};
  const isLarge = type === "article" && image !== undefined;
  return html`
    <link rel="canonical" href=${url} />
    <meta property="og:type" content=${type} />
    <meta property="og:site_name" content=${site.name} />
    <meta property="og:url" content=${url} />
    <meta property="og:title" content=${title} />
    ${description !== "" && html`<meta property="og:description" content=${description} /><meta name="description" content=${description} />`}
    ${image && html`<meta property="og:image" content=${image} />`}
    ${image && name && html`<meta property="og:image:alt" content=${cut(name)} />`}
    ${image && width && height && html`<meta property="og:image:width" content=${width} /><meta property="og:image:height" content=${height} />`}
    <meta name="twitter:card" content=${isLarge ? "summary_large_image" : "summary"} />
    ${creator && html`<meta name="fediverse:creator" content=${creator} />`}`;
}

/** One line, whole words. */
function cut(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  const characters = [...line];
  if (characters.length <= MAX_CHARACTERS) return line;
  const start = characters.slice(0, MAX_CHARACTERS - 1).join("");
  return `${start.replace(/\s+\S{0,30}$/, "")}…`;
}
