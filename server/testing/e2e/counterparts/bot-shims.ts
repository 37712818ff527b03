/** What activitypub.bot needs and cannot get here: a native module that nobody compiles, and a library not published yet. */
import { createRequire } from "node:module";
import dataIntegrity from "../../../jsonld/contexts/data-integrity-v2.json" with { type: "json" };
import { sqlite3 } from "./sqlite3.ts";

const DATA_INTEGRITY = "https://w3id.org/security/data-integrity/v2";

/** To be called before the library is loaded. Throws where it is not installed. */
export function prepareBots(): void {
  Bun.plugin({
    name: "sqlite3 over bun:sqlite",
    setup(build) {
      build.module("sqlite3", () => ({ exports: { ...sqlite3, default: sqlite3 }, loader: "object" }));
    },
  });
  patchActivityStreams(createRequire(import.meta.resolve("@evanp/activitypub-bot")));
}

/**
 * Gives activitystrea.ms 3.1 the three things of its version 4 that are used: contexts can be registered, documents go
 * out in the context in which they were written, and an activity knows that it is one.
 */
function patchActivityStreams(require: NodeJS.Require): void {
  const Loader = require("activitystrea.ms/src/contextloader.js");
  const { register } = Loader.prototype;
  const loaders = new Set([Loader.defaultInstance]);
  Loader.prototype.register = function (url: string, context: object) {
    loaders.add(this);
    return register.call(this, url, context);
  };
  const as2 = require("activitystrea.ms");
  const reasoner = require("activitystrea.ms/src/reasoner.js");
  const Environment = require("activitystrea.ms/src/environment.js");
  const { Activity } = createRequire(require.resolve("activitystrea.ms"))("vocabs-as");

  as2.registerContext = (url: string, context: object) => {
    for (const loader of loaders) register.call(loader, url, context);
  };
  // The one context of ours that it would fetch, anew for each activity; tests have no network to fetch it from.
  as2.registerContext(DATA_INTEGRITY, dataIntegrity);
  Object.defineProperty(Environment.prototype, "origContext", {
    get(this: { originalContext: unknown }) {
      return this.originalContext;
    },
  });
  Object.defineProperty(as2.models.Base.prototype, "isActivity", {
    value(this: { type: string | readonly string[] }) {
      return [this.type].flat().some((type) => reasoner.node(type).is(Activity));
    },
  });
}
