/** Forms of the settings pages: the look, the password, the devices, the apps. */

import { originOfRequest } from "../../server/http/connection.ts";
import { parseKey } from "../../server/lib/id.ts";
import { signedIn, THEME_COOKIE } from "../face.ts";
import { APPEARANCE, APPS, PASSWORD, SESSIONS } from "../forms.ts";
import { appearancePage } from "../pages/settings/appearance.ts";
import { passwordPage } from "../pages/settings/password.ts";
import { LANGUAGES } from "../words/index.ts";
import { goTo, orAgain, type Post } from "./answer.ts";
import { isProven, proven, toConfirm } from "./proof.ts";

const YEAR_SECONDS = 365 * 24 * 60 * 60;

export const saveAppearance: Post = (deps, visit, fields) => {
  const { account } = signedIn(visit);
  return orAgain(
    visit,
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
  const isFirst = !account.hasPassword;
  if (isFirst && !isProven(deps, visit)) return Promise.resolve(toConfirm(PASSWORD.path));
  return orAgain(
    visit,
    fields,
    (form) => passwordPage(visit.context, { form, isFirst }),
    async () => {
      const next = fields.get(PASSWORD.fields.next) ?? "";
      if (isFirst) await deps.accounts.passwords.setFirst(proven(deps, visit), next, viewer.sessionKey ?? 0);
      else
        await deps.accounts.passwords.change(
          account,
          { current: fields.get(PASSWORD.fields.current) ?? "", next },
          { origin: originOfRequest(visit.request), sessionKey: viewer.sessionKey ?? 0 },
        );
      return goTo(PASSWORD.path, { kind: "good", text: visit.context.words.flash.passwordChanged });
    },
  );
};

export const endSessions: Post = async (deps, visit, fields) => {
  const { account, viewer } = signedIn(visit);
  const which = fields.get(SESSIONS.fields.session);
  if (which === "others") {
    await deps.accounts.sessions.revokeOthers(account.key, viewer.sessionKey ?? 0);
    await deps.apps.everyOne(account.key, viewer.sessionKey);
  } else await deps.accounts.sessions.revoke(account.key, parseKey(which) ?? 0);
  return goTo(SESSIONS.path, { kind: "good", text: visit.context.words.flash.sessionEnded });
};

export const shutOutApp: Post = async (deps, visit, fields) => {
  const { account } = signedIn(visit);
  await deps.apps.byPerson(account.key, parseKey(fields.get(APPS.fields.app)) ?? 0);
  return goTo(APPS.path, { kind: "good", text: visit.context.words.flash.appShutOut });
};
