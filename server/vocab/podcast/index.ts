/** Podcasts and their episodes, as Castopod publishes them. */
import type { Extension } from "../../core/behaviour.ts";

const PODCAST = "https://github.com/Podcastindex-org/activitypub-spec-work/blob/main/docs/1.0.md#";

export const podcast: Extension = {
  name: "podcast",
  types: {
    Podcast: { iri: `${PODCAST}Podcast`, kind: "actor" },
    PodcastEpisode: {
      iri: `${PODCAST}PodcastEpisode`,
      kind: "object",
      extends: "Audio",
      display: { title: "name", body: "description", facts: ["audio.duration", "episodeNumber", "location"] },
    },
  },
  words: {
    en: {
      Podcast: "Podcast",
      PodcastEpisode: "Episode",
      episodeNumber: "Episode",
      "audio.duration": "Length",
    },
    de: {
      Podcast: "Podcast",
      PodcastEpisode: "Folge",
      episodeNumber: "Folge",
      "audio.duration": "Dauer",
    },
  },
};
