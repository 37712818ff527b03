/** What becomes of every published document of a real server: how it is shown to people here, or why it is not. */
import { describe, expect, test } from "bun:test";
import type { JsonObject } from "../lib/json.ts";
import type { Db } from "../storage/db.ts";
import { onSqlite } from "../testing/engines.ts";
import { originsOf, published } from "../testing/origins.ts";
import { reader } from "../testing/reader.ts";
import { understand } from "../testing/understand.ts";
import { understood } from "../testing/understood.ts";
import { hasVectors, listVectors, readVectors } from "../testing/vectors.ts";

/**
 * By program and file; the words are those of `understood`. Collections are read when asked for and not stored;
 * descriptions of servers (NodeInfo) are none of ActivityPub; what a group passes on is unfolded before it comes here,
 * and its moderators have a say in what is in it (`groups.theirs.test.ts`): nothing is in a group here.
 */
const UNDERSTOOD: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "activity-relay": {
    "objects/relay.json": "Application: name, words",
  },
  "bridgy-fed": {
    "objects/actor.json": "Person: name, icon, cover",
  },
  concrnt: {
    "objects/ccworld-ap-bridge_note.json": "Post, public: text",
  },
  discourse: {
    "objects/group.json": "Group: name, icon",
    "objects/page.json": "Post, direct and hidden: title, text",
    "objects/person.json": "Person: name, icon",
  },
  fedibird: {
    "objects/fedibird_quote_uri.json": "Post, public: text",
  },
  friendica: {
    "activities/create_note.json": "done → Post, public: text, reply",
    "activities/create_page_1.json": "done → Post, public: text",
    "activities/create_page_2.json": "done → Article, quiet: title, text",
    "activities/delete.json": "done → deleted",
    "activities/dislike_page.json": "done, dislikes +1",
    "activities/like_page.json": "done, likes +1",
    "activities/undo_dislike_page.json": "done, dislikes -1",
    "activities/update_note.json": "done → Post, quiet: text, reply",
    "objects/note_1.json": "Post, public: text, reply",
    "objects/note_2.json": "Post, public: text, reply",
    "objects/page_1.json": "Page, quiet: title, text, link",
    "objects/page_2.json": "Article, quiet: title, text",
    "objects/person_1.json": "Person: name, words, icon, 6 fields, asks first",
    "objects/person_2.json": "Organization: name, words, icon, 2 fields",
  },
  gnusocial: {
    "activities/create_note.json": "done → Post, public: text, reply",
    "activities/create_page.json": "done → Page, public: title, text",
    "activities/like_note.json": "done, likes +1",
    "objects/group.json": "Group: name",
    "objects/note.json": "Post, public: text, reply",
    "objects/page.json": "Page, public: title, text",
    "objects/person.json": "Person: name",
  },
  granary: {
    "accept_follow.as2.json": "ignored: only the one who was asked may answer",
    "activity_with_actor.as2.json": "done → Post, public",
    "activity_with_person_tag.as2.json": "done → Post, public",
    "actor.as2.json": "Person: name, words, icon, cover, field",
    "actor_organization.as2.json": "Organization: name",
    "actor_urls_displayName.as2.json": "Person: 2 fields",
    "actor_with_featured.as2.json": "Person: name, icon, cover, field",
    "actor_with_icon.as2.json": "Person: name, icon, cover, field",
    "article_with_audio_video.as2.json": "Article, public: title, text, sound, film",
    "article_with_image_attachment_with_alt.as2.json": "Article, public: title, text, picture",
    "article_with_photo.as2.json": "Article, public: title, text, picture",
    "comment.as2.json": "Post, public: text, reply",
    "comment_inreplyto_id.as2.json": "Post, public: text",
    "comment_multiple_in_reply_to.as2.json": "Post, public: text, reply",
    "event.as2.json": "Event, public: title, abstract, text, when and where",
    "follow.as2.json": "done, requests +1",
    "invite.as2.json": "done",
    "like.as2.json": "done, likes +1",
    "like_of_object.as2.json": "done, likes +1",
    "like_with_string_object_actor.as2.json": "done, likes +1",
    "note.as2.json": "Post, public: warning, text, picture",
    "note_mastodon_with_video.as2.json": "Post, public: text, film",
    "note_public.as2.json": "Post, public: text",
    "note_unlisted.as2.json": "Post, public: text",
    "note_with_hashtag.as2.json": "Post, public",
    "note_with_image_document_attachment.as2.json": "Post, public: text, picture",
    "note_with_mention.as2.json": "Post, public",
    "note_with_string_id_image.as2.json": "Post, public: 2 pictures",
    "question.as2.json": "Poll, public: text, 3 choices",
    "question_multiple_choice.as2.json": "Poll, public: text, 4 choices",
    "quote.as2.json": "Post, public: text",
    "repost.as2.json": "done, shares +1 → Article, public: text",
    "rsvp.as2.json": "done",
    "rsvp_multiple_events.as2.json": "done",
    "undo_object_id.as2.json": "ignored: what it undoes is unknown here",
    "undo_repost.as2.json": "ignored: what it undoes is unknown here",
    "unfollow.as2.json": "ignored: what it undoes is unknown here",
    "unfollow_multiple_urls.as2.json": "ignored: what it undoes is unknown here",
    "update_person.as2.json": "ignored: only its owner may do that",
    "video.as2.json": "Video, public: film",
  },
  guppe: {
    "objects/guppe-actor.json": "Group: name, words, icon",
  },
  hubzilla: {
    "objects/hubzilla-actor.json": "Person: name, icon",
  },
  kroeg: {
    "activities/kroeg-post-activity.json": "done → Post, public: text",
  },
  lemmy: {
    "activities/block/block_user.json": "done",
    "activities/block/undo_block_user.json": "done",
    "activities/community/add_featured_post.json": "done",
    "activities/community/add_mod.json": "done",
    "activities/community/announce_create_page.json": "ignored: only a group passes on what others did",
    "activities/community/lock_note.json": "ignored: only moderators close conversations in a group",
    "activities/community/lock_page.json": "ignored: only moderators close conversations in a group",
    "activities/community/remove_featured_post.json": "done",
    "activities/community/remove_mod.json": "done",
    "activities/community/report_page.json": "done",
    "activities/community/resolve_report_page.json": "ignored: what it is about cannot be found",
    "activities/community/undo_lock_note.json": "ignored: what it undoes is unknown here",
    "activities/community/undo_lock_page.json": "ignored: what it undoes is unknown here",
    "activities/community/update_community.json": "ignored: only its owner may do that",
    "activities/community/warn.json": "done",
    "activities/create_or_update/create_comment.json": "done → Post, public: text, reply",
    "activities/create_or_update/create_page.json": "done → Page, public: title, text, picture",
    "activities/create_or_update/create_private_message.json": "done → Post, direct: text",
    "activities/create_or_update/create_private_message_0.19.json": "done → Message, direct: text",
    "activities/create_or_update/update_page.json": "done → Page, public: title, text, picture",
    "activities/deletion/delete_page.json": "done → deleted",
    "activities/deletion/delete_private_message.json": "done → gone",
    "activities/deletion/delete_user.json": "done",
    "activities/deletion/remove_note.json": "ignored: only its owner may do that",
    "activities/deletion/undo_delete_page.json": "done",
    "activities/deletion/undo_delete_private_message.json": "done",
    "activities/deletion/undo_remove_note.json": "ignored: what it undoes is unknown here",
    "activities/following/accept.json": "done, requests -1, followers +1",
    "activities/following/follow.json": "done, requests +1",
    "activities/following/undo_follow.json": "done, requests -1",
    "activities/voting/dislike_page.json": "done, dislikes +1",
    "activities/voting/like_note.json": "done, likes +1",
    "activities/voting/undo_dislike_page.json": "done, likes -1",
    "activities/voting/undo_like_note.json": "done, likes -1",
    "collections/group_featured_posts.json": "ignored: nothing that is stored",
    "collections/group_followers.json": "ignored: nothing that is stored",
    "collections/group_moderators.json": "ignored: nothing that is stored",
    "collections/group_outbox.json": "ignored: nothing that is stored",
    "collections/person_outbox.json": "ignored: nothing that is stored",
    "objects/comment.json": "Post, public: text, reply",
    "objects/group.json": "Group: name, words, icon, cover",
    "objects/instance.json": "Application: name",
    "objects/page.json": "Page, public: title, text, picture",
    "objects/page_image_and_link.json": "Page, public: title, text, picture, link",
    "objects/person.json": "Person: name, words, icon, cover",
    "objects/private_message.json": "Post, direct and hidden: text",
    "objects/tombstone.json": "ignored: nothing that is stored",
  },
  lotide: {
    "activities/create_note_reply.json": "done → Post, quiet: text, reply",
    "activities/create_page.json": "done → Page, quiet: title, link",
    "activities/create_page_image.json": "done → Post, quiet: title, picture",
    "activities/delete_note.json": "done → deleted",
    "activities/follow.json": "done, requests +1",
    "objects/group.json": "Group: name, words",
    "objects/note.json": "Post, quiet: text, reply",
    "objects/page.json": "Page, quiet: title, link",
    "objects/person.json": "Person: name",
    "objects/tombstone.json": "ignored: nothing that is stored",
  },
  mastodon: {
    "activities/create_note.json": "done → Post, quiet: text, reply",
    "activities/delete.json": "done → deleted",
    "activities/flag.json": "done",
    "activities/follow.json": "done, requests +1",
    "activities/like_page.json": "done, likes +1",
    "activities/private_message.json": "Post, direct and hidden: text, reply",
    "activities/undo_follow.json": "done, requests -1",
    "activities/undo_like_page.json": "done, likes -1",
    "collections/featured.json": "ignored: nothing that is stored",
    "objects/note_1.json": "Post, quiet: text, reply",
    "objects/note_2.json": "Post, public: text, picture, reply",
    "objects/page.json": "Post, public: text",
    "objects/person.json": "Person: name, icon",
    "activities/mastodon-accept-activity.json": "done, requests -1, followers +1",
    "activities/mastodon-announce-private.json": "done, shares +1 → Post, followers and hidden: text",
    "activities/mastodon-announce.json": "done, shares +1 → Post, public: text",
    "activities/mastodon-block-activity.json": "done",
    "activities/mastodon-create-with-attachment.json": "done → Post, public: text, picture",
    "activities/mastodon-delete-user.json": "done",
    "activities/mastodon-delete.json": "done → deleted",
    "activities/mastodon-follow-activity.json": "done, requests +1",
    "activities/mastodon-like.json": "done, likes +1",
    "nodeinfo/mastodon-nodeinfo20.json": "ignored: it has no address",
    "objects/mastodon-note-object.json": "Post, public: text, picture",
    "activities/mastodon-post-activity-contentmap.json": "done → Post, public: warning, text, sensitive",
    "activities/mastodon-post-activity-hashtag.json": "done → Post, public: warning, text, sensitive",
    "activities/mastodon-post-activity-nsfw.json": "done → Post, public: warning, text, tag",
    "activities/mastodon-post-activity.json": "done → Post, public: warning, text, sensitive",
    "activities/mastodon-question-activity.json": "done → Poll, public: text, 4 choices",
    "activities/mastodon-reject-activity.json": "done, requests -1",
    "activities/mastodon-unblock-activity.json": "done",
    "activities/mastodon-undo-announce.json": "done, shares -1",
    "activities/mastodon-undo-like-compact-object.json": "done",
    "activities/mastodon-undo-like.json": "done, likes -1",
    "activities/mastodon-unfollow-activity.json": "done, requests -1",
    "activities/mastodon-update.json": "done",
    "activities/mastodon-vote.json": "done → Post, direct: title, reply",
    "nodeinfo/mastodon-well-known-nodeinfo.json": "ignored: it has no address",
  },
  mbin: {
    "activities/accept.json": "done, requests -1, followers +1",
    "activities/flag.json": "done",
    "objects/instance.json": "Application: name, asks first",
  },
  minds: {
    "objects/minds-invalid-mention-post.json": "Post, public: text, reply",
  },
  misskey: {
    "objects/misskey_quote_post.json": "Post, public: text",
    "objects/misskey-user.json": "Person",
    "activities/custom-emoji-reaction.json": "done, reactions +1",
  },
  mitra: {
    "activities/accept.json": "done",
    "activities/create_post.json": "done → Post, public: text",
  },
  mobilizon: {
    "objects/event.json": "Event, public: title, text, when and where, picture, 3 tags",
    "objects/group.json": "Group: name, words, icon, cover",
    "objects/person.json": "Person: name",
  },
  nodebb: {
    "objects/group.json": "Group: name, words, icon",
    "objects/page.json": "Article, public: title, text",
    "objects/person.json": "Person: name, words",
  },
  osada: {
    "activities/osada-follow-activity.json": "done, requests +1",
  },
  owncast: {
    "objects/owncast-note-with-attachment.json": "Post, public: text, picture",
  },
  peertube: {
    "activities/announce_video.json":
      "done, shares +1 → Video, public: title, text, film, Length, Category, Licence",
    "objects/group.json": "Group: name, words, icon, cover",
    "objects/note.json": "Post, public: text, reply",
    "objects/person.json": "Person: name, words, icon",
    "objects/video.json": "Video, public: title, text, film, Length, Category, Licence",
  },
  pleroma: {
    "activities/create_note.json": "done → Post, public: text, reply",
    "activities/delete.json": "done → deleted",
    "activities/follow.json": "done, requests +1",
    "objects/chat_message.json": "Message, direct and hidden: text",
    "objects/note.json": "Post, quiet: text, reply",
    "objects/person.json": "Person: name, words, icon, cover, emoji in the name",
  },
  prismo: {
    "activities/prismo-url-map.json": "done → Article, public: title, text",
  },
  roadhouse: {
    "activities/roadhouse-create-activity.json": "done → Post, public: text, reply",
  },
  smithereen: {
    "activities/create_note.json": "done → Post, public: text, reply",
    "objects/note.json": "Post, public: text, reply",
    "objects/person.json": "Person: name, words, icon",
  },
  soapbox: {
    "objects/soapbox_no_mentions_in_content.json": "Post, quiet: text, 2 pictures, reply",
  },
  wildebeest: {
    "nodeinfo/wildebeest-nodeinfo21.json": "ignored: it has no address",
    "nodeinfo/wildebeest-well-known-nodeinfo.json": "ignored: it has no address",
  },
  wordpress: {
    "activities/announce.json": "ignored: only a group passes on what others did",
    "objects/group.json": "Group: name, words, icon, field",
    "objects/note.json": "Post, public: text, reply",
    "objects/page.json": "Article, public: title, abstract, text, preview, 4 pictures, 5 tags",
    "objects/person.json": "Person: name, words, icon, 2 fields",
  },
};

