/** One's own account, with what only its owner sees: the texts as typed, and what is usual for new posts. */

import type { Role } from "../../accounts/account.ts";
import { type AsObject, embedded, embeddedAll, text } from "../../core/object.ts";
import { Problem } from "../../lib/problem.ts";
import { accountOf } from "./entities/account.ts";
import type { Face } from "./face.ts";

/** `CredentialAccount`; clients read its `source` without a check (clients.md §4.1). @throws Problem `gone`. */
export async function credentialAccountOf(face: Face, key: number): Promise<object> {
  const [view, entity, account, requests] = await Promise.all([
    face.queries.actor(key),
    face.look.byKey(key),
    face.accounts.people.find(key),
    face.queries.countRequests(key),
  ]);
  if (view === null || entity === null || account === null)
    throw new Problem("gone", "This account is closed.");
  const document = entity.document ?? {};
  return {
    ...accountOf(view, face),
    source: {
      privacy: "public",
      sensitive: false,
      language: account.locale,
      note: sourceText(document),
      fields: embeddedAll(document, "attachment")
        .filter(({ type }) => type === "PropertyValue")
        .map((field) => ({
          name: text(field, "name") ?? "",
          value: plain(text(field, "value") ?? ""),
          verified_at: null,
        })),
      follow_requests_count: requests,
      hide_collections: false,
      discoverable: view.isDiscoverable,
      indexable: view.isIndexable,
      attribution_domains: [],
      quote_policy: "public",
    },
    role: roleOf(account.role),
  };
}

const sourceText = (document: AsObject): string => {
  const source = embedded(document, "source");
  return (source && text(source, "content")) ?? plain(text(document, "summary") ?? "");
};

const plain = (html: string): string => html.replace(/<br\s*\/?>/g, "\n").replace(/<[^>]*>/g, "");

/** Mastodon's own bits: 1 is everything; the others that clients ask for are those of reports and people. */
const PERMISSIONS: Readonly<Record<Role, string>> = {
  admin: "1",
  moderator: String(0x10 | 0x400 | 0x20 | 0x8),
  teacher: String(0x10000),
  member: "0",
};

const roleOf = (role: Role): object => ({
  id: String(["member", "teacher", "moderator", "admin"].indexOf(role)),
  name: role === "member" ? "" : role,
  permissions: PERMISSIONS[role],
  color: "",
  highlighted: role === "admin" || role === "moderator",
});
