/** Messages by the server to people here, each in the language that they read. */
import type { AsObject } from "../server/core/object.ts";
import { fromPlain } from "../server/lib/text.ts";
import type { WebDeps } from "./face.ts";
import type { Words } from "./words/en.ts";
import { words } from "./words/index.ts";

/**
 * Drafts of posts that only the person reads, by the person's key; `paragraphs` are plain text, empty ones left out. None
 * for people elsewhere, and for accounts that are gone.
 */
export async function messagesTo(
  deps: Pick<WebDeps, "accounts" | "look">,
  people: readonly number[],
  paragraphs: (words: Words) => readonly string[],
): Promise<ReadonlyMap<number, AsObject>> {
  const [accounts, actors] = await Promise.all([
    deps.accounts.people.findMany(people),
    deps.look.byKeys(people),
  ]);
  const [usual = "en"] = deps.accounts.settings.get("languages");
  const drafts = new Map<number, AsObject>();
  for (const [key, account] of accounts) {
    const actor = actors.get(key);
    if (!actor || actor.deletedMs !== null) continue;
    const said = paragraphs(words(account.locale ?? usual)).filter((text) => text.trim() !== "");
    const to = [actor.iri];
    drafts.set(key, {
      type: "Create",
      to,
      object: {
        type: "Note",
        content: fromPlain(said.join("\n\n")),
        to,
        tag: [{ type: "Mention", href: actor.iri, name: `@${account.name}` }],
      },
    });
  }
  return drafts;
}
