/** The figures as a table, each beside its floor and its aim. */
import type { Sizes } from "./bytes.ts";
import type { DeliveryResult } from "./deliveries.ts";
import type { InboxResult } from "./inbox.ts";
import type { Machine } from "./machine.ts";
import { ALONE, type Pair, type ReadResult, type Side, TOGETHER } from "./reads.ts";
import type { Scale } from "./world.ts";

/** What one server was measured at, with the middle number of posts. */
export interface Loaded {
  readonly reads: readonly ReadResult[];
  /** Each with what the machine alone could do in the same minutes. */
  readonly inbox: InboxResult;
  readonly inboxFloor: Machine;
  readonly deliveries: DeliveryResult;
  readonly deliveryFloor: Machine;
  /** To the first answer. */
  readonly startMs: number;
  readonly idleBytes: number;
  /** Resident so long after all that was asked. */
  readonly after: readonly { readonly ms: number; readonly bytes: number }[];
}

interface Report {
  readonly sizes: Sizes;
  /** By the number of stored posts. */
  readonly reads: ReadonlyMap<number, readonly ReadResult[]>;
  readonly loaded: Loaded;
  readonly scale: Scale;
}

/** A machine that verifies so many signatures a second is asked to take so many activities. */
const VERIFYING = { perSecond: 40_000, activities: 1_500 };

/** The share of its signing rate at which a machine is asked to deliver. */
const DELIVERING = 0.7;

export function printReport({ sizes, reads, loaded, scale }: Report): void {
  const [, middle] = scale.posts;
  heading(`Reads with ${whole(middle)} stored posts (one connection; requests a second at ${TOGETHER})`);
  table(
    ["", "p50 ms", "p90 ms", "p99 ms", "req/s", "CPU ms", "rows", "bytes"],
    (reads.get(middle) ?? []).flatMap((result) => {
      const { floor, subject } = pairAt(result, ALONE);
      const together = pairAt(result, TOGETHER);
      const times = timesOf({ floor, subject }, together);
      return [
        [
          result.name,
          ...latenciesOf(subject),
          whole(together.subject.perSecond),
          fixed(result.cpuMs, 2),
          "",
          "",
        ],
        [
          "  floor",
          ...latenciesOf(floor),
          whole(together.floor.perSecond),
          "",
          whole(result.shape.rows),
          whole(result.shape.bytes),
        ],
        ["  × floor", ...times, "", "", ""],
      ];
    }),
  );
  console.log("Aims: actor document and home page within 3 × floor at p50, 6 × at p90.");

  printGrowth(reads, scale);

  const { inbox, inboxFloor, deliveries, deliveryFloor } = loaded;
  const inboxAim = (VERIFYING.activities * inboxFloor.verifiesPerSecond) / VERIFYING.perSecond;
  const share = (100 * deliveries.perSecond) / deliveryFloor.signsPerSecond;
  heading("Federation (the machine alone: measured before each of the rounds, the middle one)");
  table(
    ["", "a second", "the machine alone", "aim"],
    [
      [
        `inbox, ${whole(inbox.activities)} activities by ${inbox.actors} actors: accepted`,
        whole(inbox.acceptedPerSecond),
        `verifies ${whole(inboxFloor.verifiesPerSecond)}`,
        "",
      ],
      [
        "  … and applied, until the last is",
        whole(inbox.appliedPerSecond),
        `commits ${whole(inboxFloor.commitsPerSecond)}`,
        whole(inboxAim),
      ],
      [
        `deliveries to ${deliveries.hosts} hosts, ${whole(deliveries.deliveries)} in all`,
        whole(deliveries.perSecond),
        `signs ${whole(deliveryFloor.signsPerSecond)}`,
        `${whole(deliveryFloor.signsPerSecond * DELIVERING)} (70 %; here ${whole(share)} %)`,
      ],
    ],
  );

  heading("Room");
  table(
    ["", "here", "aim"],
    [
      ["start, to the first answer", `${loaded.startMs.toFixed(0)} ms`, "200 ms"],
      ["resident memory, idle", megabytes(loaded.idleBytes), "80 MB"],
      ...loaded.after.map(({ ms, bytes }) => [
        `resident memory, ${whole(ms / 1000)} s after the run`,
        megabytes(bytes),
        "120 MB",
      ]),
      ["database, one local post", `${whole(sizes.localBytes)} bytes`, "1,200 bytes"],
      ["database, one remote post", `${whole(sizes.remoteBytes)} bytes`, "3,000 bytes"],
    ],
  );
}

/** How the same reads cost more with more posts. */
export function printGrowth(
  reads: ReadonlyMap<number, readonly ReadResult[]>,
  { posts: [small, middle, large] }: Scale,
): void {
  heading("Growth (p50 in ms; in multiples of the floor of the same minutes)");
  table(
    ["", ...[small, middle, large].map(whole), `${whole(large)} : ${whole(small)}`, "as × floor"],
    (reads.get(small) ?? []).map((first, i) => {
      const row = [small, middle, large].map((posts) => pairAt(reads.get(posts)?.[i] ?? first, ALONE));
      const from = pairAt(first, ALONE);
      const to = row.at(-1) ?? from;
      return [
        first.name,
        ...row.map(({ subject, floor }) => `${fixed(subject.p50, 2)} (${fixed(subject.p50 / floor.p50, 1)})`),
        fixed(to.subject.p50 / from.subject.p50, 2),
        fixed(to.subject.p50 / to.floor.p50 / (from.subject.p50 / from.floor.p50), 2),
      ];
    }),
  );
  console.log("Aim: under 1.3.");
}

export function pairAt({ name, at }: ReadResult, connections: number): Pair {
  const pair = at.get(connections);
  if (pair === undefined) throw new Error(`${name} was not measured at ${connections} connections.`);
  return pair;
}

export const latenciesOf = ({ p50, p90, p99 }: Side): readonly string[] => [
  fixed(p50, 3),
  fixed(p90, 3),
  fixed(p99, 3),
];

/** Latencies and throughput in multiples of the floor's; `together` where throughput was measured at another number. */
export const timesOf = ({ floor, subject }: Pair, together: Pair): readonly string[] => [
  fixed(subject.p50 / floor.p50, 1),
  fixed(subject.p90 / floor.p90, 1),
  fixed(subject.p99 / floor.p99, 1),
  fixed(together.floor.perSecond / together.subject.perSecond, 1),
];

export const fixed = (value: number, digits: number): string => value.toFixed(digits);
export const whole = (value: number): string => Math.round(value).toLocaleString("en");
export const megabytes = (bytes: number): string => `${fixed(bytes / 1e6, 1)} MB`;

export const heading = (text: string): void => console.log(`\n${text}\n`);

/** Columns as wide as what they hold, in Markdown. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): void {
  const widths = head.map((name, column) =>
    Math.max(name.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join(" | ")} |`;
  console.log(line(head));
  console.log(
    `|${widths.map((width, i) => (i === 0 ? "-".repeat(width + 2) : `${"-".repeat(width + 1)}:`)).join("|")}|`,
  );
  for (const row of rows) console.log(line(row));
}
