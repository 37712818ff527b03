/** English words for searching. */
import { isolated } from "./number.ts";

export const searchGroups = {
  search: {
    title: "Search",
    label: "What are you looking for?",
    help: "Words, a name, @alice@school.example, or the link of a post.",
    submit: "Search",
    kinds: "Kinds of results",
    all: "Everything",
    people: "People",
    groups: "Groups",
    posts: "Posts",
    tags: "Tags",
    morePeople: "More people",
    moreGroups: "More groups",
    moreTags: "More tags",
    noneTitle: "Nothing found",
    noneText: (query: string) =>
      `Nothing fits ${isolated(query)}. Try fewer words. For someone on another server, enter the whole address, with both @.`,
    noneHere: "Nothing of this kind",
    noneHereText: "Look under Everything, or try other words.",
    whatIsFound:
      "You find what people here wrote for everybody, and what was written to you or what you took part in. From other servers you find what its authors want to be found.",
    strangerFinds: "You find what its authors want to be found. After signing in you find more.",
    narrow: "How to narrow a search",
    narrowText: "Put these beside your words. A minus in front means: without.",
    ways: [
      ['"green cells"', "these words, one after the other"],
      ["-exam", "without this word"],
      ["photo*", "words that begin like this"],
      ["#maths", "with this tag"],
      ["from:alice", "written by this person; from:me by you"],
      ["to:alice", "naming this person"],
      ["in:biology", "said in this group"],
      ["in:library", "what you wrote, were sent, liked, shared, kept or answered"],
      ["has:image", "also has:video, has:audio, has:file, has:poll, has:link"],
      ["type:event", "of this kind; also type:article, type:video and what else there is"],
      ["is:reply", "also is:quote, is:sensitive, is:local"],
      ["language:de", "in this language"],
      ["during:2026-03", "in this year, month or on this day; also before: and after:"],
    ] as readonly (readonly [string, string])[],
  },
};
