/** What admins read about one other server. */
import { expect, test } from "bun:test";
import { renderDocument } from "../../render.ts";
import { cannedContext } from "../../testing/canned.ts";
import { ago } from "../../testing/people.ts";
import { adminPeerPage } from "./peer.ts";
import type { PeerRow } from "./peers.ts";

const PEER: PeerRow = {
  host: "madrasa.example",
  software: null,
  state: "fine",
  waiting: 0,
  failures: 0,
  failingSinceMs: null,
  heldMs: null,
  receivedMs: null,
  scheme: null,
  lastArrivedMs: null,
  nextTryMs: null,
  lastError: null,
};
const context = cannedContext({ as: "admin" });
const { peer: said } = context.words;

test.each([
  ["nothing has arrived yet", {}, said.unknown],
  ["letters arrived signed as every server is written to at first", { lastArrivedMs: ago(3) }, said.cavage],
  ["it was found out", { lastArrivedMs: ago(3), scheme: "rfc9421" }, said.rfc9421],
])("where %s, the page says which signature a server takes", (_, given, signature) => {
  const page = renderDocument(context, adminPeerPage(context, { peer: { ...PEER, ...given } }));
  expect(page).toContain(`<dt>${said.signature}</dt><dd>${signature}</dd>`);
});
