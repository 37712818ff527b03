/** Hostile input: what clients post that is no activity, and what they ask the proxy for (AP §4.1, §6). */
import { PUBLIC } from "../core/object.ts";
import { type HostileCase, hostile, type World } from "../testing/hostile.ts";
import { byEve, isLastUse } from "../testing/hostile-activities.ts";

const NOTE = { type: "Note", content: "x", to: [PUBLIC] };

const malformed: readonly HostileCase[] = [
  byEve("a document without a type is refused", 400, () => ({ content: "x" })),
  byEve("a document that is no JSON is refused", 400, () => "{"),
  byEve("a list is refused", 400, () => "[]"),
  byEve("null is refused", 400, () => "null"),
  byEve(
    "a document a hundred thousand deep is refused",
    400,
    () => `{"type":"Note","x":${"[".repeat(100_000)}${"]".repeat(100_000)}}`,
  ),
  byEve("a document of two megabytes is refused", 413, () => ({ ...NOTE, content: "x".repeat(2_000_000) })),
  byEve("a post to 501 people is refused", 413, () => ({
    ...NOTE,
    cc: Array.from({ length: 501 }, (_, i) => `https://m.test/${i}`),
  })),
  byEve("a post with 201 files is refused", 413, () => ({
    ...NOTE,
    attachment: Array.from({ length: 201 }, () => ({ type: "Image" })),
  })),
  byEve("@graph is refused", 400, () => ({ ...NOTE, "@graph": [] })),
  byEve("a Like of nothing is refused", [400, 403], () => ({ type: "Like" })),
  byEve("a Like of a script is refused", [400, 403], () => ({ type: "Like", object: "javascript:alert(1)" })),
  byEve("a Like of an address inside is refused", [400, 403], () => ({
    type: "Like",
    object: "https://10.0.0.1/x",
  })),
  byEve("a Like of an address in the cloud's own network is refused", [400, 403], () => ({
    type: "Like",
    object: "https://169.254.169.254/latest",
  })),
  {
    name: "a web page posted to an outbox is refused",
    status: [400, 415],
    send: (w) => w.eve.send(NOTE, { "content-type": "text/html" }),
    allows: isLastUse,
  },
  {
    name: "plain JSON posted to an outbox is refused",
    status: [400, 415],
    send: (w) => w.eve.send(NOTE, { "content-type": "application/json" }),
    allows: isLastUse,
  },
];

const proxied = (
  name: string,
  id: string | ((world: World) => string),
  status: HostileCase["status"] = [400, 404],
): HostileCase => ({
  name: `the proxy does not give ${name}`,
  status,
  send: (w) =>
    w.app.ask("/api/c2s/proxy", {
      method: "POST",
      headers: { authorization: w.eve.bearer, "content-type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams({ id: typeof id === "string" ? id : id(w) }).toString(),
    }),
  allows: isLastUse,
});

const COLLECTION = { id: "https://honest.test/lists/1", type: "OrderedCollection", orderedItems: ["Forged"] };

const proxy: readonly HostileCase[] = [
  proxied("nothing", ""),
  proxied("a file", "file:///etc/passwd"),
  proxied("a script", "javascript:alert(1)"),
  proxied("this machine", "https://127.0.0.1/"),
  proxied("an address inside", "https://10.0.0.1/"),
  proxied("the cloud's own network", "https://169.254.169.254/latest/meta-data/"),
  proxied("an address inside, written as one number", "https://167772161/"),
  proxied("an address without a host", "https:///users/alice"),
  proxied("what is not there", "https://honest.test/none"),
  proxied("a web page", (w) => {
    w.friends.put("/page", { type: "text/html", body: "<script>1</script>" });
    return "https://honest.test/page";
  }),
  proxied("alice's inbox", (w) => `${w.alice.iri}/inbox`),
  proxied("a list that was redirected from an honest server (CVE-2024-23832)", (w) => {
    w.fiends.put("/list", { body: COLLECTION });
    w.friends.put("/lists/1", { status: 302, headers: { location: "https://mallory.test/list" } });
    return COLLECTION.id;
  }),
];

hostile("documents of clients", [...malformed, ...proxy]);
