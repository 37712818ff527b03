/** Groups of people as accounts of their own (FEP-1b12), public and private. */
import type { Extension } from "../../core/behaviour.ts";
import { addressedInGroups } from "./addressed.ts";
import { hub } from "./hub.ts";
import { joining } from "./join.ts";
import { peace } from "./peace.ts";

/** The words that only we have for what a group's rules are. */
const COMMONS = "urn:pub-of-the-commons:ns:";

export const groups: Extension = {
  name: "groups",
  context: {
    commons: COMMONS,
    joining: "commons:joining",
    posting: "commons:posting",
    access: "commons:access",
    rules: "commons:rules",
    lemmy: "https://join-lemmy.org/ns#",
    postingRestrictedToMods: "lemmy:postingRestrictedToMods",
    removeData: "lemmy:removeData",
  },
  types: {},
  behaviours: [...joining, ...peace, hub],
  addressed: addressedInGroups,
};
