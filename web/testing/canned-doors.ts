/** The pages through which one comes in, and the settings, with canned props. */
import { EMPTY_FORM, PATHS } from "../forms.ts";
import { aboutPage, privacyPage, rulesPage } from "../pages/about.ts";
import { appsToTryPage } from "../pages/apps-to-try.ts";
import { authorizePage } from "../pages/authorize.ts";
import { codePage, deniedPage, refusedPage } from "../pages/authorized.ts";
import { interactionPage, remoteFollowPage } from "../pages/remote.ts";
import { reportPage } from "../pages/report.ts";
import { resetOverPage, resetPage } from "../pages/reset.ts";
import { appearancePage } from "../pages/settings/appearance.ts";
import { appsPage } from "../pages/settings/apps.ts";
import { blockedPage } from "../pages/settings/blocked.ts";
import { passwordPage } from "../pages/settings/password.ts";
import { profileSettingsPage } from "../pages/settings/profile.ts";
import { sessionsPage } from "../pages/settings/sessions.ts";
import { setupPage } from "../pages/setup.ts";
import { signInPage } from "../pages/sign-in.ts";
import { signUpPage } from "../pages/sign-up.ts";
import { withoutInvitation } from "../posts/accounts.ts";
import type { Canned } from "./canned.ts";
import { ada, ago, hostile, longName, noor, relationship } from "./people.ts";
import { article } from "./posts.ts";

const badName = {
  values: { name: "Ada Okafor", displayName: "Ada", email: "ada@sunnyside.example" },
  problem: { field: "name", message: "A name has letters, digits and _ only. How about ada_okafor?" },
};

