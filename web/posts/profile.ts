/** The form of the profile: what a person says about themselves becomes an Update of their actor. */
import { embeddedAll, text as textOf } from "../../server/core/object.ts";
import type { Json } from "../../server/lib/json.ts";
import { Problem } from "../../server/lib/problem.ts";
import { fromPlain } from "../../server/lib/text.ts";
import { parseHttpUrl } from "../../server/lib/url.ts";
import { signedIn, type Visit, type WebDeps } from "../face.ts";
import { MAX_PROFILE_FIELDS, PROFILE } from "../forms.ts";
import { profileSettingsPage } from "../pages/settings/profile.ts";
import { type Answer, goTo, orAgain } from "./answer.ts";

/** A card on a screen, not an essay. */
const MAX_SUMMARY_CHARACTERS = 2_000;
const MAX_FIELD_CHARACTERS = 255;

type Post = (deps: WebDeps, visit: Visit, fields: URLSearchParams) => Promise<Answer>;

/** What the person typed, from the actor's document. */
export async function profileOf(deps: WebDeps, key: number) {
  const actor = await deps.look.byKey(key);
  const document = actor?.document ?? {};
  const source = document.source as { content?: string } | undefined;
  return {
    displayName: textOf(document, "name") ?? "",
    summary: source?.content ?? "",
    iconUrl: iconOf(document.icon),
    approvesFollowers: document.manuallyApprovesFollowers === true,
    fields: embeddedAll(document, "attachment")
      .filter((item) => item.type === "PropertyValue")
      .map((item) => ({ name: textOf(item, "name") ?? "", value: textOf(item, "value") ?? "" })),
  };
}

const iconOf = (icon: Json | undefined): string =>
  typeof icon === "object" && icon !== null && !Array.isArray(icon)
    ? String((icon as { url?: string }).url ?? "")
    : "";

export const saveProfile: Post = (deps, visit, fields) => {
  const { viewer } = signedIn(visit);
  const again = async (form: { values: Record<string, string>; problem: never }) =>
    profileSettingsPage(visit.context, { profile: await profileOf(deps, viewer.actorKey), form });
  return orAgain(fields, again as never, async () => {
    const actor = await deps.look.byKey(viewer.actorKey);
    await deps.core.act(viewer.actorKey, {
      type: "Update",
      object: { id: actor?.iri ?? "", type: actor?.type ?? "Person", ...profileFrom(fields) },
    });
    return goTo(PROFILE.path, { kind: "good", text: visit.context.words.flash.saved });
  });
};

function profileFrom(fields: URLSearchParams): Record<string, Json> {
  const { fields: f } = PROFILE;
  const summary = limited(fields, f.summary, MAX_SUMMARY_CHARACTERS);
  const iconUrl = limited(fields, f.iconUrl, 2_000);
  if (iconUrl !== "" && parseHttpUrl(iconUrl) === null) {
    throw new Problem("invalid", "The picture's address must begin with https://.", { field: f.iconUrl });
  }
  const attachment = Array.from({ length: MAX_PROFILE_FIELDS }, (_, n) => ({
    type: "PropertyValue",
    name: limited(fields, f.fieldName(n + 1), MAX_FIELD_CHARACTERS),
    value: limited(fields, f.fieldValue(n + 1), MAX_FIELD_CHARACTERS),
  })).filter(({ name, value }) => name !== "" && value !== "");
  return {
    name: limited(fields, f.displayName, 60),
    summary: fromPlain(summary),
    source: { content: summary, mediaType: "text/plain" },
    icon: iconUrl === "" ? null : { type: "Image", url: iconUrl },
    manuallyApprovesFollowers: fields.get(f.approvesFollowers) === "yes",
    attachment,
  };
}

function limited(fields: URLSearchParams, name: string, max: number): string {
  const text = (fields.get(name) ?? "").trim();
  if (text.length > max)
    throw new Problem("invalid", `Make it shorter: at most ${max} characters.`, { field: name });
  return text;
}
