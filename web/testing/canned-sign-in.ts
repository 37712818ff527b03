/** The pages of signing in with more than a password, with canned props. */
import { ACT, verb } from "../forms.ts";
import { ADMIN_SIGN_IN, CODES, CONFIRM, FACTORS, JOIN, PASSKEY, RECOVER, SECOND } from "../forms-sign-in.ts";
import { providerPage } from "../pages/admin/provider.ts";
import { providersPage } from "../pages/admin/providers.ts";
import { joinPage } from "../pages/join.ts";
import { recoverPage } from "../pages/recover.ts";
import { secondPage } from "../pages/second.ts";
import { codesPage } from "../pages/settings/codes.ts";
import { confirmPage } from "../pages/settings/confirm.ts";
import { factorsPage } from "../pages/settings/factors.ts";
import { recoveryPage } from "../pages/settings/recovery.ts";
import { signInPage } from "../pages/sign-in.ts";
import { signUpPage } from "../pages/sign-up.ts";
import { signedOutPage } from "../pages/signed-out.ts";
import { writePage } from "../pages/write.ts";
import type { Canned } from "./canned.ts";
import { ago, longName } from "./people.ts";
import { arabic } from "./posts.ts";

const places = [
  { provider: "1", place: "Moodle" },
  { provider: "2", place: "Landesbildungsserver Mecklenburg-Vorpommern" },
  { provider: "3", place: "مدرسة المستقبل" },
];
const wrongCode = {
  values: {},
  problem: { field: "code", message: "This code is not right, or was used already. Wait for the next one." },
};
const passkeys = [
  { id: "1", name: "Telephone", backup: "done", createdMs: ago(60 * 24 * 30), usedMs: ago(12) },
  {
    id: "2",
    name: "Schulverwaltungsinformationssystemarbeitsplatzrechner",
    backup: "never",
    createdMs: ago(60 * 24),
    usedMs: null,
  },
  { id: "3", name: "", backup: "possible", createdMs: ago(60), usedMs: null },
] as const;
const provider = {
  key: 1,
  kind: "oidc",
  name: "Moodle",
  issuer: "https://login.microsoftonline.com/72f988bf-86f1-41af-91ab-2d7cd011db47/v2.0",
  clientId: "commons",
  scope: "openid profile email",
  authorizationEndpoint: null,
  tokenEndpoint: null,
  userinfoEndpoint: null,
  subjectName: "sub",
  admits: "domains",
  domains: ["sunnyside.example"],
} as const;
const sheet = Array.from({ length: 10 }, (_, i) => `abc${i}-defg-hjkm`.replace(/[01]/g, "x"));
const nothing = {
  hasPassword: true,
  passkeys: [],
  codesSinceMs: null,
  recoveryLeft: 0,
  linked: [],
  places: [],
  takesServers: true,
  isUnlocked: true,
  mustSetUp: false,
  device: "Firefox · Linux",
};
const join = {
  place: "Moodle",
  label: "ada.okafor@sunnyside.example",
  suggested: { name: "ada_okafor", displayName: "Ada Okafor", email: "ada.okafor@sunnyside.example" },
  isAdmitted: false,
  invitation: null,
  domains: ["sunnyside.example"],
  hasRules: true,
};