export const doorPages: Readonly<Record<string, Canned>> = {
  setup: { as: "visitor", path: "/setup", page: (c) => setupPage(c, { token: "t0k3n" }) },
  "setup-error": { as: "visitor", path: "/setup", page: (c) => setupPage(c, { token: null, form: badName }) },
  "setup-done": { as: "visitor", path: "/setup", page: (c) => setupPage(c, { isClaimed: true }) },
  "sign-up": {
    as: "visitor",
    path: "/sign-up",
    page: (c) => signUpPage(c, { invitation: { code: "abc", invitedBy: "Noor" }, hasRules: true }),
  },
  "sign-up-error": {
    as: "visitor",
    path: "/sign-up",
    site: { registration: "approval" },
    page: (c) => signUpPage(c, { form: badName, hasRules: true }),
  },
  "sign-up-invitation-over": {
    as: "visitor",
    path: "/sign-up",
    page: (c) => signUpPage(c, { form: withoutInvitation(c, "blau-rot-7") }),
  },
  "sign-up-without-invitation": {
    as: "visitor",
    path: "/sign-up",
    site: { registration: "approval" },
    page: (c) =>
      signUpPage(c, {
        form: withoutInvitation(c, "blau-rot-7"),
      }),
  },
  "sign-up-domain": {
    as: "visitor",
    path: "/sign-up",
    site: { registration: "domain" },
    page: (c) => signUpPage(c, { domains: ["sunnyside.example"] }),
  },
  "sign-up-closed": {
    as: "visitor",
    path: "/sign-up",
    site: { registration: "closed" },
    page: (c) => signUpPage(c, {}),
  },
  "sign-up-waiting": { as: "visitor", path: "/sign-up", page: (c) => signUpPage(c, { isWaiting: true }) },
  "sign-in": { as: "visitor", path: "/sign-in", page: (c) => signInPage(c) },
  "sign-in-error": {
    as: "visitor",
    path: "/sign-in",
    page: (c) =>
      signInPage(c, {
        form: {
          values: { name: "ada" },
          problem: { field: null, message: "Name and password do not fit together." },
        },
      }),
  },
  "settings-profile": {
    as: "member",
    path: "/settings",
    flash: { kind: "good", text: "Your profile is saved." },
    page: (c) =>
      profileSettingsPage(c, {
        profile: {
          displayName: "Ada Okafor",
          summary: "Physics and maths.",
          iconUrl: null,
          imageUrl: null,
          approvesFollowers: true,
          isIndexable: false,
          isDiscoverable: true,
          hidesCircle: false,
          fields: [{ name: "Subjects", value: "Physics" }],
        },
        form: EMPTY_FORM,
      }),
  },
  "settings-profile-pictures": {
    as: "member",
    path: "/settings",
    page: (c) =>
      profileSettingsPage(c, {
        profile: {
          displayName: "نور الهاشمي",
          summary: "",
          iconUrl: "/picture-200.svg",
          imageUrl: "/picture-90.svg",
          approvesFollowers: false,
          isIndexable: true,
          isDiscoverable: false,
          hidesCircle: true,
          fields: [],
        },
        form: {
          values: { displayName: "نور الهاشمي" },
          problem: { field: "icon", message: "This picture is damaged and cannot be shown." },
          hasLostFiles: true,
        },
      }),
  },
  "settings-appearance": { as: "member", path: "/settings/appearance", page: (c) => appearancePage(c) },
  "settings-password": {
    as: "member",
    path: "/settings/password",
    page: (c) =>
      passwordPage(c, {
        form: { values: {}, problem: { field: "current", message: "That is not your password." } },
      }),
  },
  "settings-sessions": {
    as: "member",
    path: "/settings/sessions",
    page: (c) =>
      sessionsPage(c, {
        serverKey: "",
        hasApps: true,
        sessions: [
          {
            id: "1",
            device: "Firefox on Linux",
            createdMs: ago(60 * 24 * 30),
            lastUsedMs: ago(0),
            isThis: true,
            how: "password",
            via: null,
            factor: "code",
          },
          {
            id: "2",
            device: null,
            createdMs: ago(60 * 24 * 90),
            lastUsedMs: ago(60 * 24 * 60),
            isThis: false,
            how: "elsewhere",
            via: "Moodle",
            factor: null,
          },
        ],
      }),
  },
  "settings-apps": {
    as: "member",
    path: "/settings/apps",
    page: (c) =>
      appsPage(c, {
        apps: [
          {
            id: "1",
            name: "Phanpy",
            website: "https://phanpy.example/about",
            host: null,
            scopes: ["read", "write", "follow", "push"],
            createdMs: ago(60 * 24 * 40),
            lastUsedMs: ago(3),
          },
          {
            id: "2",
            name: "Unterrichtsvorbereitungsprogramm für Gemeinschaftsschulen",
            website: "javascript:alert(1)",
            host: null,
            scopes: ["read:statuses", "write:media", "odd"],
            createdMs: ago(60 * 24 * 400),
            lastUsedMs: null,
          },
          {
            id: "3",
            name: "تطبيق",
            website: null,
            host: "unterrichtsvorbereitungsprogramm.example",
            scopes: ["profile"],
            createdMs: ago(5),
            lastUsedMs: ago(5),
          },
        ],
      }),
  },
  "settings-apps-empty": { as: "member", path: "/settings/apps", page: (c) => appsPage(c, { apps: [] }) },
  "settings-blocked": {
    as: "member",
    path: "/settings/blocked",
    page: (c) => blockedPage(c, { blocked: [hostile, longName], olderHref: "/settings/blocked?before=1" }),
  },
  report: {
    as: "member",
    path: "/report",
    page: (c) => reportPage(c, { actor: longName, object: article, rules: ["Be kind.", "No advertising."] }),
  },
  authorize: {
    as: "member",
    path: "/oauth/authorize",
    page: (c) =>
      authorizePage(c, {
        app: { name: "Phanpy", website: "https://phanpy.example", host: null },
        scopes: ["read", "write:statuses", "push", "odd"],
        returnsTo: "phanpy.example",
        request: [
          ["client_id", "x"],
          ["state", "y"],
        ],
      }),
  },
  "authorize-described": {
    as: "member",
    path: "/oauth/authorize",
    page: (c) =>
      authorizePage(c, {
        app: {
          name: "Unterrichtsvorbereitungsprogramm für Gemeinschaftsschulen",
          website: null,
          host: "unterrichtsvorbereitungsprogramm.example",
        },
        scopes: ["profile"],
        returnsTo: "",
        request: [["client_id", "https://unterrichtsvorbereitungsprogramm.example/client.json"]],
      }),
  },
  "authorize-code": {
    as: "member",
    path: "/oauth/authorize",
    page: (c) => codePage(c, "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"),
  },
  "authorize-denied": { as: "member", path: "/oauth/authorize", page: deniedPage },
  "authorize-refused": {
    as: "member",
    path: "/oauth/authorize",
    page: (c) =>
      refusedPage(c, { message: "The app asked for “everything”.", to: "https://phanpy.example/" }),
  },
  reset: {
    as: "visitor",
    path: "/reset",
    page: (c) =>
      resetPage(c, {
        token: "t",
        name: "ada",
        form: {
          values: {},
          problem: { field: "password", message: "A password has 10 characters or more." },
        },
      }),
  },
  "reset-over": { as: "visitor", path: "/reset", page: (c) => resetOverPage(c) },
  "remote-follow": {
    as: "visitor",
    path: "/remote-follow",
    page: (c) => remoteFollowPage(c, { actor: ada, object: null }),
  },
  interaction: {
    as: "member",
    path: "/authorize_interaction",
    page: (c) => interactionPage(c, { found: { actor: noor, relationship: relationship() } }),
  },
  "interaction-nothing": {
    as: "member",
    path: "/authorize_interaction",
    page: (c) => interactionPage(c, { found: null }),
  },
  "apps-to-try": {
    as: "visitor",
    path: PATHS.appsToTry,
    page: (c) => appsToTryPage(c, { origin: "https://commons.example" }),
  },
  about: {
    as: "visitor",
    path: PATHS.about,
    page: (c) =>
      aboutPage(c, {
        aboutHtml: "<p>We are twelve teachers and a caretaker.</p>",
        contact: "us@sunnyside.example",
        version: "0.1.0",
        sourceUrl: "https://code.example/commons",
        hasRules: true,
        hasPrivacy: true,
      }),
  },
  rules: {
    as: "visitor",
    path: PATHS.rules,
    page: (c) =>
      rulesPage(c, {
        rules: ["Be kind.", "No names or pictures of children.", "Say where a worksheet comes from."],
      }),
  },
  privacy: { as: "visitor", path: PATHS.privacy, page: (c) => privacyPage(c, { privacyHtml: "" }) },
};
