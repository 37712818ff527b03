/** Canned pages of edited posts: several versions with hostile lengths, and none. */
import { ACT } from "../forms.ts";
import { POLL } from "../forms-polls.ts";
import { objectPage } from "../pages/object.ts";
import { versionsPage } from "../pages/versions.ts";
import { writePage } from "../pages/write.ts";
import type { Canned } from "./canned.ts";
import { ago } from "./people.ts";
import { arabic, article, openPoll, own, plain, withFiles } from "./posts.ts";

const edited = { ...own, updatedMs: ago(4) };

export const threadPages: Readonly<Record<string, Canned>> = {
  "post-edited": {
    as: "member",
    path: own.path,
    page: (c) => objectPage(c, { view: edited, ancestors: [], replies: [], arrivals: null }),
  },
  "write-poll": {
    as: "member",
    path: "/write",
    page: (c) =>
      writePage(c, {
        form: {
          values: {
            [ACT.fields.content]: "When do we meet?",
            [POLL.choice(1)]: "Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz",
            [POLL.choice(2)]: "Monday",
          },
          problem: { field: POLL.choice(2), message: "Give each answer once." },
        },
      }),
  },
  "write-reply": {
    as: "member",
    path: arabic.path,
    page: (c) =>
      writePage(c, {
        replyTo: arabic,
        returnTo: arabic.path,
        form: {
          values: { [ACT.fields.content]: "When do we meet?", [POLL.choice(1)]: "Monday" },
          problem: { field: POLL.choice(2), message: "Give at least two answers." },
        },
      }),
  },
  versions: {
    as: "visitor",
    path: `${own.path}/versions`,
    page: (c) =>
      versionsPage(c, {
        now: edited,
        madeMs: ago(4),
        earlier: [
          { madeMs: ago(30), view: { ...edited, contentHtml: arabic.contentHtml }, choices: [] },
          { madeMs: ago(60), view: { ...withFiles, updatedMs: null }, choices: [] },
          {
            madeMs: ago(120),
            view: { ...openPoll, summary: "Donaudampfschifffahrtsgesellschaftskapitän".repeat(3) },
            choices: ["Tea", "Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz".repeat(2)],
          },
          { madeMs: ago(240), view: article, choices: [] },
        ],
      }),
  },
  "versions-none": {
    as: "member",
    path: `${plain.path}/versions`,
    page: (c) => versionsPage(c, { now: plain, madeMs: ago(9), earlier: [] }),
  },
};
