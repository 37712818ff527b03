/** What the pages about other servers show: all of them, those in trouble, one. */
import { Problem } from "../../server/lib/problem.ts";
import { permitted } from "../face.ts";
import { ADMIN_PEERS } from "../forms.ts";
import { adminPeerPage } from "../pages/admin/peer.ts";
import { adminPeersPage, TROUBLE } from "../pages/admin/peers.ts";
import type { Load } from "./load.ts";

export const peers: Load = async (deps, visit) => {
  permitted(visit, "tend-machine");
  const { path, fields } = ADMIN_PEERS;
  const { searchParams } = visit.url;
  const isTroubled = searchParams.get(fields.state) === TROUBLE;
  const { rows, next } = await deps.operations.peers(searchParams.get("after"), isTroubled);
  const filter = isTroubled ? `${fields.state}=${TROUBLE}&` : "";
  return adminPeersPage(visit.context, {
    rows,
    isTroubled,
    olderHref: next === null ? null : `${path}?${filter}after=${encodeURIComponent(next)}`,
  });
};

export const peer: Load = async (deps, visit) => {
  permitted(visit, "tend-machine");
  const found = await deps.operations.peer(visit.params.host ?? "");
  if (found === null) throw new Problem("not-found", "This server has never met that one.");
  return adminPeerPage(visit.context, { peer: found });
};
