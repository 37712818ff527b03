/** SQL as a value: text with `$1…$n` in order of appearance, valid in SQLite and PostgreSQL alike. */

export type SqlValue = string | number | null;

export interface Sql {
  readonly text: string;
  readonly values: readonly SqlValue[];
  /** When set, the batch fails unless this statement touches exactly so many rows. */
  readonly expects?: { readonly rows: number; readonly otherwise: () => Error };
  /** Called once the batch that holds this statement is on disk; never when it failed. May not throw. */
  readonly committed?: () => void;
}

const isSql = (value: unknown): value is Sql =>
  typeof value === "object" && value !== null && "text" in value && "values" in value;

/**
 * `` sql`SELECT … WHERE key = ${key} ${fragment}` ``: plain values become placeholders,
 * nested `Sql` is spliced in and renumbered. Placeholders in a fragment may only come from this tag.
 */
export function sql(parts: TemplateStringsArray, ...holes: readonly (SqlValue | undefined | Sql)[]): Sql {
  const values: SqlValue[] = [];
  let text = parts[0] ?? "";
  for (let i = 0; i < holes.length; i++) {
    const hole = holes[i];
    if (isSql(hole)) {
      const offset = values.length;
      text += offset === 0 ? hole.text : hole.text.replace(/\$(\d+)/g, (_, n) => `$${Number(n) + offset}`);
      values.push(...hole.values);
    } else {
      values.push(hole ?? null);
      text += `$${values.length}`;
    }
    text += parts[i + 1] ?? "";
  }
  return { text, values };
}

/** Text that is SQL already (a column name, a word of the dialect): never anything that came from outside. */
export const raw = (text: string): Sql => ({ text, values: [] });

export const none: Sql = raw("");

/** `(${a}, ${b}, …)` for `IN`; an empty list gives `(NULL)`, which matches nothing. */
export function list(items: readonly SqlValue[]): Sql {
  if (items.length === 0) return raw("(NULL)");
  return { text: `(${items.map((_, i) => `$${i + 1}`).join(", ")})`, values: items };
}

/** Joins fragments with a separator: `join([sql`a = ${1}`, sql`b = ${2}`], " AND ")`. */
export function join(fragments: readonly Sql[], separator: string): Sql {
  let joined = none;
  fragments.forEach((fragment, i) => {
    joined = i === 0 ? fragment : sql`${joined}${raw(separator)}${fragment}`;
  });
  return joined;
}

/** Fails the whole batch with `otherwise()` unless `statement` touches exactly `rows` rows. */
export const expecting = (rows: number, statement: Sql, otherwise: () => Error): Sql => ({
  ...statement,
  expects: { rows, otherwise },
});

/** Calls `committed` once the batch that holds `statement` is on disk, in this process only. */
export const onCommit = (statement: Sql, committed: () => void): Sql => ({ ...statement, committed });

/**
 * `EXISTS (SELECT 1 ${from})` as a look-up for each row: in a column or under an OR PostgreSQL would rather read the
 * whole table once, which is never what a page of twenty lines wants. `from` begins with `FROM`.
 */
export const has = (from: Sql): Sql => sql`((SELECT 1 ${from} LIMIT 1) IS NOT NULL)`;
