/** Every address that programs may use, by the scope that is enough for it: a test holds this to what is mounted. */

export interface Route {
  readonly method: string;
  readonly path: string;
}

/** Lines of `GET /address`. */
export const routesIn = (text: string): readonly Route[] =>
  text
    .trim()
    .split("\n")
    .map((line) => {
      const [method = "", path = ""] = line.trim().split(/ +/);
      return { method, path };
    });

/** What one scope is enough for. Whoever mounts something adds it here. */
export const NEEDED: Readonly<Record<string, string>> = {
  read: `
    GET  /api/v1/announcements
    GET  /api/v1_alpha/async_refreshes/:id`,
  profile: `
    GET  /oauth/userinfo
    POST /oauth/userinfo
    GET  /api/v1/accounts/verify_credentials
    GET  /api/v1/profile`,
  "read:accounts": `
    GET  /api/v1/accounts/aliases
    GET  /api/v1/endorsements
    GET  /api/v1/featured_tags
    GET  /api/v1/featured_tags/suggestions
    GET  /api/v1/preferences
    GET  /api/v1/suggestions
    GET  /api/v1/accounts/search
    GET  /api/v2/suggestions`,
  "read:blocks": `
    GET  /api/v1/blocks
    GET  /api/v1/domain_blocks`,
  "read:bookmarks": "GET /api/v1/bookmarks",
  "read:favourites": "GET /api/v1/favourites",
  "read:filters": `
    GET  /api/v1/filters
    GET  /api/v1/filters/:id
    GET  /api/v2/filters
    GET  /api/v2/filters/:id
    GET  /api/v2/filters/:id/keywords
    GET  /api/v2/filters/:id/statuses
    GET  /api/v2/filters/keywords/:id
    GET  /api/v2/filters/statuses/:id`,
  "read:follows": `
    GET  /api/v1/accounts/familiar_followers
    GET  /api/v1/accounts/relationships
    GET  /api/v1/follow_requests
    GET  /api/v1/followed_tags`,
  "read:inbox": "GET /users/:name/inbox",
  "read:lists": `
    GET  /api/v1/accounts/:id/lists
    GET  /api/v1/lists
    GET  /api/v1/lists/:id
    GET  /api/v1/lists/:id/accounts
    GET  /api/v1/timelines/list/:id`,
  "read:mutes": "GET /api/v1/mutes",
  "read:notifications": `
    GET  /api/v1/notifications
    GET  /api/v1/notifications/:id
    GET  /api/v1/notifications/policy
    GET  /api/v1/notifications/requests
    GET  /api/v1/notifications/requests/:id
    GET  /api/v1/notifications/requests/merged
    GET  /api/v1/notifications/unread_count
    GET  /api/v1/streaming/user/notification
    GET  /api/v2/notifications
    GET  /api/v2/notifications/:group_key
    GET  /api/v2/notifications/:group_key/accounts
    GET  /api/v2/notifications/policy
    GET  /api/v2/notifications/unread_count`,
  "read:proxy": "POST /api/c2s/proxy",
  "read:statuses": `
    GET  /api/v1/conversations
    GET  /api/v1/scheduled_statuses
    GET  /api/v1/scheduled_statuses/:id
    POST /api/v1/statuses/:id/translate
    GET  /api/v1/markers
    GET  /api/v1/statuses/:id/quotes
    GET  /api/v1/statuses/:id/source
    GET  /api/v1/streaming/direct
    GET  /api/v1/streaming/hashtag
    GET  /api/v1/streaming/hashtag/local
    GET  /api/v1/streaming/list
    GET  /api/v1/streaming/public
    GET  /api/v1/streaming/public/local
    GET  /api/v1/streaming/public/remote
    GET  /api/v1/streaming/user
    GET  /api/v1/timelines/home`,
  "admin:read:accounts": `
    GET  /api/v1/admin/accounts
    GET  /api/v1/admin/accounts/:id
    GET  /api/v2/admin/accounts`,
  "admin:read:domain_allows": `
    GET  /api/v1/admin/domain_allows
    GET  /api/v1/admin/domain_allows/:id`,
  "admin:read:domain_blocks": `
    GET  /api/v1/admin/domain_blocks
    GET  /api/v1/admin/domain_blocks/:id`,
  "admin:read:reports": `
    GET  /api/v1/admin/reports
    GET  /api/v1/admin/reports/:id`,
  "admin:write:accounts": `
    DELETE /api/v1/admin/accounts/:id
    POST /api/v1/admin/accounts/:id/action
    POST /api/v1/admin/accounts/:id/approve
    POST /api/v1/admin/accounts/:id/enable
    POST /api/v1/admin/accounts/:id/reject
    POST /api/v1/admin/accounts/:id/unsensitive
    POST /api/v1/admin/accounts/:id/unsilence
    POST /api/v1/admin/accounts/:id/unsuspend`,
  "admin:write:domain_allows": `
    POST /api/v1/admin/domain_allows
    DELETE /api/v1/admin/domain_allows/:id`,
  "admin:write:domain_blocks": `
    POST /api/v1/admin/domain_blocks
    PUT  /api/v1/admin/domain_blocks/:id
    PATCH /api/v1/admin/domain_blocks/:id
    DELETE /api/v1/admin/domain_blocks/:id`,
  "admin:write:reports": `
    PUT  /api/v1/admin/reports/:id
    PATCH /api/v1/admin/reports/:id
    POST /api/v1/admin/reports/:id/assign_to_self
    POST /api/v1/admin/reports/:id/reopen
    POST /api/v1/admin/reports/:id/resolve
    POST /api/v1/admin/reports/:id/unassign`,
  push: `
    POST /api/v1/push/subscription
    GET  /api/v1/push/subscription
    PUT  /api/v1/push/subscription
    DELETE /api/v1/push/subscription`,
  "write:accounts": `
    PATCH /api/v1/accounts/update_credentials
    POST /api/v1/accounts/:id/endorse
    POST /api/v1/accounts/:id/note
    POST /api/v1/accounts/:id/pin
    POST /api/v1/accounts/:id/unendorse
    POST /api/v1/announcements/:id/dismiss
    POST /api/v1/accounts/:id/unpin
    PUT  /api/v1/accounts/aliases
    POST /api/v1/accounts/aliases
    DELETE /api/v1/accounts/aliases
    POST /api/v1/accounts/move
    POST /api/v1/featured_tags
    DELETE /api/v1/featured_tags/:id
    PATCH /api/v1/profile
    PUT  /api/v1/profile
    DELETE /api/v1/profile/avatar
    DELETE /api/v1/profile/header
    DELETE /api/v1/suggestions/:id
    POST /api/v1/statuses/:id/pin
    POST /api/v1/statuses/:id/unpin
    POST /api/v1/tags/:id/feature
    POST /api/v1/tags/:id/unfeature`,
  "write:blocks": `
    POST /api/v1/accounts/:id/block
    POST /api/v1/accounts/:id/unblock
    POST /api/v1/domain_blocks
    DELETE /api/v1/domain_blocks`,
  "write:bookmarks": `
    POST /api/v1/statuses/:id/bookmark
    POST /api/v1/statuses/:id/unbookmark`,
  "write:conversations": `
    DELETE /api/v1/conversations/:id
    POST /api/v1/conversations/:id/read
    POST /api/v1/conversations/:id/unread`,
  "write:favourites": `
    PUT  /api/v1/announcements/:id/reactions/:name
    DELETE /api/v1/announcements/:id/reactions/:name
    PUT  /api/v1/pleroma/statuses/:id/reactions/:emoji
    DELETE /api/v1/pleroma/statuses/:id/reactions/:emoji
    POST /api/v1/statuses/:id/favourite
    POST /api/v1/statuses/:id/unfavourite`,
  "write:filters": `
    POST /api/v1/filters
    PUT  /api/v1/filters/:id
    PATCH /api/v1/filters/:id
    DELETE /api/v1/filters/:id
    POST /api/v2/filters
    PUT  /api/v2/filters/:id
    PATCH /api/v2/filters/:id
    DELETE /api/v2/filters/:id
    POST /api/v2/filters/:id/keywords
    POST /api/v2/filters/:id/statuses
    PUT  /api/v2/filters/keywords/:id
    PATCH /api/v2/filters/keywords/:id
    DELETE /api/v2/filters/keywords/:id
    DELETE /api/v2/filters/statuses/:id`,
  "write:follows": `
    POST /api/v1/accounts/:id/follow
    POST /api/v1/accounts/:id/remove_from_followers
    POST /api/v1/accounts/:id/unfollow
    POST /api/v1/follow_requests/:id/authorize
    POST /api/v1/follow_requests/:id/reject
    POST /api/v1/tags/:id/follow
    POST /api/v1/tags/:id/unfollow`,
  "write:lists": `
    POST /api/v1/lists
    PUT  /api/v1/lists/:id
    PATCH /api/v1/lists/:id
    DELETE /api/v1/lists/:id
    POST /api/v1/lists/:id/accounts
    DELETE /api/v1/lists/:id/accounts`,
  "write:media": `
    POST /api/c2s/upload
    POST /api/v1/media
    GET  /api/v1/media/:id
    PUT  /api/v1/media/:id
    PATCH /api/v1/media/:id
    DELETE /api/v1/media/:id
    POST /api/v2/media`,
  "write:mutes": `
    POST /api/v1/accounts/:id/mute
    POST /api/v1/accounts/:id/unmute
    POST /api/v1/statuses/:id/mute
    POST /api/v1/statuses/:id/unmute`,
  "write:notifications": `
    POST /api/v1/notifications/:id/dismiss
    POST /api/v1/notifications/clear
    POST /api/v1/notifications/dismiss
    PUT  /api/v1/notifications/policy
    PATCH /api/v1/notifications/policy
    POST /api/v1/notifications/requests/:id/accept
    POST /api/v1/notifications/requests/:id/dismiss
    POST /api/v1/notifications/requests/accept
    POST /api/v1/notifications/requests/dismiss
    POST /api/v2/notifications/:group_key/dismiss
    PUT  /api/v2/notifications/policy
    PATCH /api/v2/notifications/policy`,
  "write:outbox": "POST /users/:name/outbox",
  "write:reports": "POST /api/v1/reports",
  "write:statuses": `
    POST /api/v1/markers
    POST /api/v1/polls/:id/votes
    PUT  /api/v1/scheduled_statuses/:id
    PATCH /api/v1/scheduled_statuses/:id
    DELETE /api/v1/scheduled_statuses/:id
    POST /api/v1/statuses
    PUT  /api/v1/statuses/:id
    PATCH /api/v1/statuses/:id
    DELETE /api/v1/statuses/:id
    PUT  /api/v1/statuses/:id/interaction_policy
    POST /api/v1/statuses/:id/quotes/:quote/revoke
    POST /api/v1/statuses/:id/reblog
    POST /api/v1/statuses/:id/unreblog`,
};

