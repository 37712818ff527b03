/** PieFed and Mbin: forums with links, pictures, films, votes and short posts. */
import type { JsonObject } from "../../lib/json.ts";
import { AS, actor, PUBLIC, type Sample, SECURITY } from "./sample.ts";

const HOST = "https://pies.test";
const OLA = `${HOST}/u/ola`;
const GROUP = `${HOST}/c/teaching`;

/** A post in the group as PieFed dresses it, each with the list of its replies inside. */
const post = (id: number, type: string, more: JsonObject): JsonObject => ({
  "@context": [AS, SECURITY],
  id: `${HOST}/post/${id}`,
  type,
  attributedTo: OLA,
  to: [GROUP, PUBLIC],
  cc: [],
  audience: GROUP,
  attachment: [],
  commentsEnabled: true,
  content: "<p>What do you make of it?</p>\n",
  mediaType: "text/html",
  source: { content: "What do you make of it?", mediaType: "text/markdown" },
  language: { identifier: "en", name: "English" },
  published: "2026-02-03T22:18:50.230305+00:00",
  replies: [],
  sensitive: false,
  stickied: false,
  tag: [{ href: `${HOST}/tag/reading`, name: "#reading", type: "Hashtag" }],
  ...more,
});

const choice = (name: string, totalItems: number) => ({
  name,
  replies: { totalItems, type: "Collection" },
  type: "Note",
});

const FILM = "https://films.test/experiment.mp4";

export const piefed: readonly Sample[] = [
  {
    what: "a link",
    document: post(1, "Page", {
      name: "A study of reading aloud",
      attachment: [{ href: "https://journal.test/study", type: "Link" }],
    }),
    becomes: "Page, public: title, text, link, tag",
    says: ["A study of reading aloud", "journal.test/study", "#reading"],
  },
  {
    what: "a picture, named twice",
    document: post(2, "Page", {
      name: "Our wall of words",
      attachment: [
        { type: "Image", url: `${HOST}/static/media/wall.png`, name: "A wall covered with notes" },
      ],
      image: { type: "Image", url: `${HOST}/static/media/wall.png` },
      tag: [],
    }),
    becomes: "Page, public: title, text, picture",
  },
  {
    what: "a film that claims to be its own picture",
    document: post(3, "Page", {
      name: "The experiment on film",
      content: "",
      attachment: [{ href: FILM, type: "Link" }],
      image: { type: "Image", url: FILM },
      tag: [],
    }),
    becomes: "Page, public: title, film",
  },
  {
    what: "a vote with a title",
    document: post(4, "Question", {
      name: "Homework?",
      endTime: "2026-12-27T00:47:11.362544+00:00",
      oneOf: [choice("Yes", 2), choice("No", 5), choice("Depends", 0)],
      votersCount: 7,
    }),
    becomes: "Poll, public: title, text, 3 choices, tag",
    says: ["Homework?", "Depends"],
  },
  {
    what: "a short post of Mbin in a magazine, with its tag in the text only",
    document: {
      "@context": ["https://kitchen.test/contexts"],
      id: "https://kitchen.test/m/garden/p/77/-/tomatoes",
      type: "Note",
      attributedTo: "https://kitchen.test/u/ivo",
      inReplyTo: null,
      to: ["https://kitchen.test/m/garden", PUBLIC],
      cc: ["https://kitchen.test/u/ivo/followers"],
      audience: "https://kitchen.test/m/garden",
      sensitive: false,
      content:
        '<p>First tomatoes. <a href="https://kitchen.test/tag/garden" class="hashtag tag">#garden</a></p>\n',
      mediaType: "text/html",
      url: "https://kitchen.test/m/garden/p/77/-/tomatoes",
      tag: [{ type: "Hashtag", href: "https://kitchen.test/tag/garden", name: "#garden" }],
      commentsEnabled: true,
      published: "2026-07-02T06:00:00+00:00",
      contentMap: { en: "<p>First tomatoes. #garden</p>" },
    },
    becomes: "Post, public: text",
    says: ["First tomatoes."],
  },
  {
    what: "a group, whose moderators stand in a list",
    document: actor(GROUP, "Teaching", {
      type: "Group",
      summary: "<p>Talk about lessons.</p>",
      attributedTo: `${GROUP}/moderators`,
      moderators: `${GROUP}/moderators`,
      featured: `${GROUP}/featured`,
      postingRestrictedToMods: false,
      newModsWanted: true,
      icon: { type: "Image", url: `${HOST}/static/media/teaching.webp` },
    }),
    becomes: "Group: name, words, icon",
  },
  {
    what: "a choice in a vote, said by an activity of its own",
    document: {
      "@context": [AS, SECURITY],
      id: `${HOST}/activities/choose/1`,
      type: "ChooseAnswer",
      actor: OLA,
      object: `${HOST}/post/1/answer`,
      to: [PUBLIC],
      audience: GROUP,
    },
    becomes: "done",
  },
];
