/** Comma-separated values as in RFC 4180: quotes, commas and line breaks inside quotes, any line ends, a BOM or none. */

export interface CsvRow {
  /** Where it begins in the text, counted from 1. */
  readonly line: number;
  readonly cells: readonly string[];
}

/** Rows, blank lines left out; or the line of a quote that never ends. Linear in the length of the text. */
export function parseCsv(text: string): readonly CsvRow[] | { readonly openQuoteLine: number } {
  const rows: CsvRow[] = [];
  let at = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  let line = 1;
  while (at < text.length) {
    const startLine = line;
    const cells: string[] = [];
    for (;;) {
      const isQuoted = text[at] === '"';
      const end = isQuoted ? endOfQuoted(text, at) : endOfPlain(text, at);
      if (end < 0) return { openQuoteLine: line };
      const raw = text.slice(at, end);
      if (isQuoted) for (const character of raw) if (character === "\n") line++;
      cells.push(isQuoted ? raw.slice(1, -1).replaceAll('""', '"') : raw);
      // What stands behind a closing quote belongs to nothing.
      at = isQuoted ? endOfPlain(text, end) : end;
      if (text[at] !== ",") break;
      at++;
    }
    if (text[at] === "\r") at++;
    if (text[at] === "\n") at++;
    line++;
    if (cells.length > 1 || cells[0]?.trim() !== "") rows.push({ line: startLine, cells });
  }
  return rows;
}

/** Behind the quote that closes the one at `start`; -1 where there is none. */
function endOfQuoted(text: string, start: number): number {
  for (let at = start + 1; ; at += 2) {
    at = text.indexOf('"', at);
    if (at < 0) return -1;
    if (text[at + 1] !== '"') return at + 1;
  }
}

function endOfPlain(text: string, start: number): number {
  let at = start;
  while (at < text.length && text[at] !== "," && text[at] !== "\n" && text[at] !== "\r") at++;
  return at;
}

/** One line with its end; cells are quoted where they must be. */
export const csvLine = (cells: readonly string[]): string =>
  `${cells.map((cell) => (/[",\r\n]|^\s|\s$/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(",")}\n`;
