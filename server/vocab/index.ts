/** The vocabularies that this server speaks, besides those in the data folder's `extensions/`. */
import type { Extension } from "../core/behaviour.ts";
import { activitystreams } from "./activitystreams/index.ts";
import { bookwyrm } from "./bookwyrm/index.ts";
import { funkwhale } from "./funkwhale/index.ts";
import { groups } from "./groups/index.ts";
import { lemmy } from "./lemmy/index.ts";
import { litepub } from "./litepub/index.ts";
import { mastodon } from "./mastodon/index.ts";
import { peertube } from "./peertube/index.ts";
import { personal } from "./personal/index.ts";
import { podcast } from "./podcast/index.ts";
import { quote } from "./quote/index.ts";
import { security } from "./security/index.ts";

export const vocabularies: readonly Extension[] = [
  activitystreams,
  security,
  mastodon,
  litepub,
  quote,
  lemmy,
  groups,
  personal,
  peertube,
  funkwhale,
  podcast,
  bookwyrm,
];
