/** What the people who run the server may change while it runs, as a table. Operators' settings are elsewhere. */
import { type AdminSetting, choice, colour, domains, languages, text } from "./setting-kinds.ts";

export const REGISTRATION_MODES = ["open", "approval", "invitation", "domains", "closed"] as const;
export type RegistrationMode = (typeof REGISTRATION_MODES)[number];

export const ADMIN_SETTINGS = {
  server_name: text({ fallback: "Pub of the Commons", max: 60, help: "What this place is called." }),
  server_description: text({
    fallback: "",
    max: 500,
    help: "One or two sentences for people who come by: whose place this is, and for whom.",
  }),
  contact_email: text({ fallback: "", max: 254, help: "Where people reach those who run the server." }),
  contact_name: text({ fallback: "", max: 30, help: "The account of somebody who runs the server." }),
  rules: text({
    fallback: "",
    max: 5000,
    lines: true,
    help: "What is expected of everybody, one rule a line.",
  }),
  about: text({
    fallback: "",
    max: 20_000,
    lines: true,
    help: "More about this place, in Markdown: who runs it, what is kept, whom to ask.",
  }),
  registration: choice({
    choices: REGISTRATION_MODES,
    fallback: "invitation",
    help: "Who may make an account. An invitation is good in every mode but closed.",
  }),
  email_domains: domains({
    fallback: [],
    help: "With registration by domain: where people's addresses must be, one domain a line. `*.school.example` means every name below it.",
  }),
  invitations_by: choice({
    choices: ["staff", "teachers", "everyone"],
    fallback: "teachers",
    help: "Who may invite others.",
  }),
  application_question: text({
    fallback: "",
    max: 200,
    help: "What people are asked when they apply, such as which school they belong to.",
  }),
  accent: colour({
    fallback: "#0b6e6e",
    help: "The one colour of buttons and links; white text must be legible on it.",
  }),
  languages: languages({ fallback: ["en"], help: "Languages spoken here, the first being the usual one." }),
} as const satisfies Record<string, AdminSetting<unknown>>;

export type SettingName = keyof typeof ADMIN_SETTINGS;
export type SettingValues = {
  readonly [Name in SettingName]: (typeof ADMIN_SETTINGS)[Name] extends AdminSetting<infer T> ? T : never;
};
