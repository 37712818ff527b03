/** The places elsewhere that the admin names: listed, added, changed, taken away. */

import type { Account } from "../../accounts/account.ts";
import { may } from "../../accounts/permissions.ts";
import { ADMIN_SETTINGS } from "../../accounts/setting-table.ts";
import type { RecordStaffAct } from "../../accounts/staff-act.ts";
import { holdServer } from "../../core/store-writes.ts";
import type { Now } from "../../lib/clock.ts";
import type { Keys } from "../../lib/id.ts";
import { isProblem, Problem } from "../../lib/problem.ts";
import { expecting, type Sql } from "../../lib/sql.ts";
import { parseHttpUrl } from "../../lib/url.ts";
import type { Db } from "../../storage/db.ts";
import type { Discover } from "./discover.ts";
import {
  ADMITS,
  deleteProvider,
  findProvider,
  insertProvider,
  isWithinProviders,
  listProviders,
  type Provider,
  updateProvider,
} from "./store.ts";

/** Buttons on one page; more would be a list to search in. */
const MAX_PROVIDERS = 20;
const MAX_NAME_LENGTH = 60;
const MAX_TEXT_LENGTH = 2_000;
const DEFAULT_SCOPE = "openid profile email";
const DEFAULT_SUBJECT = "sub";
/** Why a host of one's own network cannot be reached, and who can mend that. */
const INSIDE_REASONS: ReadonlySet<string> = new Set(["private-address", "port"]);
const NAME_IT_INSIDE =
  "If it is in your own network, whoever runs this machine can name it in the setting private_sign_in_hosts.";

/** As a form gives it; texts may be empty. */
export interface ProviderDraft {
  readonly kind: string;
  readonly name: string;
  readonly issuer: string;
  readonly clientId: string;
  /** Empty keeps the secret that is stored. */
  readonly clientSecret: string;
  readonly scope: string;
  readonly authorizationEndpoint: string;
  readonly tokenEndpoint: string;
  readonly userinfoEndpoint: string;
  readonly subjectName: string;
  readonly admits: string;
  readonly domains: string;
}

export interface Providers {
  /** Oldest first. Secrets never leave this layer but to the place itself. */
  list(): Promise<readonly Provider[]>;
  find(key: number): Promise<Provider | null>;
  /**
   * Adds one (`key` null) or changes it, after having asked it once. Throws Problem `invalid` at a field, `forbidden`,
   * `not-found`.
   */
  save(by: Account, key: number | null, draft: ProviderDraft): Promise<void>;
  /** People who signed in with it keep their accounts. Throws Problem `forbidden` or `not-found`. */
  remove(by: Account, key: number): Promise<void>;
}

