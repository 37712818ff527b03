/** The signature that a host accepts is found by knocking twice, and remembered. */
import { expect, test } from "bun:test";
import { heldClock } from "../lib/clock.ts";
import { HOUR_MS } from "../lib/durations.ts";
import type { WantedSignature } from "../signatures/accept-signature.ts";
import type { Scheme } from "../signatures/request.ts";
import { createKnocking, keyKindFor } from "./remember.ts";

/** A host that answers by scheme, and a record of what it was sent and what was stored. */
function village(answers: Partial<Record<Scheme, number>>, stored: Scheme | null = null, headers = {}) {
  const clock = heldClock();
  const saved: Scheme[] = [];
  const knocking = createKnocking({
    now: clock.now,
    findScheme: async () => stored,
    saveScheme: async (_, scheme) => {
      saved.push(scheme);
    },
  });
  const sent: Scheme[] = [];
  async function deliver(): Promise<number> {
    const answer = await knocking.knock("b.test", async (scheme) => {
      sent.push(scheme);
      return { status: answers[scheme] ?? 401, headers: new Headers(headers) };
    });
    return answer.status;
  }
  return { clock, knocking, saved, sent, deliver, answers };
}

test("an unknown host is sent cavage, and where that is good, nothing else", async () => {
  const { deliver, sent, saved } = village({ cavage: 202 });
  expect([await deliver(), await deliver()]).toEqual([202, 202]);
  expect(sent).toEqual(["cavage", "cavage"]);
  expect(saved).toEqual([]);
});

test.each([400, 401])(
  "a host that answers %d to cavage is sent RFC 9421 at once, and from then on",
  async (status) => {
    const { deliver, sent, saved } = village({ cavage: status, rfc9421: 200 });
    expect([await deliver(), await deliver()]).toEqual([200, 200]);
    expect(sent).toEqual(["cavage", "rfc9421", "rfc9421"]);
    expect(saved).toEqual(["rfc9421"]);
  },
);

test.each([403, 404, 410, 422, 429, 500, 503])(
  "%d is about something else: no second knock",
  async (status) => {
    const { deliver, sent } = village({ cavage: status, rfc9421: 200 });
    expect(await deliver()).toBe(status);
    expect(sent).toEqual(["cavage"]);
  },
);

test("what is stored of a host is used first, and changed when it no longer holds", async () => {
  const { deliver, sent, saved } = village({ cavage: 202, rfc9421: 401 }, "rfc9421");
  expect([await deliver(), await deliver()]).toEqual([202, 202]);
  expect(sent).toEqual(["rfc9421", "cavage", "cavage"]);
  expect(saved).toEqual(["cavage"]);
});

test("a host that refuses both is not knocked at twice again within the hour", async () => {
  const { deliver, sent, saved, clock } = village({ cavage: 401, rfc9421: 400 });
  expect([await deliver(), await deliver()]).toEqual([401, 401]);
  expect(sent).toEqual(["cavage", "rfc9421", "cavage"]);
  clock.advance(HOUR_MS);
  await deliver();
  expect(sent).toHaveLength(5);
  expect(saved).toEqual([]);
});

test("a second answer that says nothing of signatures counts, but is not remembered", async () => {
  const { deliver, sent, saved } = village({ rfc9421: 503 });
  expect([await deliver(), await deliver()]).toEqual([503, 503]);
  expect(sent).toEqual(["cavage", "rfc9421", "cavage", "rfc9421"]);
  expect(saved).toEqual([]);
});

test("a host that asks for RFC 9421 by Accept-Signature gets it next time", async () => {
  const { deliver, sent } = village({ cavage: 202, rfc9421: 202 }, null, {
    "accept-signature": 'sig1=("@method")',
  });
  await deliver();
  await deliver();
  expect(sent).toEqual(["cavage", "rfc9421"]);
});

test("a host that signs by RFC 9421 is sent it, unless it has refused it within a day", async () => {
  const { deliver, sent, saved, knocking, clock, answers } = village({ cavage: 202, rfc9421: 401 });
  await knocking.understandsRfc9421("b.test");
  await deliver();
  await knocking.understandsRfc9421("b.test");
  await deliver();
  expect(sent).toEqual(["rfc9421", "cavage", "cavage"]);
  clock.advance(24 * HOUR_MS);
  answers.rfc9421 = 202;
  await knocking.understandsRfc9421("b.test");
  await deliver();
  expect(sent.at(-1)).toBe("rfc9421");
  expect(saved).toEqual(["rfc9421", "cavage", "rfc9421"]);
});

test("a failing second knock is a failure: the delivery is tried again later", async () => {
  const { knocking } = village({});
  const send = async (scheme: Scheme) => {
    if (scheme === "rfc9421") throw new Error("reset");
    return { status: 401, headers: new Headers() };
  };
  await expect(knocking.knock("b.test", send)).rejects.toThrow("reset");
});

/** A host that says what it wants of a signature, and takes nothing else. */
function particular(wish: (nth: number) => string, isGranted: (wanted: WantedSignature | null) => boolean) {
  const clock = heldClock();
  const knocking = createKnocking({
    now: clock.now,
    findScheme: async () => null,
    saveScheme: async () => undefined,
  });
  const sent: (readonly [Scheme, string | null])[] = [];
  async function deliver(): Promise<number> {
    const answer = await knocking.knock("b.test", async (scheme, wanted) => {
      sent.push([scheme, wanted && `${wanted.label} ${wanted.tag} ${wanted.nonce}`]);
      const isGood = scheme === "rfc9421" && isGranted(wanted);
      const asks: Record<string, string> = isGood ? {} : { "accept-signature": wish(sent.length) };
      return { status: isGood ? 202 : 401, headers: new Headers(asks) };
    });
    return answer.status;
  }
  return { sent, deliver };
}

test("a host that says what it wants of a signature gets it at once, and from then on (RFC 9421 §5)", async () => {
  const { sent, deliver } = particular(
    () => 'x=("@authority");created;tag="t"',
    (wanted) => wanted?.tag === "t",
  );
  expect([await deliver(), await deliver()]).toEqual([202, 202]);
  expect(sent).toEqual([
    ["cavage", null],
    ["rfc9421", "x t null"],
    ["rfc9421", "x t null"],
  ]);
});

test("a nonce is used once", async () => {
  const { sent, deliver } = particular(
    (nth) => `x=("@authority");created;nonce="n${nth}"`,
    (wanted) => wanted?.nonce != null,
  );
  expect([await deliver(), await deliver()]).toEqual([202, 202]);
  expect(sent.map(([, wanted]) => wanted)).toEqual([null, "x null n1", "x null null", "x null n3"]);
});

test("a host that wants what cannot be done is knocked at in both schemes, no more", async () => {
  const { sent, deliver } = particular(
    () => 'x=("@status")',
    () => false,
  );
  expect([await deliver(), await deliver()]).toEqual([401, 401]);
  expect(sent.map(([scheme]) => scheme)).toEqual(["cavage", "rfc9421", "cavage"]);
});

test("whoever asks for an Ed25519 signature gets one, and everybody else RSA", () => {
  const wanted = {
    label: "x",
    covered: [],
    nonce: null,
    tag: null,
    expires: false,
    kind: "ed25519",
  } as const;
  expect(keyKindFor("rfc9421", wanted)).toBe("ed25519");
  expect(keyKindFor("rfc9421", { ...wanted, kind: null })).toBe("rsa");
  expect(keyKindFor("cavage", wanted)).toBe("rsa");
});
