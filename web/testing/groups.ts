/** Groups with canned words, as they are to strangers, to members and to those who keep their peace. */
import type { GroupStanding, GroupView } from "../../server/queries/view-groups.ts";
import type { GroupHeadProps } from "../components/group-head.ts";
import { actorView, ada, longName, nameless, noor, group as physics, relationship } from "./people.ts";

export const standing = (given: Partial<GroupStanding> = {}): GroupStanding => ({
  role: null,
  hasAsked: false,
  isInvited: false,
  isBanned: false,
  ...given,
});

export const biology = actorView({
  handle: "biology",
  name: "Biologieunterrichtsvorbereitungsgemeinschaft",
  type: "Group",
  imageUrl: "/picture-140.svg",
  summaryHtml:
    "<p>Experiments with what grows in front of the school. For teachers, and for <em>everyone</em> who likes to look closely.</p>",
  counts: { posts: 210, followers: 64, following: 0 },
});

export const circle: GroupView = {
  actor: biology,
  access: "public",
  joining: "open",
  posting: "members",
  rules: [
    "Be kind.",
    "Say where a picture is from, and ask whoever can be seen in it.",
    "لا تنشر أسماء التلاميذ.",
  ],
  members: 64,
  moderators: [ada, noor, longName, nameless],
  mine: standing(),
};

export const closed: GroupView = {
  ...circle,
  actor: { ...biology, name: "Kollegium", handle: "kollegium", path: "/@kollegium", imageUrl: null },
  access: "private",
  joining: "request",
};

export const kept: GroupView = { ...circle, mine: standing({ role: "owner" }) };

export const elsewhere: GroupView = {
  ...circle,
  actor: physics,
  joining: "request",
  rules: [],
  moderators: [noor],
  mine: standing({ role: "member" }),
};

export const head = (group: GroupView, waiting = 0): Omit<GroupHeadProps, "part"> => ({
  group,
  relationship: relationship(),
  address: `@${group.actor.handle}${group.actor.host ? "" : "@commons.example"}`,
  waiting,
});
