/** English words for the history of posts and for polls of one's own. */

import { counted } from "./number.ts";

/** In minutes. */
const DAY = 1_440;

export const threadGroups = {
  versions: {
    title: "Earlier versions",
    see: "See earlier versions",
    edited: "Edited",
    now: "Now",
    first: "First version",
    none: "No earlier versions are kept here. This server may have met the post after it was edited.",
    back: "Back to the post",
    choices: "Choices",
  },
  ownPoll: {
    ended: "Your poll has ended",
    add: "Poll",
    choice: (n: number) => `Answer ${n}`,
    notNeeded: "if you need it",
    several: "People may choose several answers",
    howLong: "How long people can vote",
    lasts: (minutes: number) =>
      minutes < DAY
        ? counted("en", minutes / 60, { one: "hour", other: "hours" })
        : counted("en", minutes / DAY, { one: "day", other: "days" }),
  },
};
