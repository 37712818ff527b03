/** English words of what the server tells people, and of what those who run it offer to all. */

export const siteGroups = {
  told: {
    post: "posted something new",
    edit: "edited a post that you boosted",
    quotedEdit: "edited a post that you quote",
    severed: "Some of your followings ended, because another server was blocked here.",
    severedLink: "See which",
    decision: "The people who run this server have decided something about your account.",
    decisionLink: "Read it, and answer",
    signUp: "waits to be let in",
    signUpLink: "Go to the list of people",
    report: "reported somebody",
    reportLink: "Go to the report",
  },
};
