/** One's own account, with what only its owner sees: the texts as typed, and what is usual for new posts. */

import type { Role } from "../../accounts/account.ts";
import { preferencesOf } from "../../accounts/preferences.ts";
import { typedProfile } from "../../accounts/profile.ts";
import { Problem } from "../../lib/problem.ts";
import { accountOf } from "./entities/account.ts";
import type { Face } from "./face.ts";

/** `CredentialAccount`; clients read its `source` without a check. @throws Problem `gone`. */
export async function credentialAccountOf(face: Face, key: number): Promise<object> {
  const [view, entity, account, requests, preferences] = await Promise.all([
    face.queries.actor(key),
    face.look.byKey(key),
    face.accounts.people.find(key),
    face.queries.countRequests(key),
    preferencesOf(face.db, key),
  ]);
  if (view === null || entity === null || account === null)
    throw new Problem("gone", "This account is closed.");
  const { summary, lines, attributionDomains } = typedProfile(entity.document ?? {});
  return {
    ...accountOf(view, face),
    hide_collections: preferences.hidesCircle,
    source: {
      privacy: VISIBILITIES[preferences.visibility],
      sensitive: preferences.isSensitive,
      language: preferences.language ?? account.locale,
      note: summary,
      fields: lines.map((line) => ({ ...line, verified_at: null })),
      follow_requests_count: requests,
      hide_collections: preferences.hidesCircle,
      discoverable: view.isDiscoverable,
      indexable: view.isIndexable,
      attribution_domains: attributionDomains,
      quote_policy: QUOTE_POLICIES[preferences.quotableBy],
    },
    role: roleOf(account.role),
  };
}

/** Our words for whom posts are for, and who may quote them, in theirs. */
export const VISIBILITIES = {
  public: "public",
  quiet: "unlisted",
  followers: "private",
  direct: "direct",
} as const;
export const QUOTE_POLICIES = { everyone: "public", followers: "followers", nobody: "nobody" } as const;

/** Mastodon's own bits: 1 is everything; the others that clients ask for are those of reports and people. */
const PERMISSIONS: Readonly<Record<Role, string>> = {
  admin: "1",
  moderator: String(0x10 | 0x400 | 0x20 | 0x8),
  teacher: String(0x10000),
  member: "0",
};

export const roleOf = (role: Role): object => ({
  id: String(["member", "teacher", "moderator", "admin"].indexOf(role)),
  name: role === "member" ? "" : role,
  permissions: PERMISSIONS[role],
  color: "",
  highlighted: role === "admin" || role === "moderator",
});