export const signInPages: Readonly<Record<string, Canned>> = {
  "signed-out": {
    as: "visitor",
    path: arabic.path,
    page: (context) =>
      signedOutPage(context, {
        returnTo: arabic.path,
        values: {
          [ACT.fields.type]: verb("Create"),
          [ACT.fields.inReplyTo]: arabic.iri,
          [ACT.fields.content]:
            `الملفوف الأحمر\n\n${"Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz ".repeat(9)}`,
        },
      }),
  },
  "signed-in-anew": {
    as: "member",
    path: "/write",
    page: (context) =>
      writePage(context, {
        form: {
          values: { [ACT.fields.content]: "Rotkohlindikator" },
          problem: { field: null, message: context.words.signedOut.again(longName.handle) },
          hasLostFiles: true,
        },
      }),
  },
  "sign-in-places": {
    as: "visitor",
    path: "/sign-in",
    page: (c) => signInPage(c, { places, takesServers: true }),
  },
  "sign-in-places-error": {
    as: "visitor",
    path: "/sign-in",
    flash: { kind: "bad", text: "You said no at Moodle. Nothing was changed here." },
    page: (c) =>
      signInPage(c, {
        places,
        takesServers: true,
        form: {
          values: { server: "???" },
          problem: {
            field: "server",
            message: "This is not the name of a server. It looks like school.example.",
          },
        },
      }),
  },
  "sign-up-passkey": {
    as: "visitor",
    path: "/sign-up",
    site: { registration: "open" },
    page: (c) => signUpPage(c, { withPasskey: true, places, hasRules: true }),
  },
  second: {
    as: "visitor",
    path: SECOND.path,
    page: (c) => secondPage(c, { codes: true, passkeys: true, returnTo: "/" }),
  },
  "second-error": {
    as: "visitor",
    path: SECOND.path,
    page: (c) => secondPage(c, { codes: true, passkeys: false, returnTo: "/", form: wrongCode }),
  },
  "second-passkey": {
    as: "visitor",
    path: SECOND.path,
    page: (c) => secondPage(c, { codes: false, passkeys: true, returnTo: "/" }),
  },
  recover: { as: "visitor", path: RECOVER.path, page: (c) => recoverPage(c) },
  "recover-error": {
    as: "visitor",
    path: RECOVER.path,
    page: (c) =>
      recoverPage(c, {
        form: {
          values: { name: "ada" },
          problem: {
            field: "code",
            message: "The name or the code is wrong, or the code was used already.",
          },
        },
      }),
  },
  "join-recovery": {
    as: "member",
    path: PASSKEY.join,
    page: (c) => recoveryPage(c, { codes: sheet, isNew: true }),
  },
  "join-recovery-waiting": {
    as: "visitor",
    path: PASSKEY.join,
    page: (c) => recoveryPage(c, { codes: sheet, isNew: true }),
  },
  join: { as: "visitor", path: JOIN.path, page: (c) => joinPage(c, join) },
  "join-asks-error": {
    as: "visitor",
    path: JOIN.path,
    site: { registration: "approval" },
    page: (c) =>
      joinPage(c, {
        ...join,
        form: {
          values: { name: "Ada Okafor" },
          problem: {
            field: "name",
            message: "A name has only the letters a to z, digits and the underscore.",
          },
        },
      }),
  },
  "join-domain": {
    as: "visitor",
    path: JOIN.path,
    site: { registration: "domain" },
    page: (c) => joinPage(c, join),
  },
  "settings-confirm": {
    as: "member",
    path: CONFIRM.path,
    page: (c) =>
      confirmPage(c, { name: "ada", hasPassword: true, hasPasskeys: true, places, returnTo: FACTORS.path }),
  },
  "settings-confirm-passkey": {
    as: "member",
    path: CONFIRM.path,
    page: (c) =>
      confirmPage(c, {
        name: "ada",
        hasPassword: false,
        hasPasskeys: true,
        places: [],
        returnTo: FACTORS.path,
      }),
  },
  "settings-confirm-elsewhere": {
    as: "member",
    path: CONFIRM.path,
    page: (c) =>
      confirmPage(c, {
        name: "ada",
        hasPassword: false,
        hasPasskeys: false,
        places: places.slice(0, 1),
        returnTo: FACTORS.path,
      }),
  },
  "settings-sign-in": {
    as: "member",
    path: FACTORS.path,
    page: (c) =>
      factorsPage(c, {
        ...nothing,
        passkeys,
        codesSinceMs: ago(60 * 24 * 3),
        recoveryLeft: 9,
        places,
        linked: [
          { id: "1", place: "Moodle", label: "ada.okafor@sunnyside.example", createdMs: ago(60) },
          {
            id: "2",
            place: "schulverwaltungsinformationssystem.example",
            label: "@ada@schulverwaltungsinformationssystem.example",
            createdMs: ago(60 * 24 * 90),
          },
        ],
      }),
  },
  "settings-sign-in-locked": {
    as: "member",
    path: FACTORS.path,
    page: (c) => factorsPage(c, { ...nothing, passkeys, recoveryLeft: 1, isUnlocked: false }),
  },
  "settings-sign-in-passkeys": {
    as: "member",
    path: FACTORS.path,
    flash: { kind: "good", text: "You are in. Now add a passkey for your new device." },
    page: (c) => factorsPage(c, { ...nothing, hasPassword: false, passkeys, recoveryLeft: 9 }),
  },
  "settings-sign-in-must": {
    as: "member",
    path: FACTORS.path,
    page: (c) => factorsPage(c, { ...nothing, mustSetUp: true }),
  },
  "settings-codes-error": {
    as: "member",
    path: CODES.path,
    page: (c) =>
      codesPage(c, {
        returnTo: FACTORS.path,
        secret: "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP",
        address:
          "otpauth://totp/Sunnyside%20Commons:ada?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Sunnyside%20Commons&algorithm=SHA1&digits=6&period=30",
        form: wrongCode,
      }),
  },
  "settings-recovery": {
    as: "member",
    path: FACTORS.path,
    page: (c) => recoveryPage(c, { codes: sheet }),
  },
  "admin-sign-in": {
    as: "admin",
    path: ADMIN_SIGN_IN.path,
    page: (c) =>
      providersPage(c, {
        providers: [
          provider,
          { ...provider, key: 2, kind: "oauth", name: places[1]?.place ?? "", admits: "everyone" },
        ],
        secondFactor: "staff",
        fediverseSignIn: "on",
        insideHosts: ["sso.school.example", "10.0.0.5:8443"],
      }),
  },
  "admin-sign-in-empty": {
    as: "admin",
    path: ADMIN_SIGN_IN.path,
    page: (c) =>
      providersPage(c, { providers: [], secondFactor: "nobody", fediverseSignIn: "off", insideHosts: [] }),
  },
  "admin-sign-in-place": {
    as: "admin",
    path: `${ADMIN_SIGN_IN.path}/1`,
    page: (c) =>
      providerPage(c, { provider, redirectUri: "https://commons.example/sign-in/back/3676928622192645" }),
  },
  "admin-sign-in-place-error": {
    as: "admin",
    path: `${ADMIN_SIGN_IN.path}/new`,
    page: (c) =>
      providerPage(c, {
        provider: null,
        redirectUri: null,
        form: {
          values: { kind: "oauth", name: "Moodle" },
          problem: { field: "tokenEndpoint", message: "This is not an address that begins with https://." },
        },
      }),
  },
};
