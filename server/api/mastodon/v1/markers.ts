/** `/api/v1/markers`: up to where somebody has read home and notifications. */
import { type AnyElysia, Elysia } from "elysia";
import { timeOfKey } from "../../../lib/id.ts";
import { NOTICES_MARKER } from "../../../queries/notices.ts";
import type { MarkerRow } from "../../../queries/store-notices.ts";
import type { Face } from "../face.ts";
import { idOf, keyOf, timeOf } from "../ids.ts";

/** Their names of lists and ours: our pages read the same marker. */
const LISTS = new Map([
  ["home", "home"],
  ["notifications", NOTICES_MARKER],
]);

export const markersRoutes = (face: Face): AnyElysia =>
  new Elysia({ name: "mastodon markers" })
    .get(
      "/api/v1/markers",
      face.endpoint("read:statuses", async (call) => {
        const names = call.params.list("timeline").flatMap((name) => LISTS.get(name) ?? []);
        return markersOf(await call.queries.markers(call.viewerKey, names));
      }),
    )
    .post(
      "/api/v1/markers",
      face.endpoint("write:statuses", async (call) => {
        const positions = new Map<string, number>();
        for (const [name, list] of LISTS) {
          const id = call.params.object(name).text("last_read_id");
          if (id !== null) positions.set(list, keyOf(id));
        }
        const rows = await call.queries.putMarkers(call.viewerKey, positions);
        // The number on this person's open pages is another one now.
        face.live.tell(call.viewerKey, { name: "notices-read", about: null, detail: null });
        return markersOf(rows);
      }),
      { parse: "none" },
    ) as unknown as AnyElysia;

const markersOf = (rows: readonly MarkerRow[]): object =>
  Object.fromEntries(
    [...LISTS].flatMap(([name, list]) => {
      const row = rows.find((each) => each.name === list);
      if (row === undefined || row.position < 0) return [];
      const marker = {
        last_read_id: idOf(row.position),
        version: row.version,
        updated_at: timeOf(row.moved === 0 ? timeOfKey(row.position) : row.moved),
      };
      return [[name, marker]];
    }),
  );
