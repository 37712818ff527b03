/** What quotes a thing of ours and who asks to, for its author; and who reacted to a thing. */
import { embedded, id, text } from "../core/object.ts";
import { fromStored } from "../core/stored.ts";
import type { Page, PageRequest } from "../lib/page.ts";
import type { Db } from "../storage/db.ts";
import { listOf, REACTIONS, reactionIn } from "../vocab/litepub/reaction.ts";
import { fillPage } from "./fill.ts";
import { readTags, richText } from "./rich.ts";
import { findMembers } from "./store-people.ts";
import { findAsking, findQuoting } from "./store-quotes.ts";
import type { ActorView, ObjectView } from "./view.ts";
import type { Views } from "./views.ts";

/** One quote with consent, for the quoted author. */
export interface QuotingView {
  /** Address of the consent, which is deleted to withdraw it. */
  readonly stampIri: string;
  readonly quoteIri: string;
  /** Null where it is not here, or not for the author to see. */
  readonly view: ObjectView | null;
}

/** Somebody who waits for consent. */
export interface AskingView {
  readonly request: number;
  readonly requestIri: string;
  readonly actor: ActorView;
  readonly quoteIri: string;
  /** What they would say about it: clean HTML, possibly empty. */
  readonly contentHtml: string;
}

export interface QuotingReads {
  /** Newest consent first. For the author of `object`, which is for the caller to see to. */
  quoting(object: number, viewer: number, page: PageRequest): Promise<Page<QuotingView>>;
  asking(object: number): Promise<readonly AskingView[]>;
  /** Who reacted with this (`ReactionView.name`), the latest first. Whether the viewer may see the thing is for the caller. */
  reactors(object: number, reaction: string, page: PageRequest): Promise<Page<ActorView>>;
}

export function createQuoting(deps: {
  readonly db: Db;
  readonly views: Views;
  readonly clean: (html: string) => string;
}): QuotingReads {
  const { db, views, clean } = deps;
  return {
    async quoting(object, viewer, request) {
      const page = await fillPage(request, {
        read: (range) => findQuoting(db, object, range, viewer),
        keep: async (rows) => rows,
        keyOf: ({ stamp }) => stamp,
      });
      const shown = page.items.flatMap(({ quote, shown }) => (shown === 1 ? quote : []));
      const found = await views.objects(shown, viewer);
      return {
        ...page,
        items: page.items.map(({ stamp_iri, quote, quote_iri }) => ({
          stampIri: stamp_iri,
          quoteIri: quote_iri,
          view: found.get(quote) ?? null,
        })),
      };
    },
    async asking(object) {
      const rows = await findAsking(db, object);
      const actors = await views.actors(rows.map(({ actor }) => actor));
      return rows.flatMap(({ request, request_iri: requestIri, actor, document }): AskingView[] => {
        const by = actors.get(actor);
        const row = {
          key: request,
          iri: requestIri,
          kind: "activity",
          type: "QuoteRequest",
          ownerIri: null,
        } as const;
        const asked = fromStored(document, row);
        const quoteIri = id(asked, "instrument");
        if (by === undefined || quoteIri === null) return [];
        const instrument = embedded(asked, "instrument");
        const tags = { ...readTags(instrument ?? {}), emoji: new Map<string, string>() };
        const contentHtml = richText(instrument && text(instrument, "content"), tags, { clean });
        return [{ request, requestIri, actor: by, quoteIri, contentHtml }];
      });
    },
    async reactors(object, reaction, request) {
      const list = reactionIn(REACTIONS + reaction);
      const page = await fillPage(request, {
        read: (range) => findMembers(db, object, list === null ? "" : listOf(list), range),
        keep: async (rows) => rows.filter(({ shown }) => shown === 1),
        keyOf: ({ at }) => at,
      });
      const actors = await views.actors(page.items.map(({ item }) => item));
      return { ...page, items: page.items.flatMap(({ item }) => actors.get(item) ?? []) };
    },
  };
}
