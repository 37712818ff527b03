/** Forms of the settings pages: the profile, the look, the password, the sessions. */
import { embeddedAll, text as textOf } from "../../server/core/object.ts";
import { originOfRequest } from "../../server/http/connection.ts";
import type { Json } from "../../server/lib/json.ts";
import { Problem } from "../../server/lib/problem.ts";
import { fromPlain } from "../../server/lib/text.ts";
import { parseHttpUrl } from "../../server/lib/url.ts";
import { signedIn, THEME_COOKIE, type Visit, type WebDeps } from "../face.ts";
import { APPEARANCE, MAX_PROFILE_FIELDS, PASSWORD, PROFILE, SESSIONS } from "../forms.ts";
import { appearancePage, passwordPage, profileSettingsPage } from "../pages/settings.ts";
import { LANGUAGES } from "../words/index.ts";
import { type Answer, goTo, orAgain } from "./answer.ts";

/** A card on a screen, not an essay. */
const MAX_SUMMARY_CHARACTERS = 2_000;
const MAX_FIELD_CHARACTERS = 255;
const YEAR_SECONDS = 365 * 24 * 60 * 60;

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

export const saveAppearance: Post = (deps, visit, fields) => {
  const { account } = signedIn(visit);
  return orAgain(
    fields,
    (form) => appearancePage(visit.context, { form }),
    async () => {
      const theme = fields.get(APPEARANCE.fields.theme) ?? "auto";
      const language = fields.get(APPEARANCE.fields.language) ?? "";
      const isKnown = LANGUAGES.some(({ code }) => code === language);
      await deps.accounts.people.setLocale(account, isKnown ? language : null);
      const value = theme === "light" || theme === "dark" ? theme : "";
      const cookie = `${THEME_COOKIE}=${value}; Path=/; SameSite=Lax; Max-Age=${value === "" ? 0 : YEAR_SECONDS}`;
      return goTo(APPEARANCE.path, { kind: "good", text: visit.context.words.flash.saved }, [cookie]);
    },
  );
};

export const changePassword: Post = (deps, visit, fields) => {
  const { account, viewer } = signedIn(visit);
  return orAgain(
    fields,
    (form) => passwordPage(visit.context, { form }),
    async () => {
      await deps.accounts.passwords.change(
        account,
        { current: fields.get(PASSWORD.fields.current) ?? "", next: fields.get(PASSWORD.fields.next) ?? "" },
        { origin: originOfRequest(visit.request), sessionKey: viewer.sessionKey ?? 0 },
      );
      return goTo(PASSWORD.path, { kind: "good", text: visit.context.words.flash.passwordChanged });
    },
  );
};

export const endSessions: Post = async (deps, visit, fields) => {
  const { account, viewer } = signedIn(visit);
  const which = fields.get(SESSIONS.fields.session);
  if (which === "others") await deps.accounts.sessions.revokeOthers(account.key, viewer.sessionKey ?? 0);
  else await deps.accounts.sessions.revoke(account.key, Number(which));
  return goTo(SESSIONS.path, { kind: "good", text: visit.context.words.flash.sessionEnded });
};

/** `Firefox on Linux`, as far as a User-Agent tells; null where it tells nothing. */
export function deviceOf(agent: string): string | null {
  const browser = /(Firefox|Edg|OPR|Chrome|Safari)\//.exec(agent)?.[1];
  const system = /(Windows|Android|iPhone|iPad|Mac OS X|CrOS|Linux)/.exec(agent)?.[1];
  if (!browser) return null;
  const name = { Edg: "Edge", OPR: "Opera" }[browser] ?? browser;
  return system ? `${name} · ${system === "Mac OS X" ? "macOS" : system}` : name;
}
