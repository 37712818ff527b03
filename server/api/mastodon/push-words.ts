/** What a device is told of a notice, as the programs of this API read it after opening it. */
import { toPlainText } from "../../lib/html-clean.ts";
import type { NoticeView } from "../../queries/view.ts";
import { MISSING_AVATAR, type Site } from "./entities/account.ts";
import { wholeUrl } from "./entities/markup.ts";
import { notificationOf } from "./entities/notification.ts";

/** A telephone shows two lines of it. */
const MAX_BODY = 140;
const MAX_NAME = 80;

type Words = Readonly<Record<string, string>>;

/** By the type that programs know. */
const ENGLISH: Words = {
  follow: "{name} followed you",
  follow_request: "{name} wants to follow you",
  mention: "{name} mentioned you",
  favourite: "{name} likes your post",
  reblog: "{name} boosted your post",
  poll: "A poll has ended",
  quote: "{name} quoted your post",
  quoted_update: "{name} edited a post that you quoted",
  status: "{name} posted",
  update: "{name} edited a post",
  severed_relationships: "Some of your followings ended",
  moderation_warning: "The people who run this server decided something about you",
  "admin.sign_up": "{name} signed up",
  "admin.report": "{name} reported something",
  "pleroma:emoji_reaction": "{name} reacted to your post",
};

const GERMAN: Words = {
  follow: "{name} folgt dir",
  follow_request: "{name} möchte dir folgen",
  mention: "{name} hat dich erwähnt",
  favourite: "{name} gefällt dein Beitrag",
  reblog: "{name} hat deinen Beitrag geteilt",
  poll: "Eine Umfrage ist beendet",
  quote: "{name} hat deinen Beitrag zitiert",
  quoted_update: "{name} hat einen Beitrag bearbeitet, den du zitiert hast",
  status: "{name} hat etwas veröffentlicht",
  update: "{name} hat einen Beitrag bearbeitet",
  severed_relationships: "Einige deiner Verbindungen sind beendet",
  moderation_warning: "Die Menschen, die diesen Server betreiben, haben etwas über dich entschieden",
  "admin.sign_up": "{name} hat sich angemeldet",
  "admin.report": "{name} hat etwas gemeldet",
  "pleroma:emoji_reaction": "{name} hat auf deinen Beitrag reagiert",
};

/** JSON for the device; null where this API has no word for the notice. */
export function pushTextOf(
  notice: NoticeView,
  site: Site,
  person: { readonly token: string | null; readonly locale: string | null },
): string | null {
  const entity = notificationOf(notice, site);
  if (entity === null) return null;
  const words = person.locale?.startsWith("de") ? GERMAN : ENGLISH;
  const { actor, object } = notice;
  const name = cut(actor.name || actor.handle, MAX_NAME);
  return JSON.stringify({
    ...(person.token === null ? {} : { access_token: person.token }),
    preferred_locale: person.locale ?? "en",
    // Programs read a number here, though it is a text everywhere else.
    notification_id: notice.key,
    notification_type: entity.type,
    icon: wholeUrl(actor.iconUrl ?? MISSING_AVATAR, site.origin),
    title: (words[entity.type] ?? "{name}").replace("{name}", name),
    body: object === null ? `@${actor.handle}` : bodyOf(object),
    url: `${site.origin}${object === null ? actor.path : object.path}`,
  });
}

/** What stands behind a warning stays behind it, on a locked screen too. */
function bodyOf({ summary, name, contentHtml }: NonNullable<NoticeView["object"]>): string {
  return cut((summary ?? name ?? toPlainText(contentHtml)).replace(/\s+/g, " ").trim(), MAX_BODY);
}

const cut = (text: string, most: number): string => {
  const letters = [...text];
  return letters.length <= most ? text : `${letters.slice(0, most - 1).join("")}…`;
};
