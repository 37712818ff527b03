/** Where files are kept in a bucket, as a person writes it. */
import { Problem } from "../lib/problem.ts";

export interface Bucket {
  readonly name: string;
  /** What every name begins with: empty, or with a slash at its end. */
  readonly prefix: string;
  readonly endpoint: string | null;
  readonly region: string | null;
  /** Where anybody may read what is in it, with a slash at its end; null where only this server may. */
  readonly publicUrl: string | null;
}

const KNOWN = ["endpoint", "region", "public"] as const;

/**
 * Reads `s3://bucket/path?endpoint=https://…&region=…&public=https://…`.
 * Throws Problem `invalid` with a sentence for the person that begins after the setting's name.
 */
export function bucketOf(url: string): Bucket {
  const parsed = URL.canParse(url) ? new URL(url) : null;
  if (parsed?.protocol !== "s3:" || parsed.hostname === "")
    throw invalid("must be like s3://bucket/path?endpoint=https://….");
  for (const name of parsed.searchParams.keys())
    if (!KNOWN.some((known) => known === name))
      throw invalid(`has ${name}=, but only ${KNOWN.join(", ")} may stand there.`);
  const path = parsed.pathname.replace(/^\/|\/$/g, "");
  return {
    name: parsed.hostname,
    prefix: path === "" ? "" : `${decodeURIComponent(path)}/`,
    endpoint: addressIn(parsed, "endpoint"),
    region: parsed.searchParams.get("region"),
    publicUrl: addressIn(parsed, "public")?.replace(/\/?$/, "/") ?? null,
  };
}

function addressIn(url: URL, name: "endpoint" | "public"): string | null {
  const address = url.searchParams.get(name);
  if (address === null || /^https?:\/\/[^/]/.test(address)) return address;
  throw invalid(`has ${name}=${address}, which is no address like https://media.example.`);
}

const invalid = (rest: string): Problem => new Problem("invalid", rest);