/** For everybody: what is shown depends on who asks, where a token says so. */
export const OPEN = `
  GET  /livez
  GET  /readyz
  GET  /.well-known/host-meta
  GET  /.well-known/nodeinfo
  GET  /.well-known/oauth-authorization-server
  GET  /.well-known/oauth-protected-resource
  GET  /.well-known/webfinger
  GET  /nodeinfo/2.0
  GET  /nodeinfo/2.1
  POST /api/v1/apps
  GET  /api/v1/accounts
  GET  /api/v1/accounts/:id
  GET  /api/v1/accounts/:id/endorsements
  GET  /api/v1/accounts/:id/featured_tags
  GET  /api/v1/accounts/:id/followers
  GET  /api/v1/accounts/:id/following
  GET  /api/v1/accounts/:id/identity_proofs
  GET  /api/v1/accounts/:id/statuses
  GET  /api/v1/accounts/lookup
  GET  /api/v1/custom_emojis
  GET  /api/v1/directory
  GET  /api/v1/instance
  GET  /api/v1/instance/activity
  GET  /api/v1/instance/domain_blocks
  GET  /api/v1/instance/extended_description
  GET  /api/v1/instance/languages
  GET  /api/v1/instance/peers
  GET  /api/v1/instance/privacy_policy
  GET  /api/v1/instance/rules
  GET  /api/v1/instance/terms_of_service
  GET  /api/v1/instance/translation_languages
  GET  /api/v2/instance
  GET  /api/v1/pleroma/statuses/:id/reactions
  GET  /api/v1/polls/:id
  GET  /api/v1/statuses
  GET  /api/v1/statuses/:id
  GET  /api/v1/statuses/:id/card
  GET  /api/v1/statuses/:id/context
  GET  /api/v1/statuses/:id/favourited_by
  GET  /api/v1/statuses/:id/history
  GET  /api/v1/statuses/:id/reblogged_by
  GET  /api/v1/search
  GET  /api/v1/streaming/health
  GET  /api/v1/tags/:id
  GET  /api/v1/timelines/link
  GET  /api/v1/timelines/public
  GET  /api/v1/timelines/tag/:name
  GET  /api/v1/trends
  GET  /api/v1/trends/links
  GET  /api/v1/trends/statuses
  GET  /api/v1/trends/tags
  GET  /api/v2/search
  GET  /users/:name/outbox
  GET  /api/*
  POST /api/*
  PUT  /api/*
  PATCH /api/*
  DELETE /api/*`;

/** Those that prove themselves in another way: a signature, a client's secret or token, a stream named in the query. */
export const OTHERWISE = `
  POST /inbox
  POST /users/:name/inbox
  POST /oauth/introspect
  POST /oauth/register
  POST /oauth/revoke
  POST /oauth/token
  POST /api/v1/accounts
  GET  /api/v1/apps/verify_credentials
  GET  /api/v1/streaming
  GET  /api/v1/streaming/`;
