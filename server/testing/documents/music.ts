/** Funkwhale, Castopod and Pleroma's players: recordings, episodes, and what people listen to. */
import { AS, actor, forAll, PUBLIC, type Sample, SECURITY } from "./sample.ts";

const HOST = "https://whales.test";
const BO = `${HOST}/federation/actors/bo`;
const SHOW = "https://casts.test/@lab";

const artist = { type: "Artist", id: `${HOST}/federation/music/artists/a1`, name: "The Pond Choir" };
const album = {
  type: "Album",
  id: `${HOST}/federation/music/albums/b1`,
  name: "Early Ice",
  released: "2024-01-01",
  published: "2026-01-02T19:49:17.412546+00:00",
  musicbrainzId: null,
  image: { type: "Image", href: `${HOST}/media/attachments/ice.jpg`, mediaType: "image/jpeg" },
};

export const music: readonly Sample[] = [
  {
    what: "a recording on an album (Funkwhale)",
    document: {
      "@context": [AS, SECURITY, "https://funkwhale.audio/ns"],
      type: "Audio",
      id: `${HOST}/federation/music/uploads/u1`,
      name: "Frogs - Early Ice - The Pond Choir",
      published: "2026-01-02T19:49:35.646359+00:00",
      updated: "2026-01-02T19:49:35.646372+00:00",
      bitrate: 320000,
      size: 8656581,
      duration: 213,
      library: `${HOST}/federation/music/libraries/l1`,
      to: PUBLIC,
      attributedTo: BO,
      url: [
        { type: "Link", href: `${HOST}/api/v1/listen/t1/?upload=u1`, mediaType: "audio/mpeg" },
        { type: "Link", href: `${HOST}/library/tracks/1`, mediaType: "text/html" },
      ],
      track: {
        type: "Track",
        id: `${HOST}/federation/music/tracks/t1`,
        name: "Frogs",
        position: 3,
        artist_credit: [{ type: "ArtistCredit", artist, credit: "The Pond Choir", joinphrase: "" }],
        album,
      },
    },
    becomes: "Sound, public: title, sound, Length, By, Album",
    says: ["3 min, 33 sec", "The Pond Choir", "Early Ice"],
  },
  {
    what: "an album as older versions tell it",
    document: {
      ...album,
      "@context": [AS, SECURITY, {}],
      artists: [artist],
      to: PUBLIC,
      attributedTo: BO,
      content: "Recorded through a hole in the ice.",
    },
    becomes: "Album, public: title, text, picture, By, Released",
    says: ["The Pond Choir"],
  },
  {
    what: "an episode (Castopod)",
    document: {
      "@context": [AS, "https://github.com/Podcastindex-org/activitypub-spec-work/blob/main/docs/1.0.md"],
      id: `${SHOW}/episodes/why-salt`,
      type: "PodcastEpisode",
      name: "Why salt?",
      ...forAll(SHOW),
      published: "2026-02-15T18:00:00+00:00",
      url: `${SHOW}/episodes/why-salt`,
      description: {
        type: "Note",
        mediaType: "text/markdown",
        content: "We melt **ice** with it.",
        contentMap: { en: "<p>We melt <strong>ice</strong> with it.</p>" },
      },
      image: { type: "Image", mediaType: "image/jpeg", url: "https://casts.test/media/salt.jpg" },
      audio: {
        id: "https://casts.test/audio/@lab/why-salt.mp3",
        type: "Audio",
        name: "Why salt?",
        size: 1962804,
        duration: 1542,
        url: { href: "https://casts.test/audio/@lab/why-salt.mp3", type: "Link", mediaType: "audio/mpeg" },
        transcript: `${SHOW}/episodes/why-salt/transcript`,
      },
      comments: `${SHOW}/episodes/why-salt/comments`,
    },
    becomes: "Episode, public: title, text, sound, picture, Length",
    says: ["Why salt?", "We melt <strong>ice</strong> with it.", "25 min, 42 sec"],
  },
  {
    what: "a podcast that is an actor of its own kind",
    document: actor(SHOW, "Lab", {
      type: "Podcast",
      summary: "<p>Short experiments.</p>",
      category: "Education",
    }),
    becomes: "Podcast: name, words",
  },
  {
    what: "somebody listens to something (Pleroma)",
    document: {
      "@context": [AS, "https://pond.test/schemas/litepub-0.1.jsonld"],
      id: "https://pond.test/activities/listen-1",
      type: "Listen",
      actor: "https://pond.test/users/kim",
      to: [PUBLIC],
      object: {
        id: "https://pond.test/objects/audio-1",
        type: "Audio",
        title: "Frogs",
        artist: "The Pond Choir",
        album: "Early Ice",
        length: 213000,
        actor: "https://pond.test/users/kim",
        to: [PUBLIC],
      },
    },
    becomes: "done",
  },
];
