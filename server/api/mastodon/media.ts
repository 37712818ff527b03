/** Which files a post is to have: those of the person whose ids it names, in that order. */
import { type AsObject, values } from "../../core/object.ts";
import { isJsonObject, type Json } from "../../lib/json.ts";
import { Problem } from "../../lib/problem.ts";
import { attachmentIdOf } from "../../media/attachment-id.ts";
import { focusWords } from "../../media/describe.ts";
import { type Focus, parseFocus } from "../../media/kept.ts";
import { linkedUrl } from "../../queries/plain.ts";
import type { Face } from "./face.ts";
import type { Params } from "./params.ts";

/** Whether files are sent to this address. */
export const takesMedia = (path: string): boolean =>
  /^\/api\/(?:v[12]\/media(?:\/\d+)?|v1\/(?:accounts\/update_credentials|profile))$/.test(path);

/** As on our own pages. */
export const MAX_DESCRIPTION_CHARACTERS = 1_500;

/**
 * `before` is the post as it is, where it is changed: what is attached to it already is named by the id that it is shown
 * with, and `media_attributes` says other words of it.
 * @throws Problem `invalid` where one is not there, or somebody else's.
 */
export async function mediaOf(
  face: Face,
  owner: number,
  params: Params,
  before: AsObject | null = null,
): Promise<readonly AsObject[]> {
  const attached = new Map<string, AsObject>();
  for (const one of before === null ? [] : values(before, "attachment")) {
    const url = linkedUrl(one);
    if (url !== null) attached.set(attachmentIdOf(url), asObject(one));
  }
  const ids = params.list("media_ids");
  const given = await face.media.loose.attach(
    owner,
    ids.filter((id) => !attached.has(id)),
  );
  for (const one of given) attached.set(attachmentIdOf(linkedUrl(one as Json) ?? ""), one);
  const words = new Map(params.objects("media_attributes").map((each) => [each.text("id") ?? "", each]));
  return [...new Set(ids)].flatMap((id) => {
    const one = attached.get(id);
    const said = words.get(id);
    return one === undefined ? [] : [said === undefined ? one : described(one, said)];
  });
}

const asObject = (value: Json): AsObject =>
  isJsonObject(value) ? (value as AsObject) : { type: "Document", url: value };

function described(one: AsObject, said: Params): AsObject {
  const { name, focalPoint, ...rest } = one;
  const description = descriptionIn(said);
  const focus = focusIn(said);
  const words = description === undefined ? name : description;
  return {
    ...rest,
    ...(words === undefined || words === "" ? {} : { name: words }),
    ...(focus === undefined ? (focalPoint === undefined ? {} : { focalPoint }) : focusWords(focus)),
  };
}

/** Undefined where nothing is said. @throws Problem `invalid` where it is too long. */
export function descriptionIn(params: Params): string | undefined {
  const text = params.text("description")?.replace(/\r\n?/g, "\n").trim();
  if (text === undefined || [...text].length <= MAX_DESCRIPTION_CHARACTERS) return text;
  throw new Problem(
    "invalid",
    `Validation failed: Description is too long (maximum is ${MAX_DESCRIPTION_CHARACTERS} characters)`,
    {
      field: "description",
    },
  );
}

/** `x,y`; undefined where nothing is said, and for what is none. */
export function focusIn(params: Params): Focus | undefined {
  return parseFocus(params.text("focus")) ?? undefined;
}
