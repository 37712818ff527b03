/** `/api/v1/admin/accounts` and `/api/v2/admin/accounts`: people as the staff see them, and what is done about them. */

import { type AnyElysia, Elysia } from "elysia";
import type { Account, AccountState, Role } from "../../../accounts/account.ts";
import { rolesThat } from "../../../accounts/permissions.ts";
import { findPeopleForStaff, type StaffSearch } from "../../../accounts/store-staff.ts";
import { HELD } from "../../../core/entity.ts";
import { toPage } from "../../../lib/page.ts";
import { Problem } from "../../../lib/problem.ts";
import { rowOf } from "../../../lib/row-of.ts";
import type { SanctionKind } from "../../../moderation/sanction.ts";
import { fileOf, filesOf, requireManage, staffOf } from "../admin.ts";
import { adminAccountOf, type PersonFile } from "../entities/admin.ts";
import { type Face, paged, type SignedCall } from "../face.ts";
import { keysOf, notHere } from "../ids.ts";
import type { Params } from "../params.ts";

const READ = "admin:read:accounts";
const WRITE = "admin:write:accounts";
const PAGE = { default: 40, max: 200 };
/** Bodies are read by `params.ts`. */
const RAW = { parse: "none" } as const;

/** Their words for what the staff do, and ours. */
const KINDS: Readonly<Record<string, SanctionKind>> = {
  none: "warn",
  sensitive: "cover",
  silence: "limit",
  suspend: "suspend",
};

/** What the person reads where the staff wrote nothing. */
const NO_WORDS = "The people who run this server have decided this.";

export const adminAccountsRoutes = (face: Face): AnyElysia => {
  const { people } = face.accounts;

  const list = (version: 1 | 2) =>
    face.endpoint(READ, async (call) => {
      await staffOf(face, call, "manage-people");
      const page = call.page(PAGE);
      const asked = version === 1 ? olderSearch(call.params) : searchIn(call.params);
      const found = toPage(await findPeopleForStaff(face.db, asked, page), page.limit, (key) => key);
      const files = await filesOf(face, found.items);
      return paged(
        found,
        files.map((file) => adminAccountOf(file, face)),
      );
    });

  /** Does something about the person of the path, and gives them as they are then. */
  const acting = (act: (by: Account, file: PersonFile, call: SignedCall) => Promise<void>) =>
    face.endpoint(WRITE, async (call) => {
      const by = await staffOf(face, call, "act-on-people");
      const file = await fileOf(face, call.key());
      requireManage(by, file);
      await act(by, file, call);
      return adminAccountOf(await fileOf(face, file.view.key), face);
    });

  const ofHome = ({ home }: PersonFile): Account => {
    if (home === null) throw notHere();
    return home;
  };

  const lift = (kind: SanctionKind) =>
    acting(async (by, { view }) => {
      const held = (await face.sanctions.of(view.key)).filter(
        (sanction) => sanction.kind === kind && sanction.liftedMs === null && sanction.object === null,
      );
      if (held.length === 0) throw new Problem("forbidden", "This action is not allowed");
      for (const { key } of held) await face.sanctions.lift(by.key, key);
    });

  return new Elysia({ name: "mastodon admin accounts" })
    .get("/api/v1/admin/accounts", list(1))
    .get("/api/v2/admin/accounts", list(2))
    .get(
      "/api/v1/admin/accounts/:id",
      face.endpoint(READ, async (call) => {
        await staffOf(face, call, "manage-people");
        return adminAccountOf(await fileOf(face, call.key()), face);
      }),
    )
    .delete(
      "/api/v1/admin/accounts/:id",
      acting((by, { view }) => face.sanctions.erase(by.key, view.key)),
      RAW,
    )
    .post(
      "/api/v1/admin/accounts/:id/approve",
      acting((by, file) => people.approve(by, ofHome(file))),
      RAW,
    )
    .post(
      "/api/v1/admin/accounts/:id/reject",
      acting((by, file) => people.refuse(by, ofHome(file))),
      RAW,
    )
    .post(
      "/api/v1/admin/accounts/:id/enable",
      acting((by, file) => people.enable(by, ofHome(file))),
      RAW,
    )
    .post("/api/v1/admin/accounts/:id/unsilence", lift("limit"), RAW)
    .post("/api/v1/admin/accounts/:id/unsuspend", lift("suspend"), RAW)
    .post("/api/v1/admin/accounts/:id/unsensitive", lift("cover"), RAW)
    .post(
      "/api/v1/admin/accounts/:id/action",
      face.endpoint(WRITE, async (call) => {
        const by = await staffOf(face, call, "act-on-people");
        const file = await fileOf(face, call.key());
        requireManage(by, file);
        await act(face, call, by, file);
        return {};
      }),
      RAW,
    ) as unknown as AnyElysia;
};

