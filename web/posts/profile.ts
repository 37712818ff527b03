/** The form of the profile: what people say and show of themselves becomes an Update of their actor. */
import { embeddedAll, text as textOf } from "../../server/core/object.ts";
import { toPlainText } from "../../server/lib/html-clean.ts";
import type { Json } from "../../server/lib/json.ts";
import { Problem } from "../../server/lib/problem.ts";
import { fromMarkdownText, fromPlain } from "../../server/lib/text.ts";
import { signedIn, type WebDeps } from "../face.ts";
import {
  type FormState,
  MAX_DISPLAY_NAME_CHARACTERS,
  MAX_FIELD_CHARACTERS,
  MAX_PROFILE_FIELDS,
  MAX_SUMMARY_CHARACTERS,
  PROFILE,
} from "../forms.ts";
import { profileSettingsPage } from "../pages/settings/profile.ts";
import { actorPictures, isActorPicture } from "./actor-pictures.ts";
import { goTo, orAgain, type Post } from "./answer.ts";

/** What the person typed, from the actor's document, and the pictures as they are shown. */
export async function profileOf(deps: WebDeps, key: number) {
  const [actor, view, preferences] = await Promise.all([
    deps.look.byKey(key),
    deps.queries.actor(key),
    deps.accounts.preferences.of(key),
  ]);
  const document = actor?.document ?? {};
  const source = document.source as { content?: string } | undefined;
  return {
    displayName: textOf(document, "name") ?? "",
    summary: source?.content ?? "",
    iconUrl: view?.iconUrl ?? null,
    imageUrl: view?.imageUrl ?? null,
    approvesFollowers: document.manuallyApprovesFollowers === true,
    isIndexable: document.indexable === true,
    isDiscoverable: document.discoverable !== false,
    hidesCircle: preferences.hidesCircle,
    fields: embeddedAll(document, "attachment")
      .filter((item) => item.type === "PropertyValue")
      .map((item) => ({ name: textOf(item, "name") ?? "", value: toPlainText(textOf(item, "value") ?? "") })),
  };
}

export const saveProfile: Post = (deps, visit, fields, files) => {
  const { viewer } = signedIn(visit);
  const again = async (form: FormState) =>
    profileSettingsPage(visit.context, {
      profile: await profileOf(deps, viewer.actorKey),
      form: { ...form, hasLostFiles: files.size > 0 },
    });
  return orAgain(visit, fields, again, async () => {
    const gone = fields.get(PROFILE.fields.remove);
    const changes = isActorPicture(gone)
      ? { [gone]: null }
      : { ...profileFrom(fields), ...(await actorPictures(deps, viewer.actorKey, files)) };
    await deps.core.act(viewer.actorKey, (me) => ({ type: "Update", object: { id: me.iri, ...changes } }));
    if (!isActorPicture(gone))
      await deps.accounts.preferences.save(viewer.accountKey, {
        hidesCircle: fields.get(PROFILE.fields.hidesCircle) === "yes",
      });
    return goTo(PROFILE.path, { kind: "good", text: visit.context.words.flash.saved });
  });
};

function profileFrom(fields: URLSearchParams): Record<string, Json> {
  const { fields: f } = PROFILE;
  const summary = limited(fields, f.summary, MAX_SUMMARY_CHARACTERS);
  const attachment = Array.from({ length: MAX_PROFILE_FIELDS }, (_, n) => ({
    type: "PropertyValue",
    name: limited(fields, f.fieldName(n + 1), MAX_FIELD_CHARACTERS),
    value: limited(fields, f.fieldValue(n + 1), MAX_FIELD_CHARACTERS),
  }))
    .filter(({ name, value }) => name !== "" && value !== "")
    .map((field) => ({ ...field, value: lineOf(field.value) }));
  return {
    name: limited(fields, f.displayName, MAX_DISPLAY_NAME_CHARACTERS),
    summary: fromMarkdownText(summary),
    source: { content: summary, mediaType: "text/markdown" },
    manuallyApprovesFollowers: fields.get(f.approvesFollowers) === "yes",
    indexable: fields.get(f.indexable) === "yes",
    discoverable: fields.get(f.discoverable) === "yes",
    attachment,
  };
}

/** Peers show the second half of a line as HTML, without a paragraph around it. */
const lineOf = (text: string): string => fromPlain(text).replace(/^<p>|<\/p>$/g, "");

function limited(fields: URLSearchParams, name: string, max: number): string {
  const text = (fields.get(name) ?? "").trim();
  if (text.length > max)
    throw new Problem("invalid", `Make it shorter: at most ${max} characters.`, { field: name });
  return text;
}
