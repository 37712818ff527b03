/** The pages of moving house, of relays and of the public lists, with canned props. */
import { ACCOUNT, ADMIN_RELAYS, CARRY, MOVING, PUBLIC_LISTS } from "../forms-moving.ts";
import { actorPage } from "../pages/actor.ts";
import { adminRelaysPage } from "../pages/admin/relays.ts";
import { publicPage } from "../pages/public.ts";
import { accountPage } from "../pages/settings/account.ts";
import { carryPage } from "../pages/settings/carry.ts";
import { movingPage } from "../pages/settings/moving.ts";
import type { Canned } from "./canned.ts";
import { ago, longName, noor, relationship } from "./people.ts";
import { feedItems } from "./posts.ts";

const counts = { following: 214, lists: 12, blocked: 1, muted: 0, domains: 3, bookmarks: 1_200 };
const other = (handle: string) => ({ iri: `https://${handle.split("@")[1]}/users/x`, name: `@${handle}` });

export const movingPages: Readonly<Record<string, Canned>> = {
  "settings-account": {
    as: "member",
    path: ACCOUNT.path,
    page: (c) => accountPage(c, { name: "ada", email: "ada@lovelace.example", alone: [], isUnlocked: true }),
  },
  "settings-account-error": {
    as: "member",
    path: ACCOUNT.path,
    page: (c) =>
      accountPage(c, {
        name: "ada",
        email: null,
        alone: [],
        isUnlocked: true,
        form: {
          values: { sure: "bob" },
          problem: {
            field: ACCOUNT.fields.sure,
            message: "Type ada, your name here, to close your account.",
          },
        },
      }),
  },
  "settings-account-groups": {
    as: "member",
    path: ACCOUNT.path,
    page: (c) =>
      accountPage(c, {
        name: "ada",
        email: null,
        alone: [{ name: "physics" }, { name: longName.handle }],
        isUnlocked: false,
      }),
  },
  "settings-moving": {
    as: "member",
    path: MOVING.path,
    page: (c) =>
      movingPage(c, {
        aliases: [other(noor.handle), other(longName.handle)],
        movedTo: null,
        isUnlocked: true,
        nextMs: null,
        counts,
        waiting: 12,
        archive: {
          isBeingMade: false,
          file: { sizeBytes: 48_000_000, madeMs: ago(300), endsMs: ago(-60 * 24 * 6) },
          nextMs: ago(-600),
        },
      }),
  },
  "settings-moving-error": {
    as: "member",
    path: MOVING.path,
    page: (c) =>
      movingPage(c, {
        aliases: [],
        movedTo: null,
        isUnlocked: true,
        nextMs: null,
        counts,
        waiting: 0,
        archive: { isBeingMade: true, file: null, nextMs: null },
        form: {
          values: { target: "@ada@madrasa.example" },
          problem: {
            field: MOVING.fields.target,
            message: "First name this account at your new one, in its settings for moving.",
          },
        },
      }),
  },
  "settings-moved": {
    as: "member",
    path: MOVING.path,
    page: (c) =>
      movingPage(c, {
        aliases: [],
        movedTo: other(longName.handle),
        isUnlocked: false,
        nextMs: ago(-60 * 24 * 20),
        counts,
        waiting: 0,
        archive: { isBeingMade: false, file: null, nextMs: null },
      }),
  },
  "settings-moving-draft": {
    as: "member",
    path: CARRY.path,
    page: (c) =>
      carryPage(c, {
        draft: {
          list: "following",
          values: [
            noor.handle,
            longName.handle,
            ...Array.from({ length: 40 }, (_, n) => `person${n}@madrasa.example`),
          ],
          unread: 1,
          present: 3,
        },
      }),
  },
  "settings-moving-draft-empty": {
    as: "member",
    path: CARRY.path,
    page: (c) => carryPage(c, { draft: { list: "blocked", values: [], unread: 0, present: 2 } }),
  },
  "actor-moved": {
    as: "member",
    path: noor.path,
    page: (c) =>
      actorPage(c, {
        actor: { ...noor, movedTo: "https://groups.example/users/noor" },
        relationship: relationship({ following: "yes" }),
        tab: "posts",
        feed: { items: feedItems.slice(0, 1), olderHref: null },
      }),
  },
  "admin-relays": {
    as: "admin",
    path: ADMIN_RELAYS.path,
    page: (c) =>
      adminRelaysPage(c, {
        publicLists: "members",
        relays: [
          {
            key: 1,
            address: "https://relay.fedi.example/inbox",
            kind: "mastodon",
            state: "accepted",
            perHour: 500,
            createdMs: ago(60 * 24 * 3),
            taken: 481,
            passedOver: 96,
          },
          {
            key: 2,
            address: `https://relay.${longName.handle.split("@")[1]}/actor`,
            kind: "litepub",
            state: "waiting",
            perHour: 20_000,
            createdMs: ago(5),
            taken: 0,
            passedOver: 0,
          },
        ],
      }),
  },
  "admin-relays-empty": {
    as: "admin",
    path: ADMIN_RELAYS.path,
    page: (c) =>
      adminRelaysPage(c, {
        publicLists: "everyone",
        relays: [],
        form: {
          values: { address: "relay" },
          problem: {
            field: ADMIN_RELAYS.fields.address,
            message: "Enter the address of a relay: https://relay.example/inbox",
          },
        },
      }),
  },
  "public-everywhere": {
    as: "member",
    path: PUBLIC_LISTS.everywhere,
    page: (c) =>
      publicPage(c, { which: "everywhere", feed: { items: feedItems, olderHref: "/public?before=1" } }),
  },
  "public-empty": {
    as: "visitor",
    path: PUBLIC_LISTS.here,
    page: (c) => publicPage(c, { which: "here", feed: { items: [], olderHref: null } }),
  },
};