/** Documents of a converter have no addresses of their own. */
const CONVERTED = new Set(["granary"]);

interface Listed {
  readonly path: string;
  readonly software: string;
}

const isThere = hasVectors("documents/index.json");
const index = isThere ? readVectors<readonly Listed[]>("documents/index.json") : [];
const documents = new Map(
  index.map(({ path }) => [path, readVectors<JsonObject>(`documents/${path}`)] as const),
);

describe.skipIf(!isThere)("published documents", () => {
  test("are all named here", () => {
    const named = Object.entries(UNDERSTOOD).flatMap(([program, files]) =>
      Object.keys(files).map((file) => `${program}/${file}`),
    );
    expect(named.sort()).toEqual(index.map(({ path }) => path).sort());
  });

  describe.each(Object.entries(UNDERSTOOD))("of %s", (program, files) => {
    const own = index.filter(({ software }) => software === program);
    // Its own first: programs were recorded with hosts of the same name.
    const others = [...own, ...index].map(({ path }) => documents.get(path) ?? {});

    test.each(Object.entries(files))("%s: %s", async (file, expected) => {
      const path = `${program}/${file}`;
      const document = documents.get(path) ?? {};
      const { line } = CONVERTED.has(program)
        ? await understand(published(path, document))
        : await understand(document, others);
      expect(line).toBe(expected);
    });
  });
});

