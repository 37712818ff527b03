/** Rows for the people who run the server: a real table that becomes a list on a narrow screen. */
import { type Html, html } from "../html.ts";

export interface Column<Row> {
  readonly label: string;
  readonly cell: (row: Row) => Html;
  readonly as?: "name" | "number" | "actions";
}

export function table<Row>(props: {
  /** Says what the table is about, to those who do not see the heading above it. */
  readonly caption: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string | number;
}): Html {
  const { columns } = props;
  return html`<div class="table-wrap" tabindex="0" role="region" aria-label=${props.caption}>
    <table class="table">
      <caption class="visually-hidden">${props.caption}</caption>
      <thead>
        <tr>${columns.map(({ label, as }) => html`<th key=${label} scope="col">${as === "actions" ? html`<span class="visually-hidden">${label}</span>` : label}</th>`)}</tr>
      </thead>
      <tbody>
        ${props.rows.map((row) => html`<tr key=${props.keyOf(row)}>${columns.map((column) => cell(column, row))}</tr>`)}
      </tbody>
    </table>
  </div>`;
}

function cell<Row>(column: Column<Row>, row: Row): Html {
  const content = column.cell(row);
  if (column.as === "name") return html`<th key=${column.label} scope="row">${content}</th>`;
  if (column.as === "actions") return html`<td key=${column.label} class="is-actions">${content}</td>`;
  return html`<td key=${column.label} class=${column.as === "number" ? "is-number" : undefined} data-label=${column.label}>
    ${content}</td>`;
}
