/** English words for what comes while a page is open. */

export const liveGroups = {
  live: {
    /** On the button that shows them; the browser puts the number in the place of the 0. */
    post: "Show 1 new post",
    posts: "Show 0 new posts",
    reply: "Show 1 new reply",
    replies: "Show 0 new replies",
    notice: "Show 1 new notice",
    notices: "Show 0 new notices",
    pushTitle: "Notices on this device",
    pushText: "Hear of answers, mentions and new followers while no page is open.",
    pushOn: "Tell me on this device",
    pushOff: "Do not tell me on this device",
    pushDenied: "Your browser did not allow it. You can change that in its settings for this site.",
  },
};
