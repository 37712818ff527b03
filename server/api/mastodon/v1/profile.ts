/** One's own profile: `PATCH /api/v1/accounts/update_credentials`, `/api/v1/profile`, other accounts, and moving to one. */

import { type AnyElysia, Elysia } from "elysia";
import { type Preferences, preferencesOf, savePreferences } from "../../../accounts/preferences.ts";
import { profileProperties, typedProfile } from "../../../accounts/profile.ts";
import type { Entity } from "../../../core/entity.ts";
import { embedded, text } from "../../../core/object.ts";
import { originOfRequest } from "../../../http/connection.ts";
import type { Json } from "../../../lib/json.ts";
import { Problem } from "../../../lib/problem.ts";
import { rowOf } from "../../../lib/row-of.ts";
import { describeFile } from "../../../media/describe.ts";
import { credentialAccountOf } from "../credentials.ts";
import { accountOf } from "../entities/account.ts";
import type { Face, Handler, SignedCall } from "../face.ts";
import { idOf } from "../ids.ts";
import type { Params } from "../params.ts";
import { needed } from "../people.ts";
import { myself } from "../statuses.ts";

/** Pictures of a profile, and their longest sides in pixels: as large as any screen shows them, twice as fine. */
const PICTURES = {
  avatar: { property: "icon", maxSide: 512 },
  header: { property: "image", maxSide: 1_500 },
} as const;
type Picture = keyof typeof PICTURES;

/** Their words for whom new posts are for, and who may quote them. */
const VISIBILITIES: Readonly<Record<string, Preferences["visibility"]>> = {
  public: "public",
  unlisted: "quiet",
  private: "followers",
  direct: "direct",
};
const QUOTES: Readonly<Record<string, Preferences["quotableBy"]>> = {
  public: "everyone",
  followers: "followers",
  nobody: "nobody",
};

export function profileRoutes(face: Face): AnyElysia {
  const open = { parse: "none" } as const;
  return new Elysia({ name: "mastodon profile" })
    .patch("/api/v1/accounts/update_credentials", save(face, "credentials"), open)
    .get("/api/v1/profile", show(face))
    .patch("/api/v1/profile", save(face, "profile"), open)
    .put("/api/v1/profile", save(face, "profile"), open)
    .delete("/api/v1/profile/avatar", withoutPicture(face, "avatar"), open)
    .delete("/api/v1/profile/header", withoutPicture(face, "header"), open)
    .get("/api/v1/accounts/aliases", aliases(face))
    .put("/api/v1/accounts/aliases", addAlias(face), open)
    .post("/api/v1/accounts/aliases", addAlias(face), open)
    .delete("/api/v1/accounts/aliases", removeAlias(face), open)
    .post("/api/v1/accounts/move", move(face), open) as unknown as AnyElysia;
}

const save = (face: Face, answer: "credentials" | "profile"): Handler =>
  face.endpoint("write:accounts", async (call) => {
    const profile = profileIn(call.params);
    const pictures = await picturesIn(face, call);
    const changes = (me: Entity) => ({ ...profile, ...pictures(me) });
    const preferences = preferencesIn(call.params);
    if (Object.keys(changes(await myself(face, call))).length > 0)
      await face.core.act(call.me.actorKey, (me) => ({
        type: "Update",
        object: { id: me.iri, ...changes(me) },
      }));
    if (Object.keys(preferences).length > 0) await savePreferences(face.db, call.me.accountKey, preferences);
    return answer === "profile" ? profileOf(face, call) : credentialAccountOf(face, call.me.accountKey);
  });

const show = (face: Face): Handler => face.endpoint("profile", (call) => profileOf(face, call));

/** `Profile` (Mastodon 4.6): as typed, with nothing where nothing is. */
async function profileOf(face: Face, call: SignedCall): Promise<object> {
  const [me, view, preferences] = await Promise.all([
    myself(face, call),
    face.queries.actor(call.me.actorKey),
    preferencesOf(face.db, call.me.accountKey),
  ]);
  if (view === null) throw new Problem("gone", "This account is closed.");
  const document = me.document ?? {};
  const { summary, lines, attributionDomains } = typedProfile(document);
  const account = accountOf(view, face);
  const wordsOf = (picture: Picture) => {
    const described = embedded(document, PICTURES[picture].property);
    return (described && text(described, "name")) ?? "";
  };
  return {
    id: idOf(call.me.accountKey),
    display_name: text(document, "name") ?? "",
    note: summary,
    fields: lines.map((line) => ({ ...line, verified_at: null })),
    avatar: view.iconUrl === null ? null : account.avatar,
    avatar_static: view.iconUrl === null ? null : account.avatar_static,
    avatar_description: wordsOf("avatar"),
    header: view.imageUrl === null ? null : account.header,
    header_static: view.imageUrl === null ? null : account.header_static,
    header_description: wordsOf("header"),
    locked: account.locked,
    bot: account.bot,
    hide_collections: preferences.hidesCircle,
    discoverable: view.isDiscoverable,
    indexable: view.isIndexable,
    show_media: true,
    show_media_replies: true,
    show_featured: true,
    attribution_domains: attributionDomains,
  };
}

