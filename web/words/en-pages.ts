/** English words of single pages. */

export const pageWords = {
  homeTitle: "Home",
  homeEmpty: "Nothing here yet",
  homeEmptyText: "Posts by you and by people you follow appear here.",
  homeEmptyStep: "Find someone to follow",
};
