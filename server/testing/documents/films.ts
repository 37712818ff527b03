/** PeerTube, Loops and Owncast: films that have ended, that are short, and that are under way. */
import { AS, actor, forAll, PUBLIC, type Sample, SECURITY } from "./sample.ts";

const HOST = "https://tubes.test";
const ACCOUNT = `${HOST}/accounts/nia`;
const CHANNEL = `${HOST}/video-channels/nia_lab`;
const WATCH = `${HOST}/videos/watch/7c1f`;
const CAST = "https://cast.test/federation/user/live";

export const films: readonly Sample[] = [
  {
    what: "a film under way, which only its own page can play (PeerTube)",
    document: {
      "@context": [
        AS,
        SECURITY,
        {
          pt: "https://joinpeertube.org/ns#",
          sc: "http://schema.org/",
          category: "sc:category",
          licence: "sc:license",
          isLiveBroadcast: "sc:isLiveBroadcast",
          Infohash: "pt:Infohash",
        },
      ],
      id: WATCH,
      type: "Video",
      name: "Open laboratory, live",
      duration: "PT0S",
      isLiveBroadcast: true,
      permanentLive: true,
      to: [PUBLIC],
      cc: [`${ACCOUNT}/followers`],
      attributedTo: [
        { type: "Person", id: ACCOUNT },
        { type: "Group", id: CHANNEL },
      ],
      category: { identifier: "13", name: "Education" },
      licence: { identifier: "1", name: "Attribution" },
      language: { identifier: "de", name: "Deutsch" },
      published: "2026-05-01T10:00:00.000Z",
      mediaType: "text/markdown",
      content: "Ask anything.\r\n\r\n**Bring salt.**\r\nhttps://lab.test/salt",
      tag: [{ type: "Hashtag", name: "chemistry" }],
      icon: [
        { type: "Image", url: `${HOST}/lazy-static/thumbnails/7c.jpg`, mediaType: "image/jpeg", width: 280 },
        { type: "Image", url: `${HOST}/lazy-static/previews/7c.jpg`, mediaType: "image/jpeg", width: 850 },
      ],
      url: [
        { type: "Link", mediaType: "text/html", href: WATCH },
        {
          type: "Link",
          mediaType: "application/x-mpegURL",
          href: `${HOST}/static/streaming-playlists/hls/7c1f/master.m3u8`,
          tag: [{ type: "Infohash", name: "bade02" }],
        },
      ],
      likes: `${WATCH}/likes`,
      comments: `${WATCH}/comments`,
    },
    becomes: "Video, public: title, text, link, Category, Licence, tag",
    says: ["Open laboratory, live", "Bring salt.", "#chemistry", "previews/7c.jpg", "Education"],
  },
  {
    what: "a channel that belongs to an account",
    document: actor(CHANNEL, "Nia's lab", {
      type: "Group",
      attributedTo: [{ type: "Person", id: ACCOUNT }],
      summary: "Experiments.\n\nTwo a week, with https://lab.test/notes",
      support: "Buy me a bulb.",
      icon: [{ type: "Image", url: `${HOST}/lazy-static/avatars/1.png`, width: 48 }],
      image: { type: "Image", url: `${HOST}/lazy-static/banners/1.jpg` },
    }),
    becomes: "Group: name, words, icon, cover",
  },
  {
    what: "a short film that hangs on the post (Loops)",
    document: {
      "@context": [AS, { Hashtag: "as:Hashtag", sensitive: "as:sensitive" }],
      id: "https://loops.test/ap/users/3/video/8",
      type: "Video",
      ...forAll("https://loops.test/ap/users/3"),
      content: "Candle and glass",
      url: "https://loops.test/v/8",
      published: "2026-05-02T10:00:00Z",
      sensitive: false,
      attachment: [
        {
          type: "Video",
          mediaType: "video/mp4",
          url: "https://media.loops.test/8.mp4",
          name: "A candle goes out",
        },
      ],
    },
    becomes: "Video, public: text, film",
    says: ["A candle goes out"],
  },
  {
    what: "a stream that tells when it begins (Owncast)",
    document: actor(CAST, "Live", {
      type: "Service",
      name: "Lab stream",
      summary: "<p>Mondays.</p>",
      icon: { type: "Image", url: "https://cast.test/logo/external" },
      attachment: [
        { type: "PropertyValue", name: "Stream", value: '<a href="https://cast.test">cast.test</a>' },
      ],
      tag: [{ type: "Hashtag", name: "#owncast", href: "https://directory.owncast.online/tags/owncast" }],
    }),
    becomes: "Service: name, words, icon, field",
  },
];
