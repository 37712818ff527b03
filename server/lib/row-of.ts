/** Tables that are looked up by a word from outside. */

/** The row of that name; undefined where the table has none. What every object inherits (`constructor`) is no row. */
export const rowOf = <Row>(table: Readonly<Record<string, Row>>, name: string): Row | undefined =>
  Object.hasOwn(table, name) ? table[name] : undefined;