const examples = listVectors("activitystreams/documents").map((path) =>
  published(path, readVectors<JsonObject>(path)),
);

/** Reads them into one house, one after the other, and gives a line for each. */
async function readAll(db: Db, all: readonly JsonObject[]): Promise<readonly string[]> {
  const house = await reader(db, originsOf(all));
  const lines: string[] = [];
  for (const document of all) lines.push(await understood(house, document));
  return lines;
}

onSqlite((engine) => {
  test.skipIf(!hasVectors("activitystreams/documents"))(
    "the examples of ActivityStreams are shown, done or refused with a reason",
    async () => {
      const lines = await readAll(await engine.freshDb(), examples);
      const shown = lines.filter((line) => !/^(?:done|ignored)/.test(line));
      expect(shown.length).toBeGreaterThan(100);
      expect(lines.filter((line) => line.startsWith("done")).length).toBeGreaterThan(40);
      expect(lines.filter((line) => line === "" || /LOST|SOMEBODY ELSE|undefined/.test(line))).toEqual([]);
    },
  );

  test.skipIf(!isThere)("all recordings fit into one database, the last first", async () => {
    const lines = await readAll(await engine.freshDb(), [...documents.values()].reverse());
    expect(lines.length).toBeGreaterThan(200);
    expect(lines.filter((line) => line === "" || line.includes("LOST"))).toEqual([]);
  });
});
