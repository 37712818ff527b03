/** Forms of the administration pages. Who may do what is decided by `accounts`, not here. */

import { type Account, isRole } from "../../server/accounts/account.ts";
import { mayManage } from "../../server/accounts/permissions.ts";
import { DAY_MS } from "../../server/lib/durations.ts";
import { parseKey } from "../../server/lib/id.ts";
import { Problem } from "../../server/lib/problem.ts";
import { permitted, signedIn, staff, type Visit, type WebDeps } from "../face.ts";
import { ADMIN_INVITATIONS, ADMIN_JOBS, ADMIN_PEOPLE, ADMIN_SETTINGS, OWN_INVITATIONS } from "../forms.ts";
import { ADMIN_MEDIA } from "../forms-quotes.ts";
import { invitationsOf, mediaProps, peopleRows, requireInviting, settingValues } from "../loads/admin.ts";
import { adminInvitationsPage } from "../pages/admin/invitations.ts";
import { adminMediaPage } from "../pages/admin/media.ts";
import { adminPeoplePage } from "../pages/admin/people.ts";
import { adminSettingsPage } from "../pages/admin/settings.ts";
import { goTo, orAgain, type Post } from "./answer.ts";

export const people: Post = async (deps, visit, fields) => {
  const { account: by } = permitted(visit, "manage-people");
  const { fields: f, actions, path } = ADMIN_PEOPLE;
  const account = await deps.accounts.people.find(parseKey(fields.get(f.account)) ?? 0);
  if (account === null) throw new Problem("not-found", "There is no such account.");
  const { people: rules, passwords } = deps.accounts;
  const action = fields.get(f.action);
  if (action === actions.resetPassword) {
    const { token } = await passwords.createResetLink(by, account);
    const link = `${deps.origin}/reset?token=${token}`;
    const listed = await peopleRows(deps, visit);
    return {
      page: adminPeoplePage(visit.context, {
        ...listed,
        newPassword: { name: account.name, password: link },
      }),
      status: 200,
    };
  }
  if (action === actions.approve) await rules.approve(by, account);
  else if (action === actions.reject) await rules.refuse(by, account);
  else if (action === actions.disable) await rules.disable(by, account);
  else if (action === actions.enable) await enable(deps, by, account);
  else if (action === actions.resetFactors) {
    await deps.accounts.factors.reset(by, account);
    return goTo(`${path}/${account.key}`, { kind: "good", text: visit.context.words.staffFactors.done });
  } else if (action === actions.role) await rules.setRole(by, account, roleFrom(fields.get(f.role)));
  else throw new Problem("invalid", "The form does not say what to do.");
  return goTo(path, { kind: "good", text: visit.context.words.flash.saved });
};

function roleFrom(text: string | null) {
  if (isRole(text)) return text;
  throw new Problem("invalid", "Choose a role.", { field: ADMIN_PEOPLE.fields.role });
}

/** Whoever was suspended comes back with everything that was put out of sight. */
async function enable(deps: WebDeps, by: Account, account: Account): Promise<void> {
  if (!mayManage(by.role, account.role))
    throw new Problem("forbidden", "You may not do this to this person. Ask an admin.");
  const held = (await deps.sanctions.of(account.key)).find(
    ({ kind, liftedMs }) => kind === "suspend" && liftedMs === null,
  );
  if (held) await deps.sanctions.lift(by.key, held.key);
  // What was closed before the suspension, or without one; who waited before it waits again.
  const { people } = deps.accounts;
  const isClosed = held === undefined || (await people.find(account.key))?.state === "disabled";
  if (isClosed) await people.enable(by, account);
}

export const invitations: Post = (deps, visit, fields) => {
  staff(visit);
  return changeInvitations(deps, visit, fields, false);
};

export const ownInvitations: Post = (deps, visit, fields) => changeInvitations(deps, visit, fields, true);

function changeInvitations(deps: WebDeps, visit: Visit, fields: URLSearchParams, areOwn: boolean) {
  const { account: by } = signedIn(visit);
  requireInviting(deps, by);
  const { fields: f, actions } = ADMIN_INVITATIONS;
  const { path } = areOwn ? OWN_INVITATIONS : ADMIN_INVITATIONS;
  const again = async (form: Parameters<typeof adminInvitationsPage>[1]["form"]) =>
    adminInvitationsPage(visit.context, {
      ...(await invitationsOf(deps, visit, by)),
      areOwn,
      ...(form ? { form } : {}),
    });
  return orAgain(visit, fields, again, async () => {
    if (fields.get(f.action) === actions.revoke) {
      await deps.accounts.invitations.revoke(by, parseKey(fields.get(f.invitation)) ?? 0);
    } else {
      const days = Number(fields.get(f.days) || 0);
      await deps.accounts.invitations.create(by, {
        uses: Number(fields.get(f.uses) || 1),
        note: fields.get(f.note) ?? "",
        expiresMs: days > 0 ? deps.now() + days * DAY_MS : null,
      });
    }
    return goTo(path, { kind: "good", text: visit.context.words.flash.saved });
  });
}

export const jobs: Post = async (deps, visit, fields) => {
  permitted(visit, "tend-machine");
  const { fields: f, actions, path } = ADMIN_JOBS;
  const key = parseKey(fields.get(f.job)) ?? 0;
  if (fields.get(f.action) === actions.discard) await deps.operations.discardJob(key);
  else await deps.operations.retryJob(key);
  return goTo(path, { kind: "good", text: visit.context.words.flash.saved });
};

export const media: Post = async (deps, visit, fields) => {
  const { viewer } = permitted(visit, "change-settings");
  const { fields: f, actions, path } = ADMIN_MEDIA;
  if (fields.get(f.action) === actions.clear) {
    await deps.operations.clearMedia();
    return goTo(path, { kind: "good", text: visit.context.words.adminMedia.cleared });
  }
  return orAgain(
    visit,
    fields,
    async (form) => adminMediaPage(visit.context, { ...(await mediaProps(deps)), form }),
    async () => {
      const changes = [f.remoteMedia, f.remoteMediaMegabytes].map((name) => [name, fields.get(name)]);
      await deps.accounts.settings.set(Object.fromEntries(changes), viewer.actorKey);
      return goTo(path, { kind: "good", text: visit.context.words.flash.saved });
    },
  );
};

export const settings: Post = (deps, visit, fields) => {
  const { viewer } = permitted(visit, "change-settings");
  return orAgain(
    visit,
    fields,
    (form) => adminSettingsPage(visit.context, { values: settingValues(deps), form }),
    async () => {
      const names = Object.keys(ADMIN_SETTINGS.fields);
      await deps.accounts.settings.set(
        Object.fromEntries(names.filter((name) => fields.has(name)).map((name) => [name, fields.get(name)])),
        viewer.actorKey,
      );
      return goTo(ADMIN_SETTINGS.path, { kind: "good", text: visit.context.words.flash.saved });
    },
  );
};
