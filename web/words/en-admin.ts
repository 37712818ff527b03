/** English words of the pages for the people who run the server. */

export const adminWords = {
  title: "Run this server",
};
