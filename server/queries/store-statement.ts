/** Statements whose text is built once for each length of their lists, so that engines find them prepared. */
import { list, raw, type Sql, type SqlValue } from "../lib/sql.ts";
import type { Range } from "./fill.ts";

type Given = Readonly<Record<string, SqlValue | readonly SqlValue[]>>;

/** What stands for each value while the text is built: a list for `IN`, or something to interpolate. */
type Holes<G> = { readonly [K in keyof G]: G[K] extends readonly SqlValue[] ? Sql : number };

interface Form {
  readonly text: string;
  /** Where each placeholder's value comes from: a name in what is given, or a constant of the text. */
  readonly slots: readonly Slot[];
}

interface Slot {
  readonly name: string | null;
  /** The place in the list that the name means. */
  readonly at: number;
  readonly constant: SqlValue;
}

/** Lengths of lists below which each has a text of its own: the sizes of pages among them; then powers of two. */
const LENGTHS = [1, 2, 4, 8, 16, 20, 32, 40] as const;

/**
 * Lists are padded to the next of a few lengths by repeating their last item (an empty one becomes `(NULL)`, which
 * matches nothing), so a statement has as many texts as its lists have magnitudes.
 */
export function statement<G extends Given>(build: (hole: Holes<G>) => Sql): (given: G) => Sql {
  const forms = new Map<string, Form>();
  return (given) => {
    const shape = shapeOf(given);
    let form = forms.get(shape);
    if (form === undefined) {
      form = formOf(given, build);
      forms.set(shape, form);
    }
    return { text: form.text, values: bind(form, given) };
  };
}

/** The statement as it is for a stranger, and as it is for a viewer (an actor's key). */
export function statementFor<G extends Given>(
  build: (hole: Holes<G>, viewer: number | null) => Sql,
): (given: G, viewer: number | null) => Sql {
  const forStranger = statement<G>((hole) => build(hole, null));
  const forViewer = statement<G & { readonly viewer: number }>((hole) =>
    build(hole as Holes<G>, hole.viewer as number),
  );
  return (given, viewer) => (viewer === null ? forStranger(given) : forViewer({ ...given, viewer }));
}

/** The ends of a stretch of a list, excluded, and how much of it is read. */
export type Bounds = { readonly before: number; readonly after: number; readonly limit: number };

/** A statement that reads a stretch of a list, in either direction; `build` gets the direction as SQL. */
export function ranged<G extends Record<string, string | number>>(
  build: (hole: { readonly [K in keyof (G & Bounds)]: number }, viewer: number | null, order: Sql) => Sql,
): (given: G, range: Range, viewer: number | null) => Sql {
  const make = (order: Sql) =>
    statementFor<G & Bounds>((hole, viewer) =>
      build(hole as { readonly [K in keyof (G & Bounds)]: number }, viewer, order),
    );
  const forms = { ASC: make(raw("ASC")), DESC: make(raw("DESC")) };
  return (given, { before, after, limit, order }, viewer) =>
    forms[order]({ ...given, before, after, limit }, viewer);
}

function shapeOf(given: Given): string {
  let shape = "";
  for (const name in given) {
    const value = given[name];
    if (Array.isArray(value)) shape += ` ${padded(value.length)}`;
  }
  return shape;
}

function padded(length: number): number {
  for (const size of LENGTHS) if (length <= size) return size;
  let size = 64;
  while (size < length) size *= 2;
  return size;
}

/** Halves stand for the holes: no key, time or limit of ours is ever one. */
const markerOf = (index: number): number => -(index + 0.5);

function formOf<G extends Given>(given: G, build: (hole: Holes<G>) => Sql): Form {
  const names = Object.keys(given);
  const holes = Object.fromEntries(
    names.map((name, index) => {
      const value = given[name];
      return [
        name,
        Array.isArray(value) ? list(Array(padded(value.length)).fill(markerOf(index))) : markerOf(index),
      ];
    }),
  );
  const { text, values } = build(holes as Holes<G>);
  // A list may stand in the text more than once: its places are counted round.
  const next = new Map<string, number>();
  const slots = values.map((value): Slot => {
    const index = typeof value === "number" ? -value - 0.5 : -1;
    const name = Number.isInteger(index) ? (names[index] ?? null) : null;
    if (name === null) return { name, at: 0, constant: value };
    const list = given[name];
    const at = next.get(name) ?? 0;
    next.set(name, Array.isArray(list) ? (at + 1) % padded(list.length) : 0);
    return { name, at, constant: null };
  });
  return { text, slots };
}

function bind({ slots }: Form, given: Given): SqlValue[] {
  return slots.map(({ name, at, constant }) => {
    if (name === null) return constant;
    const value = given[name];
    if (typeof value !== "object" || value === null) return value ?? null;
    const items = value as readonly SqlValue[];
    return items[Math.min(at, items.length - 1)] ?? null;
  });
}
