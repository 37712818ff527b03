/** The figures of the API that apps speak as tables, each beside its floor and its aim. */
import type { Machine } from "./machine.ts";
import type { PostingResult } from "./posting.ts";
import { ALONE, type ReadResult } from "./reads.ts";
import { fixed, heading, latenciesOf, pairAt, printGrowth, table, timesOf, whole } from "./table.ts";
import type { Scale } from "./world.ts";

/** In multiples of one commit of the machine. */
const POSTING_AIM = 10;
/** Requests a second for the home timeline: three times what the quickest server of its kind answers. */
const TIMELINE_AIM = 4_500;

export function printApps(given: {
  /** By the number of stored posts. */
  readonly reads: ReadonlyMap<number, readonly ReadResult[]>;
  readonly posting: PostingResult;
  readonly machine: Machine;
  readonly scale: Scale;
}): void {
  const { reads, posting, machine, scale } = given;
  printAppReads(reads, scale);
  console.log(
    `Aims: home timeline within 3 × floor at p50, 6 × at p90; ${whole(TIMELINE_AIM)} requests a second at 8.`,
  );
  printGrowth(reads, scale);

  const commitMs = 1000 / machine.commitsPerSecond;
  heading(`Posting, one after the other (one commit of the machine: ${fixed(commitMs, 2)} ms)`);
  table(
    ["", "p50 ms", "p90 ms", "p99 ms", "× commit", "aim"],
    [
      ["a bare server, one row", ...latenciesOf(posting.floor), fixed(posting.floor.p50 / commitMs, 1), ""],
      ["nobody follows", ...latenciesOf(posting.lonely), fixed(posting.lonely.p50 / commitMs, 1), ""],
      [
        `${whole(posting.followers)} people here follow`,
        ...latenciesOf(posting.followed),
        fixed(posting.followed.p50 / commitMs, 1),
        `${POSTING_AIM}`,
      ],
    ],
  );
}

/** With the middle number of posts, at each number of connections. */
export function printAppReads(reads: ReadonlyMap<number, readonly ReadResult[]>, scale: Scale): void {
  const [, middle] = scale.posts;
  heading(`The API of apps with ${whole(middle)} stored posts`);
  table(
    ["", "connections", "p50 ms", "p90 ms", "p99 ms", "req/s", "rows", "bytes"],
    (reads.get(middle) ?? []).flatMap((result) =>
      [...result.at.keys()].flatMap((many) => {
        const pair = pairAt(result, many);
        const isFirst = many === ALONE;
        return [
          [
            isFirst ? result.name : "",
            whole(many),
            ...latenciesOf(pair.subject),
            whole(pair.subject.perSecond),
            isFirst ? whole(result.shape.rows) : "",
            isFirst ? whole(result.shape.bytes) : "",
          ],
          ["  floor", "", ...latenciesOf(pair.floor), whole(pair.floor.perSecond), "", ""],
          ["  × floor", "", ...timesOf(pair, pair), "", ""],
        ];
      }),
    ),
  );
}
