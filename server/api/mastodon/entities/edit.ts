/** Earlier forms of a post as `StatusEdit`s, the first one first. */

import type { VersionsView } from "../../../queries/versions.ts";
import type { ObjectView } from "../../../queries/view.ts";
import { timeOf } from "../ids.ts";
import type { Site } from "./account.ts";
import { statusOf } from "./status.ts";

export function editsOf({ now, madeMs, earlier }: VersionsView, site: Site): readonly object[] {
  const before = earlier
    .toReversed()
    .map((version) => editOf(version.view, version.madeMs, version.choices, site));
  const choices = now.poll?.options.map(({ name }) => name) ?? [];
  return [...before, editOf(now, madeMs, choices, site)];
}

function editOf(view: ObjectView, madeMs: number, choices: readonly string[], site: Site): object {
  const status = statusOf(view, site);
  return {
    content: status?.content ?? "",
    spoiler_text: status?.spoiler_text ?? "",
    sensitive: view.isSensitive,
    created_at: timeOf(madeMs),
    account: status?.account ?? null,
    media_attachments: status?.media_attachments ?? [],
    emojis: status?.emojis ?? [],
    ...(choices.length === 0 ? {} : { poll: { options: choices.map((title) => ({ title })) } }),
    quote: null,
  };
}