export function createProviders(deps: {
  db: Db;
  now: Now;
  keys: Keys;
  record: RecordStaffAct;
  discover: Discover;
  /** Test networks without encryption. */
  isInsecure: boolean;
}): Providers {
  const { db, now, keys, record, discover, isInsecure } = deps;

  const requireMay = (by: Account): void => {
    if (may(by.role, "change-settings")) return;
    throw new Problem("forbidden", "Only an admin decides where people sign in with. Ask one.");
  };

  function address(text: string, field: string): string {
    const url = parseHttpUrl(text.trim());
    if (
      url !== null &&
      text.length <= MAX_TEXT_LENGTH &&
      url.hash === "" &&
      (isInsecure || url.protocol === "https:")
    )
      return text.trim();
    throw new Problem("invalid", "This is not an address that begins with https://.", {
      field,
      reason: "address",
    });
  }

  function read(draft: ProviderDraft, before: Provider | null): Provider {
    const kind = draft.kind === "oauth" ? "oauth" : "oidc";
    const admits = ADMITS.find((one) => one === draft.admits);
    if (admits === undefined) throw wrong("admits", "Choose who may come.");
    const domains = ADMIN_SETTINGS.allowedDomains.parse(draft.domains);
    if ("wrong" in domains) throw wrong("domains", domains.wrong);
    if (admits === "domains" && domains.value.length === 0)
      throw wrong("domains", "Name at least one domain whose addresses may come.");
    const endpoint = (text: string, field: string) => (kind === "oauth" ? address(text, field) : null);
    const userinfoEndpoint = endpoint(draft.userinfoEndpoint, "userinfoEndpoint");
    return {
      key: before?.key ?? keys.next(),
      kind,
      name: line(draft.name, "name", MAX_NAME_LENGTH),
      // Who is who is what the profile says, so that is whose word it is.
      issuer: userinfoEndpoint ?? address(draft.issuer, "issuer"),
      clientId: line(draft.clientId, "clientId", MAX_TEXT_LENGTH),
      clientSecret: draft.clientSecret.trim().slice(0, MAX_TEXT_LENGTH) || (before?.clientSecret ?? null),
      scope: draft.scope.trim() || (kind === "oidc" ? DEFAULT_SCOPE : ""),
      authorizationEndpoint: endpoint(draft.authorizationEndpoint, "authorizationEndpoint"),
      tokenEndpoint: endpoint(draft.tokenEndpoint, "tokenEndpoint"),
      userinfoEndpoint,
      subjectName: draft.subjectName.trim() || DEFAULT_SUBJECT,
      admits,
      domains: domains.value,
      createdMs: before?.createdMs ?? now(),
      changedMs: now(),
    };
  }

  /** As the place writes it itself, since people are known by it; the admin hears what is wrong with the place. */
  async function issuerOf(provider: Provider): Promise<string> {
    try {
      return (await discover.place(provider)).as.issuer;
    } catch (error) {
      if (!isProblem(error)) throw error;
      const isInside = INSIDE_REASONS.has(String(error.detail?.reason));
      throw wrong("issuer", isInside ? `${error.message} ${NAME_IT_INSIDE}` : error.message);
    }
  }

  async function known(key: number): Promise<Provider> {
    const provider = await findProvider(db, key);
    if (provider === null) throw new Problem("not-found", "There is no such place. It may be gone already.");
    return provider;
  }

  return {
    list: () => listProviders(db),
    find: (key) => findProvider(db, key),
    async save(by, key, draft) {
      requireMay(by);
      const before = key === null ? null : await known(key);
      const provider = read(draft, before);
      if (provider.kind === "oidc" && !scopes(provider.scope).includes("openid"))
        throw wrong("scope", "OpenID Connect needs the scope openid.");
      const named = { ...provider, issuer: await issuerOf(provider) };
      await db.batch([
        ...(before === null ? added(named) : [updateProvider(named)]),
        record({
          by: by.key,
          act: before === null ? "provider-add" : "provider-change",
          subject: provider.name,
        }),
      ]);
    },
    async remove(by, key) {
      requireMay(by);
      const { name } = await known(key);
      await db.batch([
        expecting(1, deleteProvider(key), () => new Problem("not-found", "This place is gone already.")),
        record({ by: by.key, act: "provider-remove", subject: name }),
      ]);
    },
  };
}

const added = (provider: Provider): readonly Sql[] => [
  holdServer(),
  insertProvider(provider),
  expecting(1, isWithinProviders(provider.key, MAX_PROVIDERS), () =>
    wrong("name", `There are ${MAX_PROVIDERS} places already. Take one away first.`),
  ),
];

const scopes = (text: string): readonly string[] => text.split(/\s+/);

function line(text: string, field: string, max: number): string {
  const plain = text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " ").trim();
  if (plain !== "" && [...plain].length <= max) return plain;
  throw wrong(field, plain === "" ? "This is missing." : `Write at most ${max} characters.`);
}

const wrong = (field: string, sentence: string): Problem =>
  new Problem("invalid", sentence, { field, reason: "provider" });