function profileIn(params: Params): Readonly<Record<string, Json>> {
  const said = (name: string) => params.text(name) ?? undefined;
  const flag = (name: string) => params.flag(name) ?? undefined;
  const lines = params.has("fields_attributes")
    ? params
        .objects("fields_attributes")
        .map((line) => ({ name: line.text("name") ?? "", value: line.text("value") ?? "" }))
    : undefined;
  const domains = params.has("attribution_domains") ? params.list("attribution_domains") : undefined;
  return profileProperties({
    displayName: said("display_name"),
    summary: said("note"),
    lines,
    approvesFollowers: flag("locked"),
    isDiscoverable: flag("discoverable"),
    isIndexable: flag("indexable"),
    isBot: flag("bot"),
    attributionDomains: domains,
  });
}

/**
 * A picture that is not sent stays; words for one can be sent without it, and change the one that is there then.
 * @throws Problem `invalid`, `too-large`.
 */
async function picturesIn(face: Face, call: SignedCall): Promise<(me: Entity) => Record<string, Json>> {
  const sent: Record<string, Json> = {};
  const described = new Map<string, string>();
  for (const [name, { property, maxSide }] of Object.entries(PICTURES)) {
    const file = call.params.file(name);
    const words = call.params.text(`${name}_description`);
    if (file !== null) {
      const given = { content: file, fileName: file.name, maxSide, isLoose: true };
      const kept = await face.media.take(call.me.actorKey, given);
      if (kept.family !== "image")
        throw new Problem("invalid", "This is no picture. Send JPEG, PNG, WebP or GIF.", { field: name });
      sent[property] = describeFile(kept, words ?? "") as Json;
    } else if (words !== null) described.set(property, words);
  }
  return ({ document }) => {
    const changes = { ...sent };
    for (const [property, name] of described) {
      const known = embedded(document ?? {}, property);
      if (known !== null) changes[property] = { ...known, name } as Json;
    }
    return changes;
  };
}

/** What is not said, or not understood, stays. */
function preferencesIn(params: Params): Partial<Preferences> {
  const source = params.object("source");
  const visibility = rowOf(VISIBILITIES, source.text("privacy") ?? "");
  const quotableBy = rowOf(QUOTES, source.text("quote_policy") ?? "");
  const isSensitive = source.flag("sensitive");
  const language = source.text("language");
  const hidesCircle = params.flag("hide_collections");
  return {
    ...(visibility === undefined ? {} : { visibility }),
    ...(quotableBy === undefined ? {} : { quotableBy }),
    ...(isSensitive === null ? {} : { isSensitive }),
    ...(language === null ? {} : { language: language === "" ? null : language }),
    ...(hidesCircle === null ? {} : { hidesCircle }),
  };
}

const withoutPicture = (face: Face, picture: Picture): Handler =>
  face.endpoint("write:accounts", async (call) => {
    const me = await myself(face, call);
    const { property } = PICTURES[picture];
    if (me.document?.[property] !== undefined)
      await face.core.act(me.key, {
        type: "Update",
        object: { id: me.iri, [property]: null },
      });
    return credentialAccountOf(face, call.me.accountKey);
  });

/** Other accounts of the same person, as handles where they are known. */
async function aliasesOf(face: Face, call: SignedCall): Promise<object> {
  const { aliases } = await face.moving.state(call.me.actorKey);
  const known = await face.look.findMany(aliases);
  const views = await face.queries.actors([...known.values()].map(({ key }) => key));
  return {
    aliases: aliases.map((iri) => views.get(known.get(iri)?.key ?? 0)?.handle ?? iri),
    also_known_as_uris: aliases,
  };
}

const aliases = (face: Face): Handler => face.endpoint("read:accounts", (call) => aliasesOf(face, call));

const addAlias = (face: Face): Handler =>
  face.endpoint("write:accounts", async (call) => {
    await face.moving.addAlias(call.me.actorKey, needed(call, "alias"));
    return aliasesOf(face, call);
  });

const removeAlias = (face: Face): Handler =>
  face.endpoint("write:accounts", async (call) => {
    const alias = needed(call, "alias");
    const key = /^https?:/.test(alias) ? null : await face.findActor(alias);
    const iri = key === null ? alias : ((await face.look.byKey(key))?.iri ?? alias);
    await face.moving.removeAlias(call.me.actorKey, iri);
    return aliasesOf(face, call);
  });

/** What cannot be undone asks for the password. `moved_to_uri` as GoToSocial calls it, `target_account` as Pleroma. */
const move = (face: Face): Handler =>
  face.endpoint("write:accounts", async (call) => {
    const target = call.params.text("moved_to_uri") ?? needed(call, "target_account");
    const account = await face.accounts.people.find(call.me.accountKey);
    if (account === null) throw new Problem("gone", "This account is closed.");
    await face.accounts.confirm(account, needed(call, "password"), originOfRequest(call.request));
    await face.moving.moveTo(call.me.actorKey, target);
    return {};
  });
