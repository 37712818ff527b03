/** Invitations into a group by link: made by moderators, good for so many people and so long. */
import type { Look } from "../core/behaviour.ts";
import type { Core } from "../core/process.ts";
import { holdActor } from "../core/store-writes.ts";
import type { Now } from "../lib/clock.ts";
import { DAY_MS } from "../lib/durations.ts";
import type { Keys } from "../lib/id.ts";
import { isProblem, Problem } from "../lib/problem.ts";
import { newCode } from "../lib/secret.ts";
import { expecting } from "../lib/sql.ts";
import type { Db } from "../storage/db.ts";
import type { Groups } from "./groups.ts";
import {
  findLink,
  findOpenLink,
  type GroupInvitation,
  insertLink,
  isWithinOpenLinks,
  listOpenLinks,
  revokeLink,
  useLink,
} from "./store-groups.ts";

/** A big year group, as with invitations to the server. */
export const MAX_LINK_USES = 500;
/** A school year. */
export const MAX_LINK_DAYS = 365;
/** What somebody still keeps an eye on. */
const MAX_OPEN_LINKS = 50;

/** People are actors' keys. All throw Problem `forbidden` or `not-found` as `Groups` does. */
export interface GroupLinks {
  make(by: number, group: number, request: { readonly uses: number; readonly days: number }): Promise<void>;
  /** The open ones, newest first. */
  list(by: number, group: number): Promise<readonly GroupInvitation[]>;
  end(by: number, group: number, link: number): Promise<void>;
  /** The invitation behind a code; null when it is no good (any more). */
  find(code: string): Promise<GroupInvitation | null>;
  /**
   * Takes one place, once: the person is invited, and where they live here, joins. Whoever is in is led there again.
   * @throws Problem `invalid`, `conflict`.
   */
  take(code: string, person: number): Promise<GroupInvitation>;
}

export function createGroupLinks(deps: {
  db: Db;
  now: Now;
  keys: Keys;
  core: Pick<Core, "act">;
  look: Look;
  groups: Groups;
}): GroupLinks {
  const { db, now, keys, core, look, groups } = deps;

  const find = async (code: string): Promise<GroupInvitation | null> => {
    const plain = plainCode(code);
    const link = plain === "" ? null : await findOpenLink(db, plain, now());
    // Whoever made it must still be one of those who may invite.
    return link && (await groups.mayActAs(link.creator, link.group, "admit")) ? link : null;
  };

  const isAmong = async ({ group }: GroupInvitation, person: number, lists: readonly string[]) =>
    (await look.listsWith(group, lists, person)).size > 0;

  /** A second tap takes no second place: where `work` is refused because the first has done it, it goes on from there. */
  async function unlessAmong(
    link: GroupInvitation,
    person: number,
    lists: readonly string[],
    work: () => Promise<void>,
  ): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!isProblem(error) || !(await isAmong(link, person, lists))) throw error;
    }
  }

  return {
    find,
    async make(by, group, { uses, days }) {
      await groups.require(by, group, "admit");
      if (!Number.isInteger(uses) || uses < 1 || uses > MAX_LINK_USES)
        throw new Problem("invalid", `A link is for 1 to ${MAX_LINK_USES} people.`, { field: "uses" });
      if (!Number.isInteger(days) || days < 1 || days > MAX_LINK_DAYS)
        throw new Problem("invalid", `A link is good for 1 to ${MAX_LINK_DAYS} days.`, { field: "days" });
      const link = { key: keys.next(), code: newCode(), group, creator: by, usesLeft: uses };
      const nowMs = now();
      await db.batch([
        holdActor(group),
        insertLink({ ...link, createdMs: nowMs, expiresMs: nowMs + days * DAY_MS }),
        expecting(1, isWithinOpenLinks(link.key, group, MAX_OPEN_LINKS, nowMs), tooManyLinks),
      ]);
    },
    async list(by, group) {
      await groups.require(by, group, "admit");
      return listOpenLinks(db, group, now(), MAX_OPEN_LINKS);
    },
    async end(by, group, key) {
      await groups.require(by, group, "admit");
      await db.batch([expecting(1, revokeLink(group, key, now()), over)]);
    },
    async take(code, person) {
      const known = await findLink(db, plainCode(code));
      if (known !== null && (await isAmong(known, person, ["members"]))) return known;
      const link = await find(code);
      if (link === null) throw over();
      const [group, joining] = await Promise.all([look.byKey(link.group), look.byKey(person)]);
      if (group === null || joining === null) throw over();
      if (!(await isAmong(link, person, ["invited"]))) {
        const place = expecting(1, useLink(link.key, now()), over);
        await unlessAmong(link, person, ["invited", "members"], () =>
          groups.invite(link.creator, link.group, person, [place]),
        );
      }
      if (!joining.isLocal) return link;
      await unlessAmong(link, person, ["members"], async () => {
        await core.act(person, { type: "Follow", object: group.iri });
        if (await isAmong(link, person, ["requests"])) await groups.letIn(link.creator, link.group, person);
      });
      return link;
    },
  };
}

const plainCode = (code: string): string => code.toLowerCase().replace(/[\s-]+/g, "");

const tooManyLinks = (): Problem =>
  new Problem("too-many", `There are ${MAX_OPEN_LINKS} open links already. End some first.`, {
    reason: "too-many-links",
  });

const over = (): Problem =>
  new Problem("invalid", "This link is no good any more. Ask for a new one.", {
    field: "code",
    reason: "link-over",
  });
