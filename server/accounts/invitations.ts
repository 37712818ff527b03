/** Invitations: links and codes with which somebody may join. */
import { holdActor } from "../core/store-writes.ts";
import type { Now } from "../lib/clock.ts";
import { type Keys, MAX_KEY } from "../lib/id.ts";
import { type Page, toPage } from "../lib/page.ts";
import { Problem } from "../lib/problem.ts";
import { newCode } from "../lib/secret.ts";
import { expecting } from "../lib/sql.ts";
import type { Db } from "../storage/db.ts";
import type { Account } from "./account.ts";
import { may } from "./permissions.ts";
import type { Settings } from "./settings.ts";
import {
  findOpenInvitation,
  type Invitation,
  insertInvitation,
  isWithinOpen,
  listInvitations,
  revokeInvitation,
} from "./store-invitations.ts";

/** A big year group. */
export const MAX_USES = 500;
/** A person hands out some, not a flood. Staff may have more. */
const MAX_OPEN_PER_MEMBER = 20;
const MAX_NOTE_LENGTH = 200;
/** Listed where nobody says how many. */
const LISTED = 50;

export interface InvitationRequest {
  /** 1 where not given. */
  readonly uses?: number;
  /** Milliseconds since 1970, or null for no end. */
  readonly expiresMs?: number | null;
  /** Who it is for, for the inviter's own list. */
  readonly note?: string;
  /** Only staff may invite teachers. */
  readonly role?: "teacher" | "member";
}

export interface InvitationsAsked {
  readonly everybody?: boolean;
  readonly before?: number;
  readonly limit?: number;
}

export interface Invitations {
  /** Throws Problem `forbidden` or `invalid`. */
  create(by: Account, request: InvitationRequest): Promise<Invitation>;
  /** What the person invites, or for staff with `everybody` what anyone does; newest first. */
  list(by: Account, request?: InvitationsAsked): Promise<Page<Invitation>>;
  /** Throws Problem `not-found` unless it is open and theirs (or they are staff). */
  revoke(by: Account, key: number): Promise<void>;
  /** The invitation behind a code as typed or linked; null when it is no good (any more). */
  find(code: string): Promise<Invitation | null>;
  mayInvite(by: Account): boolean;
}

export function createInvitations(deps: { db: Db; now: Now; keys: Keys; settings: Settings }): Invitations {
  const { db, now, keys, settings } = deps;

  function mayInvite(by: Account): boolean {
    if (by.state !== "active") return false;
    if (may(by.role, "invite-always")) return true;
    if (settings.get("registration") === "closed") return false;
    const allowed = settings.get("invitationsBy");
    return allowed === "everyone" || (allowed === "teachers" && may(by.role, "invite-as-teacher"));
  }

  return {
    mayInvite,
    async create(by, request) {
      if (!mayInvite(by)) {
        throw new Problem("forbidden", "You cannot invite people here. Ask those who run this server.", {
          reason: "may-not-invite",
        });
      }
      const { uses = 1, expiresMs = null, note = "", role = "member" } = request;
      check(now(), by, uses, expiresMs, note, role);
      const invitation = {
        key: keys.next(),
        code: newCode(),
        creator: by.key,
        role,
        note: note.trim(),
        usesLeft: uses,
        createdMs: now(),
        expiresMs,
      };
      const isWithin = isWithinOpen(invitation.key, by.key, MAX_OPEN_PER_MEMBER, now());
      await db.batch([
        holdActor(by.key),
        insertInvitation(invitation),
        ...(may(by.role, "invite-always") ? [] : [expecting(1, isWithin, tooManyOpen)]),
      ]);
      return { ...invitation, creatorName: by.name, used: 0, revokedMs: null };
    },
    async list(by, { everybody = false, before = MAX_KEY, limit = LISTED } = {}) {
      const creator = everybody && may(by.role, "invite-always") ? null : by.key;
      return toPage(await listInvitations(db, creator, before, limit + 1), limit, ({ key }) => key);
    },
    async revoke(by, key) {
      const missing = (): Problem =>
        new Problem("not-found", "This invitation is over already.", { reason: "invitation-unknown" });
      await db.batch([
        expecting(1, revokeInvitation(key, may(by.role, "invite-always") ? null : by.key, now()), missing),
      ]);
    },
    find: async (code) => {
      const plain = plainCode(code);
      return plain === "" ? null : findOpenInvitation(db, plain, now());
    },
  };
}

/** As printed, spoken or typed: with capitals, spaces or dashes. */
const tooManyOpen = (): Problem =>
  new Problem("invalid", `You have ${MAX_OPEN_PER_MEMBER} open invitations. End some first.`, {
    reason: "too-many-invitations",
  });

const plainCode = (code: string): string => code.toLowerCase().replace(/[\s-]+/g, "");

function check(
  nowMs: number,
  by: Account,
  uses: number,
  expiresMs: number | null,
  note: string,
  role: string,
): void {
  const refuse = (field: string, sentence: string): never => {
    throw new Problem("invalid", sentence, { field, reason: `invitation-${field}` });
  };
  if (!Number.isInteger(uses) || uses < 1 || uses > MAX_USES) {
    refuse("uses", `An invitation is for 1 to ${MAX_USES} people.`);
  }
  if (expiresMs !== null && !(Number.isInteger(expiresMs) && expiresMs > nowMs)) {
    refuse("expires", "Choose a day that is still to come.");
  }
  if ([...note].length > MAX_NOTE_LENGTH) refuse("note", `Write at most ${MAX_NOTE_LENGTH} characters.`);
  if (role !== "member" && role !== "teacher") refuse("role", "Invite a member or a teacher.");
  if (role === "teacher" && !may(by.role, "invite-teachers")) {
    throw new Problem("forbidden", "Only those who run the server can invite teachers.", {
      field: "role",
      reason: "invitation-role",
    });
  }
}
