/** English words for the history of posts and for polls of one's own. */

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
  },
};
