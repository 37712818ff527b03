/** Nothing goes to a server that is refused here. */
import { expect, test } from "bun:test";
import { isVerdict } from "../jobs/job.ts";
import type { Fetch } from "../lib/fetch.ts";
import { isProblem, Problem } from "../lib/problem.ts";
import { REFUSED_HERE } from "../lib/upstream.ts";
import { endingRefused, guardFetch } from "./guard.ts";

const refusal = (host: string) => (host === "evil.test" ? "We do not speak to evil.test." : null);

/** Goes where it is told, then to wherever that redirects, as the real one asks for headers of each hop. */
function sending(redirect?: string) {
  const sent: string[] = [];
  const fetch: Fetch = async (url, options) => {
    for (const hop of redirect === undefined ? [url] : [url, redirect]) {
      await options?.headersFor?.(hop);
      sent.push(hop);
    }
    return { status: 200, headers: new Headers(), url, bytes: new Uint8Array() };
  };
  return { sent, guarded: guardFetch(fetch, refusal) };
}

const refused = async (work: Promise<unknown>): Promise<boolean> => {
  const error = await work.then(
    () => null,
    (error: unknown) => error,
  );
  return isProblem(error, "upstream") && error.detail.reason === REFUSED_HERE;
};

test("a refused server is not asked, however its name is written, nor by way of a redirect", async () => {
  for (const url of ["https://evil.test/x", "https://EVIL.test./x"]) {
    const { sent, guarded } = sending();
    expect([await refused(guarded(url)), sent]).toEqual([true, []]);
  }
  const { sent, guarded } = sending("https://evil.test/y");
  expect([await refused(guarded("https://b.test/x")), sent]).toEqual([true, ["https://b.test/x"]]);
});

test("any other server is asked, with the headers of whoever asks", async () => {
  const { sent, guarded } = sending();
  const signed: string[] = [];
  await guarded("https://b.test/x", {
    headersFor: async (url) => {
      signed.push(url);
      return {};
    },
  });
  expect([sent, signed]).toEqual([["https://b.test/x"], ["https://b.test/x"]]);
});

test("a job that needs a refused server ends with the reason; any other failure is its own business", async () => {
  const job = { run: endingRefused } as never;
  const failing = (error: Error) =>
    endingRefused({
      run: () => Promise.reject(error),
      retry: () => 1000,
      concurrency: 1,
    })
      .run(job, AbortSignal.any([]))
      .catch((error: unknown) => error);
  const ended = await failing(new Problem("upstream", "We do not.", { reason: REFUSED_HERE }));
  expect(isVerdict(ended) && [ended.message, ended.verdict.delayMs]).toEqual(["We do not.", null]);
  const other = new Problem("upstream", "Nobody answers.", { reason: "timeout" });
  expect(await failing(other)).toBe(other);
});
