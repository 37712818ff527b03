/** SQL as a value: text with `$1…$n` in order of appearance, valid in SQLite and PostgreSQL alike. */

export type SqlValue = string | number | null;

export interface Sql {
  readonly text: string;
  readonly values: readonly SqlValue[];
  /** When set, the batch fails unless this statement touches exactly so many rows. */
  readonly expects?: { readonly rows: number; readonly otherwise: () => Error };
  /** Called once the batch that holds this statement is on disk; never when it failed. May not throw. */
  readonly committed?: () => void;
  /** It only holds rows, so that others wait: an engine with one writer, where nobody else is under way, leaves it away. */
  readonly holds?: true;
}

const isSql = (value: unknown): value is Sql =>
  typeof value === "object" && value !== null && "text" in value && "values" in value;

/** Where the fragments of a template have led so far; the text is made once for each way through it. */
interface Form {
  text: string | null;
  plain: Form | null;
  nested: Map<string, Form> | null;
}

/** More than every statement of the server with every common length of its lists. */
const MAX_FORMS = 20_000;

const newForm = (): Form => ({ text: null, plain: null, nested: null });
let forms = new WeakMap<TemplateStringsArray, Form>();
let formCount = 0;

/**
 * `` sql`SELECT … WHERE key = ${key} ${fragment}` ``: plain values become placeholders,
 * nested `Sql` is spliced in and renumbered. Placeholders in a fragment may only come from this tag.
 */
export function sql(parts: TemplateStringsArray, ...holes: readonly (SqlValue | undefined | Sql)[]): Sql {
  const values: SqlValue[] = [];
  let form = rootOf(parts);
  for (const hole of holes) {
    if (isSql(hole)) {
      for (const value of hole.values) values.push(value);
      form = nestedForm(form, hole.text);
    } else {
      values.push(hole ?? null);
      form.plain ??= newForm();
      form = form.plain;
    }
  }
  form.text ??= textOf(parts, holes);
  return { text: form.text, values };
}

function rootOf(parts: TemplateStringsArray): Form {
  const known = forms.get(parts);
  if (known) return known;
  const made = newForm();
  forms.set(parts, made);
  return made;
}

function nestedForm(form: Form, text: string): Form {
  form.nested ??= new Map();
  const known = form.nested.get(text);
  if (known) return known;
  if (++formCount > MAX_FORMS) {
    forms = new WeakMap();
    formCount = 0;
  }
  const made = newForm();
  form.nested.set(text, made);
  return made;
}

function textOf(parts: TemplateStringsArray, holes: readonly (SqlValue | undefined | Sql)[]): string {
  let count = 0;
  let text = parts[0] ?? "";
  holes.forEach((hole, i) => {
    if (isSql(hole)) {
      text += moveNumbers(hole.text, count);
      count += hole.values.length;
    } else text += `$${++count}`;
    text += parts[i + 1] ?? "";
  });
  return text;
}

/** Text that is SQL already (a column name, a word of the dialect): never anything that came from outside. */
export const raw = (text: string): Sql => ({ text, values: [] });

export const none: Sql = raw("");

/** `(${a}, ${b}, …)` for `IN`; an empty list gives `(NULL)`, which matches nothing. */
export function list(items: readonly SqlValue[]): Sql {
  let text = lists[items.length];
  if (text === undefined) {
    text = `(${items.length === 0 ? "NULL" : items.map((_, i) => `$${i + 1}`).join(", ")})`;
    if (items.length < MAX_LISTS) lists[items.length] = text;
  }
  return { text, values: items };
}

/**
 * A list for `IN` that is as long as the next power of two, its last item repeated: a statement that is asked with lists
 * of all lengths then has few texts, and is found prepared.
 */
export function paddedList(items: readonly SqlValue[]): Sql {
  const last = items.at(-1);
  if (last === undefined) return list(items);
  const padded = [...items];
  while ((padded.length & (padded.length - 1)) !== 0) padded.push(last);
  return list(padded);
}

/** Texts of lists by their length; longer ones are rare and made each time. */
const lists: string[] = [];
const MAX_LISTS = 200;

/** Joins fragments with a separator: `join([sql`a = ${1}`, sql`b = ${2}`], " AND ")`. */
export function join(fragments: readonly Sql[], separator: string): Sql {
  const values: SqlValue[] = [];
  for (const fragment of fragments) for (const value of fragment.values) values.push(value);
  const key = fragments.map(({ text }) => text).join(`\0${separator}\0`);
  let text = joints.get(key);
  if (text === undefined) {
    text = joinedText(fragments, separator);
    if (joints.size >= MAX_JOINTS) joints.clear();
    joints.set(key, text);
  }
  return { text, values };
}

/** Texts of joints by the texts that were joined: rows of a statement are numbered once. */
const joints = new Map<string, string>();
/** Many times the shapes that the server has; 50 rows are some 4 KB of text. */
const MAX_JOINTS = 500;

function joinedText(fragments: readonly Sql[], separator: string): string {
  let count = 0;
  const texts = fragments.map(({ text, values }) => {
    const moved = moveNumbers(text, count);
    count += values.length;
    return moved;
  });
  return texts.join(separator);
}

/** The text with its placeholders counted on from `offset`. */
const moveNumbers = (text: string, offset: number): string =>
  text.replace(/\$(\d+)/g, (_, n) => `$${Number(n) + offset}`);

/** Rows in one statement: few statements, and few different texts to prepare. */
const ROWS_PER_STATEMENT = 50;

/** Statements for many rows, each made by `statement`: as many as fit into one, and what is left one by one. */
export function forRows<T>(rows: readonly T[], statement: (some: readonly T[]) => Sql): readonly Sql[] {
  const statements: Sql[] = [];
  let at = 0;
  for (; rows.length - at >= ROWS_PER_STATEMENT; at += ROWS_PER_STATEMENT)
    statements.push(statement(rows.slice(at, at + ROWS_PER_STATEMENT)));
  return [...statements, ...rows.slice(at).map((row) => statement([row]))];
}

/** Fails the whole batch with `otherwise()` unless `statement` touches exactly `rows` rows. */
export const expecting = (rows: number, statement: Sql, otherwise: () => Error): Sql => ({
  ...statement,
  expects: { rows, otherwise },
});

/**
 * Holds the rows that `query` finds, in its order, until the batch ends, against whoever would write to them; nobody who
 * refers to them waits. What comes after it in the batch sees all that others did before. It gives back no rows.
 */
export const holding = (query: Sql): Sql => ({
  text: `${query.text} FOR NO KEY UPDATE`,
  values: query.values,
  holds: true,
});

/** Calls `committed` once the batch that holds `statement` is on disk, in this process only. */
export const onCommit = (statement: Sql, committed: () => void): Sql => ({ ...statement, committed });

/**
 * `EXISTS (SELECT 1 ${from})` as a look-up for each row: in a column or under an OR PostgreSQL would rather read the
 * whole table once, which is never what a page of twenty lines wants. `from` begins with `FROM`.
 */
export const has = (from: Sql): Sql => sql`((SELECT 1 ${from} LIMIT 1) IS NOT NULL)`;

/** Whether the text of a column has `part` anywhere in it, as it is written. */
export const contains = (column: string, part: string): Sql =>
  sql`${raw(column)} LIKE ${`%${part.replace(/[\\%_]/g, "\\$&")}%`} ESCAPE '\\'`;
