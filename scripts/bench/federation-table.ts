/** The figures of federation as tables, each beside what the machine could do alone. */
import type { FederationResult } from "./federation.ts";
import type { Machine } from "./machine.ts";
import { fixed, heading, megabytes, table, whole } from "./table.ts";

const SCHEMES = { cavage: "draft-cavage-12", rfc9421: "RFC 9421" } as const;

export function printFederation(
  result: FederationResult,
  beside: { readonly machine: Machine; readonly remoteBytes: number; readonly posts: number },
): void {
  const { letters, page, arrivals, hosts, memory } = result;
  const { machine } = beside;
  heading(`Letters in, with ${whole(beside.posts)} stored posts (a second)`);
  table(
    ["", "accepted", "applied", "the machine alone"],
    letters.map(({ scheme, isNew, count, acceptedPerSecond, appliedPerSecond }) => [
      `${SCHEMES[scheme]}, ${isNew ? "new keys" : "known keys"}, ${whole(count)}`,
      whole(acceptedPerSecond),
      whole(appliedPerSecond),
      isNew ? `signs ${whole(machine.signsPerSecond)}` : `verifies ${whole(machine.verifiesPerSecond)}`,
    ]),
  );
  console.log("A new key is fetched with a signed request, and its actor stored.");

  heading(`The home page while ${whole(page.perSecond)} letters a second come in (ms, one connection)`);
  table(
    ["", "p50", "p99"],
    [
      ["page, quiet", fixed(page.quiet.p50, 2), fixed(page.quiet.p99, 2)],
      ["  floor", fixed(page.floorQuiet.p50, 2), fixed(page.floorQuiet.p99, 2)],
      ["page, meanwhile", fixed(page.busy.p50, 2), fixed(page.busy.p99, 2)],
      ["  floor", fixed(page.floorBusy.p50, 2), fixed(page.floorBusy.p99, 2)],
    ],
  );

  heading(`From a post to its arrival at ${whole(hosts)} hosts (ms)`);
  table(
    ["post", "first", "half of them", "last", "a second", "the machine alone"],
    arrivals.map(({ firstMs, middleMs, lastMs }, i) => [
      String(i + 1),
      whole(firstMs),
      whole(middleMs),
      whole(lastMs),
      whole(hosts / (lastMs / 1000)),
      `signs ${whole(machine.signsPerSecond)}`,
    ]),
  );

  heading("Room");
  table(
    ["", "most"],
    [
      ...memory.map(([part, bytes]) => [`resident memory, ${part}`, megabytes(bytes)]),
      ["database, one remote post", `${whole(beside.remoteBytes)} bytes`],
    ],
  );
}
