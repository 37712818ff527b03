/** Moving house, as the person who moves sees it: other accounts of theirs, and where they go (FEP-7628, push mode). */
import type { Look } from "../core/behaviour.ts";
import type { Entity } from "../core/entity.ts";
import { id, ids } from "../core/object.ts";
import type { Core } from "../core/process.ts";
import type { Now } from "../lib/clock.ts";
import { timeOfKey } from "../lib/id.ts";
import { isProblem, Problem } from "../lib/problem.ts";
import { MOVES_EVERY_MS } from "../vocab/activitystreams/move.ts";

/** More accounts than that nobody moves in from. */
const MAX_ALIASES = 10;

export interface MovingState {
  /** Addresses of other accounts of the same person (`alsoKnownAs`). */
  readonly aliases: readonly string[];
  readonly movedTo: string | null;
  /** When the person may move (again); null where that is now. */
  readonly nextMs: number | null;
}

export interface Moving {
  state(actor: number): Promise<MovingState>;
  /** `written` is a handle or an address. @throws Problem `invalid` with the field `alias`. */
  addAlias(actor: number, written: string): Promise<void>;
  removeAlias(actor: number, iri: string): Promise<void>;
  /**
   * Sends the Move: followers go along, and the account can only be read from then on. Ask the person first who they
   * are.
   * @throws Problem `invalid` with the field `target`, with what to do first.
   */
  moveTo(actor: number, written: string): Promise<void>;
  /** The account can be written with again; followers who have gone do not come back by themselves. */
  takeBack(actor: number): Promise<void>;
}

export function createMoving(deps: {
  core: Core;
  look: Look;
  now: Now;
  /** Whoever is behind a handle or an address, asked for where not known; null where nobody is. */
  find: (written: string) => Promise<Entity | null>;
}): Moving {
  const { core, look, now } = deps;

  async function personHere(actor: number): Promise<Entity> {
    const me = await look.byKey(actor);
    if (!me?.document) throw new Problem("gone", "This account is closed.");
    return me;
  }

  async function other(me: Entity, written: string, field: string): Promise<Entity> {
    const found = await findOrNull(written);
    if (found?.kind !== "actor" || found.deletedMs !== null)
      throw new Problem("invalid", "Nobody of this name was found. Enter it as @name@server.example.", {
        field,
      });
    if (found.key === me.key)
      throw new Problem("invalid", "This is the account that you use now.", { field });
    return found;
  }

  async function findOrNull(written: string): Promise<Entity | null> {
    try {
      return await deps.find(written);
    } catch (error) {
      // @NOTE A server that does not answer is told to the person like one that knows nobody of that name.
      if (!isProblem(error, "upstream")) throw error;
      return null;
    }
  }

  const aliasesOf = (me: Entity): readonly string[] => ids(me.document ?? {}, "alsoKnownAs");
  const change = async (actor: number, changes: (me: Entity) => object): Promise<void> =>
    void (await core.act(actor, (me) => ({ type: "Update", object: { id: me.iri, ...changes(me) } })));

  function withAlias(me: Entity, iri: string): readonly string[] {
    const known = aliasesOf(me);
    if (known.includes(iri)) return known;
    requireRoom(me);
    return [...known, iri];
  }

  function requireRoom(me: Entity): void {
    if (aliasesOf(me).length >= MAX_ALIASES)
      throw new Problem("invalid", `Remove one first: ${MAX_ALIASES} are the most.`, { field: "alias" });
  }

  async function nextMs(me: Entity): Promise<number | null> {
    const last = await look.activityAbout("Move", me.key, me.key);
    const ms = last === null ? 0 : timeOfKey(last.key) + MOVES_EVERY_MS;
    return ms > now() ? ms : null;
  }

  return {
    async state(actor) {
      const me = await personHere(actor);
      return {
        aliases: aliasesOf(me),
        movedTo: id(me.document ?? {}, "movedTo"),
        nextMs: await nextMs(me),
      };
    },
    async addAlias(actor, written) {
      const me = await personHere(actor);
      requireRoom(me);
      const { iri } = await other(me, written, "alias");
      if (!aliasesOf(me).includes(iri))
        await change(actor, (asNow) => ({ alsoKnownAs: withAlias(asNow, iri) }));
    },
    async removeAlias(actor, iri) {
      await change(actor, (asNow) => {
        const left = aliasesOf(asNow).filter((alias) => alias !== iri);
        return { alsoKnownAs: left.length === 0 ? null : left };
      });
    },
    async moveTo(actor, written) {
      const me = await personHere(actor);
      const field = "target";
      if ((await nextMs(me)) !== null)
        throw new Problem("invalid", "You have moved lately. Wait until 30 days are over.", { field });
      const target = await other(me, written, field);
      const asNow = (await look.refresh(target.iri)) ?? target;
      if (!ids(asNow.document ?? {}, "alsoKnownAs").includes(me.iri))
        throw new Problem("invalid", "First name this account at your new one, in its settings for moving.", {
          field,
        });
      const draft = { type: "Move", object: me.iri, target: target.iri };
      await core.act(me.key, draft, [], { mayLeave: true });
    },
    async takeBack(actor) {
      await change(actor, () => ({ movedTo: null }));
    },
  };
}
