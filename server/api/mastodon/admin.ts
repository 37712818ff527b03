/** What every endpoint for the staff asks first, and how it finds people. */
import type { Account } from "../../accounts/account.ts";
import { may, mayManage, type Permission } from "../../accounts/permissions.ts";
import { Problem } from "../../lib/problem.ts";
import type { PersonFile } from "./entities/admin.ts";
import type { Face, SignedCall } from "./face.ts";
import { notHere } from "./ids.ts";

/** Who asks, where their role lets them do this. @throws Problem `forbidden`. */
export async function staffOf(face: Face, call: SignedCall, permission: Permission): Promise<Account> {
  const account = await face.accounts.people.find(call.me.accountKey);
  if (account !== null && may(account.role, permission)) return account;
  throw new Problem("forbidden", "This action is not allowed");
}

/** Those of these actors that are here, in that order. */
export async function filesOf(face: Face, keys: readonly number[]): Promise<readonly PersonFile[]> {
  const [views, homes, entities] = await Promise.all([
    face.queries.actorsForStaff(keys),
    face.accounts.people.findMany(keys),
    face.look.byKeys(keys),
  ]);
  return keys.flatMap((key) => {
    const view = views.get(key);
    return view ? [{ view, home: homes.get(key) ?? null, held: entities.get(key)?.held ?? 0 }] : [];
  });
}

/** @throws Problem `not-found`. */
export async function fileOf(face: Face, key: number): Promise<PersonFile> {
  const [file] = await filesOf(face, [key]);
  if (file === undefined) throw notHere();
  return file;
}

/** @throws Problem `forbidden` where somebody decides about themselves, or about those above them. */
export function requireManage(by: Account, { home, view }: PersonFile): void {
  if (by.key !== view.key && (home === null || mayManage(by.role, home.role))) return;
  throw new Problem("forbidden", "You may not do this to this person. Ask an admin.");
}
