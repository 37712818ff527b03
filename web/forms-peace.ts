/** The contract between pages and handlers of what keeps the peace: where their forms go and what the fields are called. */

/** `?object=IRI` shows the form; posting it files a report. */
export const REPORT = {
  path: "/report",
  fields: {
    object: "object",
    category: "category",
    rule: "rule",
    content: "content",
    /** `yes`: the other server hears of it, without the reporter's name. */
    forward: "forward",
    return: "return",
  },
} as const;

/** `?state=open|closed`; one is at `/admin/reports/KEY`. */
export const ADMIN_REPORTS = {
  path: "/admin/reports",
  fields: { state: "state", action: "action", report: "report", note: "note", outcome: "outcome" },
  actions: {
    take: "take",
    giveBack: "give-back",
    note: "note",
    resolve: "resolve",
    dismiss: "dismiss",
    reopen: "reopen",
  },
} as const;

/** What the staff do about somebody: their page is at `/admin/people/KEY`. */
export const ADMIN_SANCTIONS = {
  path: "/admin/sanctions",
  fields: {
    action: "action",
    actor: "actor",
    kind: "kind",
    object: "object",
    text: "text",
    report: "report",
    sanction: "sanction",
    answer: (sanction: number) => `answer-${sanction}`,
    return: "return",
  },
  actions: { impose: "impose", lift: "lift", grant: "grant", refuse: "refuse" },
} as const;

/** For those who keep the peace in a group (its address), whose reports are at `/@GROUP/reports`. */
export const GROUP_REPORTS = {
  path: "/groups/reports",
  fields: {
    group: "group",
    report: "report",
    action: "action",
    outcome: (report: number) => `outcome-${report}`,
  },
  actions: { resolve: "resolve", dismiss: "dismiss" },
} as const;

/** `?edit=KEY` shows one filter in the form. */
export const FILTERS = {
  path: "/settings/filters",
  fields: {
    action: "action",
    filter: "filter",
    title: "title",
    phrases: "phrases",
    isWhole: "whole",
    context: (name: string) => `in-${name}`,
    filterAction: "does",
    duration: "duration",
  },
  actions: { save: "save", remove: "remove" },
} as const;

export const MUTES = {
  path: "/settings/mutes",
  /** In the address: where the rest of the people begins (`before`), and the rest of the conversations (`threads`). */
  fields: { object: "object", duration: "duration", notices: "notices", threads: "threads" },
} as const;

/** Servers that somebody leaves alone; `domain` names one to begin with. */
export const AVOIDED = {
  path: "/settings/servers",
  fields: { action: "action", domain: "domain", host: "host" },
  actions: { avoid: "avoid", stop: "stop" },
} as const;

/** What was decided about oneself, and the answer to it. */
export const STANDING = {
  path: "/settings/standing",
  fields: { sanction: "sanction", appeal: (sanction: number) => `appeal-${sanction}` },
} as const;

/** The same for those who cannot sign in any more. */
export const APPEAL = {
  path: "/appeal",
  fields: { name: "name", password: "password", appeal: "appeal" },
} as const;

/** How long a filter or a mute holds, in hours; 0 is for ever. */
export const DURATIONS = ["0", "1", "24", "168", "720"] as const;
/** Until when it holds already. */
export const KEEP_DURATION = "keep";
