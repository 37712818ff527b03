/** What becomes of a document of another server, in a few words: read, stored, viewed, and held against its card. */
import type { VNode } from "preact";
import { renderToString } from "preact-render-to-string";
import { actorHead } from "../../web/components/actor-card.ts";
import { objectCard } from "../../web/components/object-card.ts";
import type { Html } from "../../web/html.ts";
import { cannedContext } from "../../web/testing/canned.ts";
import { isJsonObject, type Json, type JsonObject } from "../lib/json.ts";
import type { ActorView, AttachmentView, ObjectView } from "../queries/view.ts";
import type { Reader } from "./reader.ts";

const context = cannedContext({ as: "member" });

/** Collections of a thing or an actor that activities change. */
const COUNTED = [
  "likes",
  "dislikes",
  "shares",
  "replies",
  "requests",
  "followers",
  "blocked",
  "members",
  "reactions",
];

/** Needs something that was done or made before. */
const ANSWERS = new Set(["Undo", "Accept", "Reject", "Resolve"]);
/** Leaves something to look at. */
const MAKES = new Set(["Create", "Update", "Delete", "Announce"]);

/**
 * One line: `Page, public: title, text, link, 2 pictures`; `Group: name, icon`; for an activity `done`, what it changed
 * (`likes +1`) and the thing that it made or shared; or why nothing came of it.
 */
export async function understood(house: Reader, document: JsonObject): Promise<string> {
  if (typeof document.id !== "string") return "ignored: it has no address";
  if (document.actor !== undefined && document.object !== undefined) return done(house, document);
  const entity = await house.fetch(document.id);
  if (entity === null) return "ignored: nothing that is stored";
  return entity.kind === "actor"
    ? actorLine(document, await house.actor(entity.key))
    : objectLine(house, entity.key, document);
}

async function done(house: Reader, activity: JsonObject): Promise<string> {
  await before(house, activity);
  const type = String(activity.type);
  const inner = [activity.object].flat()[0];
  const subject = ANSWERS.has(type) && isJsonObject(inner) ? idOf(inner.object) : idOf(inner);
  const counts = await countsOf(house, subject);
  const outcome = await house.receive(activity);
  if (outcome.outcome !== "done")
    return `ignored: ${outcome.outcome === "refused" ? outcome.reason : "it is known"}`;
  const after = await countsOf(house, subject);
  const changes = COUNTED.flatMap((name, i) => {
    const change = (after[i] ?? 0) - (counts[i] ?? 0);
    return change === 0 ? [] : [`${name} ${change > 0 ? "+" : ""}${change}`];
  });
  const about = await house.find(idOf(inner));
  const isShown = about?.kind === "object" && MAKES.has(type);
  const thing = isShown ? await objectLine(house, about.key, isJsonObject(inner) ? inner : null) : "";
  return [["done", ...changes].join(", "), thing].filter((part) => part !== "").join(" → ");
}

