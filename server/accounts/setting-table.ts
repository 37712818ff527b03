/** What the people who run the server may change while it runs, as a table. Operators' settings are elsewhere. */
import { type AdminSetting, choice, domains, languages, link, text, whole } from "./setting-kinds.ts";

export const REGISTRATION_MODES = ["open", "approval", "invitation", "domain", "closed"] as const;
export type RegistrationMode = (typeof REGISTRATION_MODES)[number];

/** Who this server exchanges things with: everybody, only those with a rule that allows them, or nobody. */
const FEDERATION = ["open", "partners", "closed"] as const;

export const ADMIN_SETTINGS = {
  siteName: text({ fallback: "Pub of the Commons", max: 60, help: "What this place is called." }),
  description: text({
    fallback: "",
    max: 500,
    help: "One or two sentences for people who come by: whose place this is, and for whom.",
  }),
  contact: text({
    fallback: "",
    max: 254,
    help: "How people reach those who run the server: an e-mail address or a name here.",
  }),
  rules: text({
    fallback: "",
    max: 5000,
    lines: true,
    help: "What is expected of everybody, one rule a line.",
  }),
  about: text({ fallback: "", max: 20_000, lines: true, help: "More about this place, in Markdown." }),
  privacy: text({
    fallback: "",
    max: 20_000,
    lines: true,
    help: "What is kept about people, for how long, and whom to ask, in Markdown.",
  }),
  sourceUrl: link({
    help: "Where the source of this program can be had. Whoever runs a changed version owes it to all who use it over a network (AGPL §13).",
  }),
  registration: choice({
    choices: REGISTRATION_MODES,
    fallback: "invitation",
    help: "Who may make an account. An invitation is good in every mode but closed.",
  }),
  allowedDomains: domains({
    fallback: [],
    help: "With registration by domain: where people's e-mail addresses must be, one domain a line. `*.school.example` means every name below it.",
  }),
  federation: choice({
    choices: FEDERATION,
    fallback: "open",
    help: "With whom this server exchanges things: open to all that are not blocked, partners only, or closed.",
  }),
  invitationsBy: choice({
    choices: ["staff", "teachers", "everyone"],
    fallback: "teachers",
    help: "Who may invite others.",
  }),
  groupCreation: choice({
    choices: ["everyone", "teachers", "staff"],
    fallback: "everyone",
    help: "Who may make groups.",
  }),
  secondFactor: choice({
    choices: ["nobody", "admins", "staff", "teachers", "everyone"],
    fallback: "nobody",
    help: "Who must have a passkey or an app for codes besides a password. Staff are admins and moderators; teachers are those and teachers.",
  }),
  fediverseSignIn: choice({
    choices: ["on", "off"],
    fallback: "on",
    help: "Whether people can sign in with an account on another server of the Fediverse, by its name.",
  }),
  applicationQuestion: text({
    fallback: "",
    max: 200,
    help: "What people are asked when they apply, such as which school they belong to.",
  }),
  remoteMedia: choice({
    choices: ["shown", "linked"],
    fallback: "shown",
    help: "Whether pictures of other servers are shown in pages here, through this server, or only linked to.",
  }),
  remoteMediaMegabytes: whole({
    from: 0,
    to: 10_000_000,
    fallback: 2_000,
    help: "Room on the disk for pictures of other servers, in megabytes, on each node; with 0 none is kept.",
  }),
  publicLists: choice({
    choices: ["members", "everyone"],
    fallback: "members",
    help: "Who can see the public lists: what people here wrote for everyone, and what has come from everywhere.",
  }),
  accent: choice({
    choices: ["teal", "blue", "plum", "brick", "moss"],
    fallback: "teal",
    help: "The one colour of buttons and links.",
  }),
  languages: languages({ fallback: ["en"], help: "Languages spoken here, the first being the usual one." }),
} as const satisfies Record<string, AdminSetting<unknown>>;

export type SettingName = keyof typeof ADMIN_SETTINGS;
export type SettingValues = {
  readonly [Name in SettingName]: (typeof ADMIN_SETTINGS)[Name] extends AdminSetting<infer T> ? T : never;
};
