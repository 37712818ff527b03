/** `/api/v1/preferences`: what is usual for the viewer. */
import { type AnyElysia, Elysia } from "elysia";
import { preferencesOf } from "../../../accounts/preferences.ts";
import { QUOTE_POLICIES, VISIBILITIES } from "../credentials.ts";
import type { Face } from "../face.ts";

export const preferencesRoutes = (face: Face): AnyElysia =>
  new Elysia({ name: "mastodon preferences" }).get(
    "/api/v1/preferences",
    face.endpoint("read:accounts", async (call) => {
      const { visibility, isSensitive, language, quotableBy } = await preferencesOf(
        face.db,
        call.me.accountKey,
      );
      return {
        "posting:default:visibility": VISIBILITIES[visibility],
        "posting:default:sensitive": isSensitive,
        "posting:default:language": language ?? call.me.locale,
        "posting:default:quote_policy": QUOTE_POLICIES[quotableBy],
        "reading:expand:media": "default",
        "reading:expand:spoilers": false,
        "reading:autoplay:gifs": false,
      };
    }),
  ) as unknown as AnyElysia;