/** The card of the thing, or of what the activity is about, as markup in which ampersands are not escaped. */
export async function cardOf(house: Reader, document: JsonObject): Promise<string> {
  const thing = document.actor !== undefined ? [document.object].flat()[0] : document.id;
  const entity = await house.find(idOf(thing ?? document.id));
  const { view } = entity?.kind === "object" ? await house.object(entity.key) : { view: null };
  return view === null
    ? ""
    : markup(objectCard(context, { view, as: "whole" })).replace(
        /&(?:amp|quot|#39);/g,
        (found) => ENTITIES[found] ?? "",
      );
}

const ENTITIES: Readonly<Record<string, string>> = { "&amp;": "&", "&quot;": '"', "&#39;": "'" };

/** Each emoji has a list of its own. */
async function reactionsTo(
  house: Reader,
  { key, kind }: { key: number; kind: string | null },
): Promise<number> {
  const { view } = kind === "object" ? await house.object(key) : { view: null };
  return (view?.reactions ?? []).reduce((sum, { count }) => sum + count, 0);
}

async function countsOf(house: Reader, iri: string): Promise<readonly number[]> {
  const entity = iri === "" ? null : await house.find(iri);
  return Promise.all(
    COUNTED.map((name) =>
      entity === null ? 0 : name === "reactions" ? reactionsTo(house, entity) : house.total(entity.key, name),
    ),
  );
}

/** What it is about is here already: seen, or done before. */
async function before(house: Reader, activity: JsonObject): Promise<void> {
  const type = String(activity.type);
  if (type === "Create" || type === "Announce") return;
  const objects = [activity.object].flat();
  for (const object of objects) {
    if (ANSWERS.has(type) && isJsonObject(object) && object.actor !== undefined) {
      await before(house, object);
      await house.receive(object);
    } else if (ANSWERS.has(type)) await house.receiveFrom(idOf(object));
    else await house.fetch(idOf(object));
  }
}

function actorLine(document: JsonObject, view: ActorView | null): string {
  if (view === null) return "an actor without a view";
  const html = markup(actorHead(context, { actor: view, relationship: null, address: `@${view.handle}` }));
  const parts = [
    says(html, document.name ?? null, "name"),
    view.summaryHtml !== "" && says(html, document.summary ?? null, "words"),
    view.iconUrl !== null && holds(html, view.iconUrl, "icon"),
    view.imageUrl !== null && holds(html, view.imageUrl, "cover"),
    view.fields.length > 0 && counted(view.fields.length, "field"),
    view.emoji.length > 0 && "emoji in the name",
    view.approvesFollowers && "asks first",
  ];
  return line(view.type, parts);
}

async function objectLine(house: Reader, key: number, given: JsonObject | null): Promise<string> {
  const { view, isHidden } = await house.object(key);
  if (view === null) return "gone";
  if (view.isDeleted) return "deleted";
  const document = given ?? {};
  const html = markup(objectCard(context, { view, as: "whole" }));
  const said = [document.content, mapped(document.contentMap), mapped(document.description)].find(
    (text) => typeof text === "string" && letters(text) !== "",
  );
  const parts = [
    view.name !== null && says(html, view.name, "title"),
    view.summary !== null &&
      says(html, view.summary, html.includes("warning-summary") ? "warning" : "abstract"),
    given === null
      ? view.contentHtml !== "" && "text"
      : (view.contentHtml !== "" || said !== undefined) && says(html, said ?? null, "text"),
    view.previewHtml !== "" && "preview",
    view.event !== null &&
      `when${view.event.place === null && view.event.placeUrl === null ? "" : " and where"}`,
    view.event?.isCancelled && "cancelled",
    view.poll !== null && counted(view.poll.options.length, "choice"),
    ...attachmentWords(html, view.attachments),
    ...view.facts.filter(({ property }) => !/Time$|^location$/.test(property)).map(({ label }) => label),
    view.hashtags.length > 0 && counted(view.hashtags.length, "tag"),
    view.isSensitive && "sensitive",
    view.inReplyTo !== null && "reply",
    view.emoji.length > 0 && "emoji in a line",
    isOf(document, view) ? false : "BY SOMEBODY ELSE",
  ];
  return line(`${view.typeLabel}, ${view.visibility}${isHidden ? " and hidden" : ""}`, parts);
}

const WORDS: Readonly<Record<AttachmentView["kind"], string>> = {
  image: "picture",
  video: "film",
  audio: "sound",
  link: "link",
  file: "file",
};

function attachmentWords(html: string, attachments: readonly AttachmentView[]): readonly string[] {
  const lost = attachments.filter(({ url }) => holds(html, url, "") !== "").map(({ url }) => `LOST ${url}`);
  const kinds = Map.groupBy(attachments, ({ kind }) => kind);
  return [...lost, ...[...kinds].map(([kind, all]) => counted(all.length, WORDS[kind]))];
}

const isOf = (document: JsonObject, view: ObjectView): boolean => {
  const authors = [document.attributedTo, document.actor]
    .flat()
    .map(idOf)
    .filter((iri) => iri !== "");
  return authors.length === 0 || authors.includes(view.author?.iri ?? "");
};

/** Parts that are no words are left out. */
const line = (what: string, parts: readonly unknown[]): string =>
  [what, parts.filter((part) => typeof part === "string" && part !== "").join(", ")]
    .filter((part) => part !== "")
    .join(": ");

const counted = (count: number, word: string): string =>
  count === 1 ? word : `${count} ${word}${/s$|ch$/.test(word) ? "es" : "s"}`;

/** The word where the card says the beginning of the text; told loudly where it does not. */
function says(html: string, text: Json, word: string): string | false {
  if (typeof text !== "string") return false;
  const beginning = letters(text).slice(0, BEGINNING);
  if (beginning === "") return false;
  return letters(html).includes(beginning) ? word : `${word.toUpperCase()} LOST`;
}

/** As many letters of a text as are looked for in the card. */
const BEGINNING = 16;

const holds = (html: string, url: string, word: string): string =>
  html.includes(url.replaceAll("&", "&amp;").replaceAll('"', "&quot;")) ? word : `${word} LOST`;

/** Letters and digits of a text in HTML, whatever stands between them. */
const letters = (html: string): string =>
  html
    .replace(/<[^>]*>/g, "")
    .replace(/&(?:[a-z]+|#\d+|#x[\da-f]+);/gi, "")
    .replace(/:[\w+-]+:/g, "")
    .replace(/[^\p{L}\p{N}]/gu, "")
    .toLowerCase();

const mapped = (value: Json | undefined): Json | undefined =>
  isJsonObject(value) ? (value.content ?? Object.values(value)[0]) : value;

const idOf = (value: Json | undefined): string => {
  const iri = Array.isArray(value) ? idOf(value[0]) : isJsonObject(value) ? (value.id ?? value.href) : value;
  return typeof iri === "string" ? iri : "";
};

const markup = (node: Html): string => renderToString(node as VNode);