/** `type`, `text` and the report that led to it, which is closed then. */
async function act(face: Face, call: SignedCall, by: Account, { view, home }: PersonFile): Promise<void> {
  const type = call.params.text("type") ?? "none";
  const text = (call.params.text("text") ?? "").trim();
  const [report] = keysOf([call.params.text("report_id") ?? ""]);
  // Whoever may not look after a report does not close it by what they do to somebody else.
  if (report !== undefined && (await face.reports.get(report)).about !== view.key) throw notHere();
  if (type === "disable") {
    if (home === null) throw notHere();
    await face.accounts.people.disable(by, home, text);
  } else {
    const kind = rowOf(KINDS, type);
    if (kind === undefined)
      throw new Problem("invalid", "Validation failed: Type is not included in the list");
    await face.sanctions.impose(by.key, {
      kind,
      actor: view.key,
      text: text === "" ? NO_WORDS : text,
      ...(report === undefined ? {} : { report }),
    });
  }
  if (report !== undefined)
    await face.reports.close(by.key, report, { state: "resolved", outcome: "", tell: [] });
}

/** `origin`, `status`, `permissions`, and the rest of the second version. */
function searchIn(params: Params): StaffSearch {
  const origin = params.text("origin");
  const status = params.text("status") ?? "";
  return {
    ...(origin === null ? {} : { isLocal: origin === "local" }),
    ...statusIn([status]),
    ...(params.text("permissions") === "staff" ? STAFF : {}),
    ...namesIn(params),
  };
}

/** A flag for each of them, in the first version. */
function olderSearch(params: Params): StaffSearch {
  const isOn = (name: string): boolean => params.flag(name) === true;
  return {
    ...(isOn("local") ? { isLocal: true } : isOn("remote") ? { isLocal: false } : {}),
    ...statusIn(["active", "pending", "disabled", "silenced", "suspended", "sensitized"].filter(isOn)),
    ...(isOn("staff") ? STAFF : {}),
    ...namesIn(params),
  };
}

const STAFF: { readonly roles: readonly Role[] } = { roles: rolesThat("see-staff-pages") };
const STATES: Readonly<Record<string, AccountState>> = {
  active: "active",
  pending: "pending",
  disabled: "disabled",
};
const HOLDS: Readonly<Record<string, number>> = {
  silenced: HELD.limited,
  suspended: HELD.suspended,
  sensitized: HELD.covered,
};

function statusIn(names: readonly string[]): Pick<StaffSearch, "states" | "held"> {
  const states = names.flatMap((name) => rowOf(STATES, name) ?? []);
  const held = names.reduce((sum, name) => sum | (rowOf(HOLDS, name) ?? 0), 0);
  return { ...(states.length > 0 ? { states } : {}), ...(held > 0 ? { held } : {}) };
}

function namesIn(params: Params): StaffSearch {
  const text = (name: string): string | null => params.text(name)?.trim().toLowerCase() || null;
  const [name, host, email] = [text("username"), text("by_domain"), text("email")];
  const [invitedBy] = keysOf([params.text("invited_by") ?? ""]);
  return {
    ...(name === null ? {} : { name }),
    ...(host === null ? {} : { host }),
    ...(email === null ? {} : { email }),
    ...(invitedBy === undefined ? {} : { invitedBy }),
  };
}
