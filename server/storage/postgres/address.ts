/** The address of a PostgreSQL database, as settings give it. */
import { Problem } from "../../lib/problem.ts";

/** Connections of one node: PostgreSQL allows 100 unless told otherwise, so eight nodes fit. */
const DEFAULT_CONNECTIONS = 10;
/** Fewer cannot be: one of them may do nothing but listen. */
const MIN_CONNECTIONS = 2;
/** More than any PostgreSQL should be asked for by one node. */
const MAX_CONNECTIONS = 500;

/** `connection_limit` is ours to know: PostgreSQL would refuse the name. @throws Problem `invalid` where it is no limit. */
export function withoutLimit(given: string): { readonly url: string; readonly limit: number } {
  const url = new URL(given);
  const wanted = url.searchParams.get("connection_limit");
  url.searchParams.delete("connection_limit");
  const limit = wanted === null ? DEFAULT_CONNECTIONS : Number(wanted);
  if (Number.isInteger(limit) && limit >= MIN_CONNECTIONS && limit <= MAX_CONNECTIONS)
    return { url: url.href, limit };
  throw new Problem(
    "invalid",
    `connection_limit in the database's address is ${wanted}. Give a whole number from ${MIN_CONNECTIONS} to ${MAX_CONNECTIONS}, or leave it away for ${DEFAULT_CONNECTIONS}.`,
  );
}
