/** Pixelfed: pictures with a place, and what one may do with them. */
import { AS, actor, forAll, type Sample, SECURITY } from "./sample.ts";

const HOST = "https://pixels.test";
const MIRA = `${HOST}/users/mira`;

const context = [
  SECURITY,
  AS,
  {
    Hashtag: "as:Hashtag",
    sensitive: "as:sensitive",
    schema: "http://schema.org/",
    pixelfed: "http://pixelfed.org/ns#",
    commentsEnabled: { "@id": "pixelfed:commentsEnabled", "@type": "schema:Boolean" },
    capabilities: { "@id": "pixelfed:capabilities", "@container": "@set" },
    announce: { "@id": "pixelfed:canAnnounce", "@type": "@id" },
    like: { "@id": "pixelfed:canLike", "@type": "@id" },
    reply: { "@id": "pixelfed:canReply", "@type": "@id" },
    toot: "http://joinmastodon.org/ns#",
    Emoji: "toot:Emoji",
    blurhash: "toot:blurhash",
  },
];

const photo = (name: string, alt: string | null) => ({
  type: "Image",
  mediaType: "image/jpeg",
  url: `${HOST}/storage/m/${name}.jpg`,
  name: alt,
  blurhash: "U9Gbem4n00xu_3WB00of00of00of",
  width: 1080,
  height: 1350,
});

export const pixelfed: readonly Sample[] = [
  {
    what: "two pictures, one without a description, taken somewhere",
    document: {
      "@context": context,
      id: `${HOST}/p/mira/501`,
      type: "Note",
      summary: null,
      content: `Frost on the <a href="${HOST}/discover/tags/ponds?src=hash" class="u-url hashtag">#ponds</a> this morning`,
      inReplyTo: null,
      published: "2026-01-10T07:13:25+00:00",
      url: `${HOST}/p/mira/501`,
      ...forAll(MIRA),
      sensitive: false,
      attachment: [photo("frost", "Ice with bubbles in it"), photo("reed", null)],
      tag: [{ type: "Hashtag", href: `${HOST}/discover/tags/ponds`, name: "#ponds" }],
      commentsEnabled: true,
      capabilities: { announce: AS, like: AS, reply: AS },
      location: { type: "Place", name: "Lübeck", latitude: "53.87", longitude: "10.69", country: "Germany" },
    },
    becomes: "Post, public: text, 2 pictures",
    says: ["Lübeck, Germany", "Ice with bubbles in it", "No description"],
  },
  {
    what: "a person who is known by a picture and a website",
    document: actor(MIRA, "Mira", {
      "@context": context,
      summary: "I walk and look.",
      url: `${HOST}/mira`,
      icon: { type: "Image", mediaType: "image/jpeg", url: `${HOST}/storage/avatars/mira.jpg` },
      manuallyApprovesFollowers: true,
      indexable: true,
      endpoints: { sharedInbox: `${HOST}/f/inbox` },
    }),
    becomes: "Person: name, words, icon, asks first",
  },
];
