/** Going for good: somebody closes their account, and with it goes everything that they made. */
import type { Look } from "../core/behaviour.ts";
import { farewellOf } from "../core/farewell.ts";
import type { Core } from "../core/process.ts";
import type { Now } from "../lib/clock.ts";
import { Problem } from "../lib/problem.ts";
import type { Db } from "../storage/db.ts";
import type { Account } from "./account.ts";
import type { Groups } from "./groups.ts";
import type { People } from "./people.ts";
import { findWithRoles, forgetPerson } from "./store.ts";
import { findLedBy, type LedGroup } from "./store-groups.ts";

export interface Leaving {
  /** Groups here that nobody else owns: they are given to somebody or deleted first. */
  alone(account: Account): Promise<readonly LedGroup[]>;
  /**
   * The account is closed at once, and its e-mail address and password are forgotten. What the person wrote is deleted by a
   * job, and every server that knows them is asked to do the same. The name stays taken.
   * @throws Problem `conflict`: the last admin (reason `last-admin`), groups that nobody else owns (`owns-groups`), or
   * closed already.
   */
  leave(account: Account): Promise<void>;
}

export function createLeaving(deps: {
  readonly db: Db;
  readonly now: Now;
  readonly core: Pick<Core, "act">;
  readonly look: Look;
  readonly groups: Pick<Groups, "leave">;
  readonly people: Pick<People, "closing" | "closed">;
}): Leaving {
  const { db, now, core, look, groups, people } = deps;
  const led = (account: Account) => findLedBy(db, account.key);
  const alone = async (account: Account) =>
    (await led(account)).filter(({ isOwner, owners }) => isOwner && owners < 2);

  async function requireAnotherAdmin(account: Account): Promise<void> {
    if (account.role !== "admin" || (await findWithRoles(db, ["admin"], 2)).length > 1) return;
    throw new Problem("conflict", "This is the last admin. Make somebody else one first.", {
      reason: "last-admin",
    });
  }

  return {
    alone,
    async leave(account) {
      const actor = await look.byKey(account.key);
      if (actor === null || actor.deletedMs !== null)
        throw new Problem("conflict", "This account is closed for good already.");
      await requireAnotherAdmin(account);
      const mine = await alone(account);
      if (mine.length > 0) {
        const names = mine.map(({ name }) => `@${name}`).join(", ");
        throw new Problem(
          "conflict",
          `Nobody else owns ${names}. Make somebody else an owner, or delete the group.`,
          { reason: "owns-groups" },
        );
      }
      // Members elsewhere hear who leads their group no more.
      for (const { key } of await led(account)) await groups.leave(account.key, key);
      const closing = await people.closing(account.key, "");
      await core.act(account.key, farewellOf(actor), [...closing, forgetPerson(account.key, now())], {
        mayLeave: true,
      });
      people.closed(account.key);
    },
  };
}
