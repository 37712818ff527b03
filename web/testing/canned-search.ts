/** Canned pages of searches: before the first question, with something of each kind, of one kind, and with nothing. */
import { type SearchProps, searchPage } from "../pages/search.ts";
import type { Canned } from "./canned.ts";
import { circle, closed, standing } from "./groups.ts";
import { hostile, longName, nameless, noor, relationship } from "./people.ts";
import { article, feedItems, fortyItems, plain } from "./posts.ts";

const nothing: SearchProps = {
  query: "",
  kind: "all",
  people: [],
  groups: [],
  tags: [],
  objects: [],
  posts: [],
  olderHref: null,
};

const people = [noor, longName, nameless, hostile].map((actor) => ({ actor, relationship: relationship() }));
const groups = [circle, closed].map(({ actor, access, joining, members }) => ({
  actor,
  access,
  joining,
  members,
  waiting: 0,
  mine: standing(),
}));
const tags = [
  "maths",
  "Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz",
  "رياضيات",
  "a",
  "b",
  "c",
];

const show = (props: Partial<SearchProps>, as: Canned["as"] = "member"): Canned => ({
  as,
  path: "/search",
  page: (c) => searchPage(c, { ...nothing, ...props }),
});

export const searchPages: Readonly<Record<string, Canned>> = {
  search: show({
    query: "Grundwasserneubildungsrate",
    people: people.slice(0, 3),
    groups,
    tags,
    posts: [...feedItems.slice(1, 3), { key: 77, object: article, sharedBy: null }],
    olderHref: "/search?q=water&next=1.1",
  }),
  "search-begin": show({}),
  "search-visitor": show({}, "visitor"),
  "search-nothing": show({ query: "nobody from:me -<script>" }),
  "search-posts": show({ query: "water", kind: "posts", posts: fortyItems }),
  "search-people": show({ query: "water", kind: "people", people }),
  "search-groups-none": show({ query: "water", kind: "groups" }),
  "search-link": show({ query: "https://school.example/1", objects: [plain] }),
};
