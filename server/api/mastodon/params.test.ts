/** Parameters in every form in which clients send them. */
import { expect, test } from "bun:test";
import { isProblem } from "../../lib/problem.ts";
import { type Params, queryOf, readParams } from "./params.ts";

const URL = "https://a.test/api/v1/x";

const form = (text: string): Promise<Params> =>
  readParams(
    new Request(URL, {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: text,
    }),
  );

const json = (value: unknown, type = "application/json"): Promise<Params> =>
  readParams(
    new Request(URL, { method: "PUT", headers: { "content-type": type }, body: JSON.stringify(value) }),
  );

test("lists come with brackets, percent-encoded brackets, numbers, or as one bare value", () => {
  const cases: [string, readonly string[]][] = [
    ["?id[]=1&id[]=2", ["1", "2"]],
    ["?id%5B%5D=1&id%5B%5D=2", ["1", "2"]],
    ["?id=1", ["1"]],
    ["?id[0]=1&id[10]=3&id[2]=2", ["1", "2", "3"]],
    ["?other=1", []],
    ["", []],
  ];
  for (const [query, expected] of cases) expect(queryOf(URL + query).list("id")).toEqual(expected);
});

test("of a value that comes twice the last one counts", () => {
  const params = queryOf(`${URL}?limit=20&max_id=5&limit=7`);
  expect(params.integer("limit")).toBe(7);
  expect(params.text("limit")).toBe("7");
});

test("texts of JSON are whole, wherever an app cut them", async () => {
  const params = await json({ title: "half \ud83d", options: ["\udc00"] });
  expect(params.text("title")).toBe("half \ufffd");
  expect(params.list("options")).toEqual(["\ufffd"]);
});

test("truth has many spellings", () => {
  const cases: [string, boolean | null][] = [
    ["true", true],
    ["True", true],
    ["1", true],
    ["on", true],
    ["false", false],
    ["False", false],
    ["0", false],
    ["off", false],
  ];
  for (const [word, expected] of cases)
    expect(queryOf(`${URL}?resolve=${word}`).flag("resolve")).toBe(expected);
  expect(queryOf(URL).flag("resolve")).toBeNull();
});

test("numbers come as texts too, and what is none is none", () => {
  const cases: [string, number | null][] = [
    ["20", 20],
    ["-1", -1],
    ["2.5", null],
    ["x", null],
    ["", null],
    ["99999999999999999999", null],
  ];
  for (const [text, expected] of cases)
    expect(queryOf(`${URL}?limit=${text}`).integer("limit")).toBe(expected);
});

test("objects and lists of objects come with brackets as well as in JSON", async () => {
  const texts = [
    "poll[options][]=a&poll[options][]=b&poll[expires_in]=3600&keywords_attributes[][keyword]=x&keywords_attributes[][whole_word]=true&keywords_attributes[][keyword]=y",
    "poll%5Boptions%5D%5B%5D=a&poll[options][]=b&poll[expires_in]=3600&keywords_attributes[0][keyword]=x&keywords_attributes[0][whole_word]=true&keywords_attributes[1][keyword]=y",
  ];
  const given = {
    poll: { options: ["a", "b"], expires_in: "3600" },
    keywords_attributes: [{ keyword: "x", whole_word: true }, { keyword: "y" }],
  };
  for (const params of [await form(texts[0] ?? ""), await form(texts[1] ?? ""), await json(given)]) {
    expect(params.object("poll").list("options")).toEqual(["a", "b"]);
    expect(params.object("poll").integer("expires_in")).toBe(3600);
    expect(
      params.objects("keywords_attributes").map((one) => [one.text("keyword"), one.flag("whole_word")]),
    ).toEqual([
      ["x", true],
      ["y", null],
    ]);
  }
});

test("a body of DELETE counts, and goes before the query", async () => {
  const params = await readParams(
    new Request(`${URL}?domain=a.test`, {
      method: "DELETE",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ domain: "b.test", account_ids: [1, "2"] }),
    }),
  );
  expect(params.text("domain")).toBe("b.test");
  expect(params.list("account_ids")).toEqual(["1", "2"]);
});

test("multipart brings texts and files", async () => {
  const body = new FormData();
  body.append("source[privacy]", "private");
  body.append("avatar", new File(["x"], "a.png"));
  body.append("header", new File([], ""));
  const params = await readParams(new Request(URL, { method: "PATCH", body }));
  expect(params.object("source").text("privacy")).toBe("private");
  expect(await params.file("avatar")?.text()).toBe("x");
  expect(params.file("header")).toBeNull();
});

test("JSON that is not named as such is read, an empty body is none", async () => {
  const bare = new Request(URL, { method: "POST", body: new TextEncoder().encode('{"a":1}') });
  expect((await readParams(bare)).text("a")).toBe("1");
  const empty = new Request(URL, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: "",
  });
  expect((await readParams(empty)).names).toEqual([]);
});

test("what cannot be read is refused, and names that mean something to the language mean nothing", async () => {
  for (const body of ["[1]", "{", '"x"']) {
    const request = new Request(URL, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body,
    });
    expect(await readParams(request).catch((error) => isProblem(error, "invalid"))).toBe(true);
  }
  const many = Array.from({ length: 1_001 }, (_, i) => `a${i}=1`).join("&");
  expect(await form(many).catch((error) => isProblem(error, "invalid"))).toBe(true);
  const hostile = await form("__proto__[polluted]=1&constructor[prototype][polluted]=1&toString=x");
  expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  expect(hostile.text("hasOwnProperty")).toBeNull();
  expect(hostile.text("toString")).toBe("x");
  expect((await form(`a${"[b]".repeat(500)}=1`)).names).toHaveLength(1);
});
