/** Mastodon's API over the one core: mounts the files of `v1/` and `v2/`, and says no to every other address below `/api/`. */
import { type AnyElysia, Elysia } from "elysia";
import { Problem } from "../../lib/problem.ts";
import type { FaceDeps } from "./deps.ts";
import { MISSING_AVATAR, MISSING_HEADER } from "./entities/account.ts";
import { MISSING_STILL } from "./entities/attachment.ts";
import { createFace } from "./face.ts";
import { missingAvatar, missingHeader, missingStill } from "./missing.ts";
import { accountsRoutes } from "./v1/accounts.ts";
import { adminAccountsRoutes } from "./v1/admin-accounts.ts";
import { adminDomainsRoutes } from "./v1/admin-domains.ts";
import { adminReportsRoutes } from "./v1/admin-reports.ts";
import { announcementsRoutes } from "./v1/announcements.ts";
import { appsRoutes } from "./v1/apps.ts";
import { asyncRefreshesRoutes } from "./v1/async-refreshes.ts";
import { circleRoutes } from "./v1/circle.ts";
import { conversationsRoutes } from "./v1/conversations.ts";
import { customEmojisRoutes } from "./v1/custom-emojis.ts";
import { olderFiltersRoutes } from "./v1/filters.ts";
import { instanceRoutes } from "./v1/instance.ts";
import { interactionsRoutes } from "./v1/interactions.ts";
import { listsRoutes } from "./v1/lists.ts";
import { markersRoutes } from "./v1/markers.ts";
import { mediaRoutes } from "./v1/media.ts";
import { notificationsRoutes } from "./v1/notifications.ts";
import { notificationsPolicyRoutes } from "./v1/notifications-policy.ts";
import { pollsRoutes } from "./v1/polls.ts";
import { preferencesRoutes } from "./v1/preferences.ts";
import { profileRoutes } from "./v1/profile.ts";
import { pushRoutes } from "./v1/push.ts";
import { quotesRoutes } from "./v1/quotes.ts";
import { reactionsRoutes } from "./v1/reactions.ts";
import { relationsRoutes } from "./v1/relations.ts";
import { reportsRoutes } from "./v1/reports.ts";
import { scheduledRoutes } from "./v1/scheduled-statuses.ts";
import { signUpRoutes } from "./v1/sign-up.ts";
import { statusesRoutes } from "./v1/statuses.ts";
import { streamingRoutes } from "./v1/streaming.ts";
import { suggestionsRoutes } from "./v1/suggestions.ts";
import { tagsRoutes } from "./v1/tags.ts";
import { timelinesRoutes } from "./v1/timelines.ts";
import { translationsRoutes } from "./v1/translations.ts";
import { trendsRoutes } from "./v1/trends.ts";
import { filtersRoutes } from "./v2/filters.ts";
import { mediaV2Routes } from "./v2/media.ts";
import { groupedNotificationsRoutes } from "./v2/notifications.ts";
import { searchRoutes } from "./v2/search.ts";
import { suggestionsV2Routes } from "./v2/suggestions.ts";

/** What no API here has: clients fall back to older endpoints on a 404 that is JSON. */
const UNKNOWN = "/api/*";

export function routes(deps: FaceDeps): AnyElysia {
  const face = createFace(deps);
  const unknown = face.open("read", async () => {
    throw new Problem("not-found", "There is nothing at this address.");
  });
  return new Elysia({ name: "mastodon" })
    .use(appsRoutes(face))
    .use(asyncRefreshesRoutes(face))
    .use(accountsRoutes(face))
    .use(statusesRoutes(face))
    .use(instanceRoutes(face))
    .use(interactionsRoutes(face))
    .use(pollsRoutes(face))
    .use(quotesRoutes(face))
    .use(reactionsRoutes(face))
    .use(mediaRoutes(face))
    .use(mediaV2Routes(face))
    .use(timelinesRoutes(face))
    .use(pushRoutes(face))
    .use(streamingRoutes(face))
    .use(adminAccountsRoutes(face))
    .use(adminDomainsRoutes(face))
    .use(adminReportsRoutes(face))
    .use(announcementsRoutes(face))
    .use(customEmojisRoutes(face))
    .use(scheduledRoutes(face))
    .use(translationsRoutes(face))
    .use(trendsRoutes(face))
    .use(conversationsRoutes(face))
    .use(olderFiltersRoutes(face))
    .use(filtersRoutes(face))
    .use(markersRoutes(face))
    .use(notificationsPolicyRoutes(face))
    .use(notificationsRoutes(face))
    .use(groupedNotificationsRoutes(face))
    .use(preferencesRoutes(face))
    .use(reportsRoutes(face))
    .use(searchRoutes(face))
    .use(circleRoutes(face))
    .use(listsRoutes(face))
    .use(profileRoutes(face))
    .use(relationsRoutes(face))
    .use(signUpRoutes(face))
    .use(suggestionsRoutes(face))
    .use(tagsRoutes(face))
    .use(suggestionsV2Routes(face))
    .get(MISSING_AVATAR, missingAvatar)
    .get(MISSING_HEADER, missingHeader)
    .get(MISSING_STILL, missingStill)
    .get(UNKNOWN, ({ request }) => unknown({ request }))
    .post(UNKNOWN, ({ request }) => unknown({ request }), { parse: "none" })
    .put(UNKNOWN, ({ request }) => unknown({ request }), { parse: "none" })
    .patch(UNKNOWN, ({ request }) => unknown({ request }), { parse: "none" })
    .delete(UNKNOWN, ({ request }) => unknown({ request }), { parse: "none" }) as unknown as AnyElysia;
}
