/** Events: when and where, in the forms of calendars, and in those that only fiends use. */
import { describe, expect, test } from "bun:test";
import { readParts } from "../testing/parts.ts";

const event = (more: Record<string, unknown>) =>
  readParts({ type: "Event", name: "Fair", startTime: "2026-05-04T18:30:00+02:00", ...more }).event;

describe("the time of an event", () => {
  test("is on the clock that its author names, else on that of the time itself", () => {
    expect(event({})).toMatchObject({
      startsMs: Date.UTC(2026, 4, 4, 16, 30),
      timeZone: "+02:00",
      isAllDay: false,
    });
    expect(event({ timezone: "Europe/Rome" })?.timeZone).toBe("Europe/Rome");
    expect(event({ startTime: "2026-05-04T18:30:00Z" })?.timeZone).toBe("UTC");
    expect(event({ timezone: "Mars/Olympus" })?.timeZone).toBe("+02:00");
  });

  test("ends after it begins, or nobody knows when", () => {
    expect(event({ endTime: "2026-05-04T20:00:00+02:00" })?.endsMs).toBe(Date.UTC(2026, 4, 4, 18));
    expect(event({ endTime: "2026-05-04T10:00:00+02:00" })?.endsMs).toBeNull();
    expect(event({ endTime: "later" })?.endsMs).toBeNull();
  });

  test("may be a day", () => {
    expect(event({ startTime: "2026-05-04" })).toMatchObject({ isAllDay: true, timeZone: "UTC" });
  });

  test.each([[null], [""], ["tomorrow"], ["2026-13-45T99:99"], [{}], [[]], [5]])(
    "is not there for %j",
    (startTime) => {
      expect(event({ startTime })).toBeNull();
    },
  );

  test("is only told of events", () => {
    expect(readParts({ type: "Note", startTime: "2026-05-04" }).event).toBeNull();
  });
});

describe("the place of an event", () => {
  test.each([
    [
      { type: "Place", name: "Hall", address: { streetAddress: "Way 1", addressLocality: "Town" } },
      "Hall, Way 1, Town",
    ],
    [{ type: "Place", name: "Hall", address: "Way 1" }, "Hall, Way 1"],
    [{ type: "Place", name: "Town", address: { addressLocality: "Town" } }, "Town"],
    ["The old bridge", "The old bridge"],
    [
      [
        { type: "Place", name: "Hall" },
        { type: "VirtualLocation", url: "https://c.test/room" },
      ],
      "Hall",
    ],
    [{ type: "Place", latitude: 1, longitude: 2 }, null],
    ["https://c.test/room", null],
    [7, null],
  ])("%j is %p", (location, place) => {
    expect(event({ location })?.place ?? null).toBe(place);
  });

  test("leads to where one meets online, and nowhere else", () => {
    expect(event({ location: { type: "Link", href: "https://c.test/room" } })?.placeUrl).toBe(
      "https://c.test/room",
    );
    expect(event({ location: { type: "VirtualLocation", url: "javascript:alert(1)" } })?.placeUrl).toBeNull();
  });
});

test.each([
  [{ "ical:status": "CANCELLED" }, true],
  [{ eventStatus: "https://schema.org/EventCancelled" }, true],
  [{ "ical:status": "CONFIRMED" }, false],
  [{}, false],
])("an event with %j is called off: %p", (more, isCancelled) => {
  expect(event(more)?.isCancelled).toBe(isCancelled);
});
