/** Filters, as the two versions of the API see them, and what they found. */
import type { Filter, FilterAction, FilterContext, FilterPhrase } from "../../../moderation/filter.ts";
import type { FilterMatch } from "../../../queries/view.ts";
import { idOf, timeOrNull } from "../ids.ts";

const CONTEXTS: Readonly<Record<FilterContext, string>> = {
  home: "home",
  notices: "notifications",
  threads: "thread",
  profiles: "account",
  public: "public",
};

/** Our names of places among theirs. */
export const contextsOf = (given: readonly string[]): readonly FilterContext[] =>
  (Object.keys(CONTEXTS) as FilterContext[]).filter((context) => given.includes(CONTEXTS[context]));

const namesOf = (contexts: readonly string[]): readonly string[] =>
  contexts.flatMap((context) => CONTEXTS[context as FilterContext] ?? []);

/** Words and posts of the filter are left out where it stands beside what it found. */
const headOf = (filter: {
  readonly key: number;
  readonly title: string;
  readonly contexts: readonly string[];
  readonly expiresMs: number | null;
  readonly action: FilterAction;
}) => ({
  id: idOf(filter.key),
  title: filter.title,
  context: namesOf(filter.contexts),
  expires_at: timeOrNull(filter.expiresMs),
  filter_action: filter.action,
});

export const keywordOf = ({ key, text, isWhole }: FilterPhrase): object => ({
  id: idOf(key),
  keyword: text,
  whole_word: isWhole,
});

export const namedOf = ({ key, object }: Filter["objects"][number]): object => ({
  id: idOf(key),
  status_id: idOf(object),
});

/** `Filter`. */
export const filterOf = (filter: Filter): object => ({
  ...headOf(filter),
  keywords: filter.phrases.map(keywordOf),
  statuses: filter.objects.map(namedOf),
});

/** `V1::Filter`: one phrase of a filter. */
export const v1FilterOf = (filter: Filter, phrase: FilterPhrase): object => ({
  id: idOf(phrase.key),
  phrase: phrase.text,
  context: namesOf(filter.contexts),
  whole_word: phrase.isWhole,
  expires_at: timeOrNull(filter.expiresMs),
  irreversible: filter.action === "hide",
});

/** `FilterResult`. */
export const resultOf = (match: FilterMatch, key: number): object => ({
  filter: headOf(match),
  keyword_matches: match.phrases.length === 0 ? null : match.phrases,
  status_matches: match.isNamed ? [idOf(key)] : null,
});
