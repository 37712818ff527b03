/** English words for what has just happened: sentences after a form, and pages that end something. */

export const afterGroups = {
  flash: {
    undo: "Undo",
    close: "Close",
    done: "Done.",
    saved: "Saved.",
    claimed: "The server is yours. Invite the first people, or write the first post.",
    welcome: "Welcome. This is where posts of people you follow appear.",
    signedOut: "You are signed out.",
    passwordChanged: "Your password was changed. All other devices are signed out.",
    sessionEnded: "Signed out there.",
    appShutOut: "The app cannot use your account any more.",
    tryingAgain: "The server is asked again now.",
    did: {
      Create: "Posted.",
      "Create Vote": "Your answer was sent.",
      Update: "The post was changed.",
      Delete: "The post was deleted.",
      Follow: "You asked to follow. Once that is answered, their posts appear on your home page.",
      "Undo Follow": "You do not follow any more.",
      Block: "Blocked. You will not hear of each other.",
      "Undo Block": "Unblocked.",
      "Add muted": "Muted. Their posts do not appear on your home page.",
      "Remove muted": "Not muted any more.",
      "Accept Follow": "They follow you now.",
      "Reject Follow": "The request was turned down.",
      "Reject Follower": "They do not follow you any more.",
      Flag: "Your report was sent to the people who run this server.",
    } as Readonly<Record<string, string>>,
  },
  troubles: {
    littleDisk: "The disk is almost full. Make room, or the server will stop taking posts.",
    noBackup: "There is no backup yet. Name a place for it, so that nothing is lost with this machine.",
    lateJobs: "Some work has been waiting for more than an hour.",
  },
  tag: {
    text: "Public posts with this hashtag, as far as they have come here.",
    emptyTitle: "No posts with this hashtag yet",
    emptyText: "Put it into a post, and it appears here.",
  },
  reset: {
    title: (name: string) => `A new password for ${name}`,
    password: "New password",
    help: "Ten characters or more. Three unusual words are good.",
    submit: "Set the password",
  },
};
