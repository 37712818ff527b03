/** What was done by those who run the server: all of it for them, its public part for everybody. */
import { emptyState } from "../components/empty-state.ts";
import { pageHead } from "../components/page-head.ts";
import { pager } from "../components/pager.ts";
import { table } from "../components/table.ts";
import { time } from "../components/time.ts";
import { type Html, html } from "../html.ts";
import type { PageContext, PageView } from "../page.ts";
import { adminView } from "./admin/frame.ts";

export interface RecordLine {
  readonly id: number;
  readonly timeMs: number;
  /** Name of whoever did it, null for the program itself; strangers are told no names. */
  readonly who: string | null;
  readonly act: string;
  /** Words of the act's own: `limit no-media`. */
  readonly detail: string | null;
  readonly about: string | null;
  readonly reason: string | null;
  readonly isPublic: boolean;
}

export interface RecordProps {
  readonly lines: readonly RecordLine[];
  readonly olderHref: string | null;
}

export function adminRecordPage(context: PageContext, props: RecordProps): PageView {
  const { record: said } = context.words;
  return adminView(context, { title: said.title, text: said.text, content: lines(context, props, true) });
}

export function publicRecordPage(context: PageContext, props: RecordProps): PageView {
  const { record: said } = context.words;
  return {
    title: said.publicTitle,
    width: "wide",
    main: html`${pageHead({ title: said.publicTitle, text: said.publicText })}${lines(context, props, false)}`,
  };
}

function lines(context: PageContext, props: RecordProps, isStaff: boolean): Html {
  const { record: said } = context.words;
  return html`<div class="sheet">${
    props.lines.length === 0
      ? emptyState({ icon: "file-text", title: said.title, text: said.empty })
      : html`${lineTable(context, props.lines, isStaff)}${props.olderHref && pager(context, { olderHref: props.olderHref })}`
  }</div>`;
}

/** `isStaff` tells who did it too. */
export function lineTable(context: PageContext, rows: readonly RecordLine[], isStaff: boolean): Html {
  const { record: said } = context.words;
  return table<RecordLine>({
    caption: said.title,
    rows,
    keyOf: ({ id }) => id,
    columns: [
      {
        label: said.about,
        as: "name",
        cell: ({ about, isPublic }) =>
          html`<div><bdi>${about ?? said.thisServer}</bdi>${isStaff && isPublic && html`<small>${said.isPublic}</small>`}</div>`,
      },
      { label: said.done, cell: (row) => html`<span>${actOf(context, row)}</span>` },
      { label: said.reason, cell: ({ reason }) => html`<span dir="auto">${reason ?? "–"}</span>` },
      ...(isStaff
        ? [{ label: said.who, cell: ({ who }: RecordLine) => html`<bdi>${who ?? said.byProgram}</bdi>` }]
        : []),
      { label: said.when, cell: ({ timeMs }) => time(context, timeMs) },
    ],
  });
}

function actOf({ words }: PageContext, { act, detail }: RecordLine): string {
  const acts: Readonly<Record<string, string>> = words.record.acts;
  const details: Readonly<Record<string, string>> = words.record.details;
  const more = (detail ?? "")
    .split(" ")
    .filter((word) => word !== "")
    .map((word) => details[word] ?? word);
  return [acts[act] ?? act, more.join(", ")].filter((part) => part !== "").join(": ");
}
