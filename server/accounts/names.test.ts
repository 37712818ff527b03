/** What people may be called, which passwords they may choose, and how few are hashed at once. */
import { expect, spyOn, test } from "bun:test";
import { isProblem } from "../lib/problem.ts";
import { checkNewPassword, createPasswordHasher } from "./hashing.ts";
import { parseDisplayName, parseEmail, parseName } from "./names.ts";

function reasonOf(work: () => unknown): string | undefined {
  try {
    work();
    return "none";
  } catch (error) {
    return isProblem(error, "invalid") ? `${error.detail.field}: ${error.detail.reason}` : String(error);
  }
}

test("names are a to z, digits and underscores, short, and not the server's own", () => {
  const cases: [string, string][] = [
    ["", "name: name-missing"],
    ["@", "name: name-missing"],
    ["a".repeat(31), "name: name-too-long"],
    ["ali ce", "name: name-characters"],
    ["ali.ce", "name: name-characters"],
    ["älice", "name: name-characters"],
    ["аlice", "name: name-characters"],
    ["alice@there.example", "name: name-characters"],
    ["Admin", "name: name-reserved"],
    ["inbox", "name: name-reserved"],
  ];
  for (const [name, reason] of cases) expect([name, reasonOf(() => parseName(name))]).toEqual([name, reason]);
  expect(parseName(" @Ms_Frizzle_7 ")).toBe("ms_frizzle_7");
  expect(parseName("a".repeat(30))).toHaveLength(30);
  expect(parseName("admin", true)).toBe("admin");
});

test("addresses look like one, and are kept in lower case", () => {
  for (const text of [
    "alice",
    "a@",
    "@b",
    "a b@c.example",
    "a@b@c",
    "a@b,c@d",
    "<a@b>",
    `${"a".repeat(251)}@b.c`,
  ]) {
    expect([text, reasonOf(() => parseEmail(text))]).toEqual([text, "email: email-malformed"]);
  }
  expect(parseEmail(" Alice.B+c@School.Example ")).toBe("alice.b+c@school.example");
  expect(parseEmail("  ")).toBeNull();
});

test("the name shown is one line of at most sixty characters", () => {
  expect(parseDisplayName(" Ms\nFrizzle\u0007 ")).toBe("Ms Frizzle");
  expect(reasonOf(() => parseDisplayName("🎓".repeat(61)))).toBe("displayName: display-name-too-long");
  expect(parseDisplayName("🎓".repeat(60))).toHaveLength(120);
});

test("a password is long enough, not the name, and not one key held down", () => {
  const cases: [string, string][] = [
    ["too short", "password: password-short"],
    ["🔑🔑🔑🔑🔑", "password: password-short"],
    ["p".repeat(257), "password: password-long"],
    ["bartholomew1", "password: password-like-name"],
    ["Bartholomew12!", "password: password-like-name"],
    ["ababababababab", "password: password-easy"],
    ["correct horse", "none"],
    ["bartholomew the second", "none"],
  ];
  for (const [password, reason] of cases) {
    expect([password, reasonOf(() => checkNewPassword(password, "bartholomew"))]).toEqual([password, reason]);
  }
});

test("passwords become argon2id with the parameters of OWASP, and are found again from any keyboard", async () => {
  const hasher = createPasswordHasher();
  const hash = await hasher.hash("cafe\u0301 au lait");
  expect(hash).toStartWith("$argon2id$v=19$m=19456,t=2,p=1$");
  expect(await hasher.verify("caf\u00e9 au lait", hash)).toBe(true);
  expect(await hasher.verify("cafe au lait", hash)).toBe(false);
  expect(await hasher.verify("p".repeat(257), hash)).toBe(false);
});

test("where there is no account a hash is computed all the same, and is never right", async () => {
  const hasher = createPasswordHasher();
  const verify = spyOn(Bun.password, "verify");
  try {
    expect(await hasher.verify("anything", null)).toBe(false);
    expect(verify).toHaveBeenCalledTimes(1);
    expect(verify.mock.calls[0]?.[1]).toStartWith("$argon2id$v=19$m=19456,t=2,p=1$");
  } finally {
    verify.mockRestore();
  }
});

test("at most two passwords are hashed at once, the rest wait their turn, and too many are sent away", async () => {
  let running = 0;
  let most = 0;
  const hash = spyOn(Bun.password, "hash").mockImplementation(async () => {
    most = Math.max(most, ++running);
    await Promise.resolve();
    running--;
    return "hash";
  });
  try {
    const hasher = createPasswordHasher();
    const all = await Promise.allSettled(Array.from({ length: 110 }, () => hasher.hash("some password")));
    expect(most).toBe(2);
    expect(all.filter(({ status }) => status === "fulfilled")).toHaveLength(102);
    expect(all.find((each) => each.status === "rejected")?.reason).toMatchObject({ code: "too-many" });
    expect(await hasher.hash("afterwards there is room again")).toBe("hash");
  } finally {
    hash.mockRestore();
  }
});
