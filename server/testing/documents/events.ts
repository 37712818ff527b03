/** Gancio, Mobilizon and the calendars of WordPress: when and where. */
import { AS, forAll, PUBLIC, type Sample, SECURITY } from "./sample.ts";

const GANCIO = "https://agenda.test/federation/u/relay";
const MOBILIZON = "https://meet.test/@nora";
const GROUP = "https://meet.test/@school";
const BLOG = "https://blog.test/?author=2";

export const events: readonly Sample[] = [
  {
    what: "an evening in town (Gancio)",
    document: {
      "@context": [
        AS,
        { Hashtag: "as:Hashtag", focalPoint: { "@container": "@list", "@id": "toot:focalPoint" } },
      ],
      id: "https://agenda.test/federation/m/41",
      type: "Event",
      name: "Stars from the roof",
      url: "https://agenda.test/event/stars",
      ...forAll(GANCIO),
      published: "2026-08-01T09:00:00Z",
      startTime: "2026-08-12T21:30:00.000+02:00",
      endTime: "2026-08-12T23:30:00.000+02:00",
      content: "<p>Bring a blanket.</p>",
      location: [
        { type: "Place", name: "Old school", address: "Hill 3", latitude: 45.1, longitude: 9.2 },
        { type: "VirtualLocation", name: "Stream", url: "https://stream.test/stars" },
      ],
      attachment: [
        {
          type: "Document",
          mediaType: "image/jpeg",
          url: "https://agenda.test/media/stars.jpg",
          name: "A roof",
          focalPoint: [0, 0],
        },
      ],
      tag: [{ type: "Hashtag", name: "#stars", href: "https://agenda.test/tag/stars" }],
    },
    becomes: "Event, public: title, text, when and where, picture, tag",
    says: [
      "Wednesday, August 12, 2026",
      "9:30",
      "GMT+2",
      "Old school, Hill 3 · Stream",
      "https://stream.test/stars",
    ],
  },
  {
    what: "a meeting of a group that was called off, made by a person (Mobilizon)",
    document: {
      "@context": [
        AS,
        SECURITY,
        { ical: "http://www.w3.org/2002/12/cal/ical#", mz: "https://joinmobilizon.org/ns#" },
      ],
      id: "https://meet.test/activities/create/1",
      type: "Create",
      actor: MOBILIZON,
      attributedTo: GROUP,
      to: [PUBLIC],
      cc: [`${GROUP}/followers`, `${GROUP}/members`],
      object: {
        id: "https://meet.test/events/1",
        type: "Event",
        actor: MOBILIZON,
        attributedTo: GROUP,
        to: [PUBLIC],
        cc: [`${GROUP}/followers`],
        name: "Parents' evening",
        content: "<p>We meet later.</p>",
        mediaType: "text/html",
        startTime: "2026-09-01T17:00:00+00:00",
        endTime: null,
        timezone: "Europe/Paris",
        "ical:status": "CANCELLED",
        isOnline: true,
        joinMode: "free",
        category: "MEETING",
        location: null,
        draft: false,
        tag: [],
        attachment: [
          { type: "Link", href: "https://rooms.test/parents", mediaType: "text/html", name: "Website" },
        ],
        published: "2026-08-20T10:00:00Z",
      },
    },
    becomes: "done → Event, public: title, text, when, cancelled, link",
    says: ["Cancelled", "7:00", "GMT+2", "Website"],
  },
  {
    what: "a holiday, which has no hour",
    document: {
      "@context": [AS, "https://schema.org/"],
      id: "https://blog.test/?p=77",
      type: "Event",
      name: "No school",
      summary: "<p>Sleep in.</p>",
      ...forAll(BLOG),
      startTime: "2026-10-05",
      endTime: "2026-10-09",
      eventStatus: "EventScheduled",
      location: {
        type: "Place",
        name: "",
        address: { type: "PostalAddress", addressLocality: "Everywhere" },
      },
      url: "https://blog.test/event/no-school",
      image: { type: "Image", url: "https://blog.test/sun.png?w=10&#038;h=10" },
    },
    becomes: "Event, public: title, abstract, when and where, picture",
    says: ["Monday, October 5", "Friday, October 9, 2026", "Everywhere", "w=10&h=10"],
  },
];
