/** Pictures for what is not to be had: clients and pages load one without looking. */

/** Of films without a still: a grey sign that says “play”, 320 pixels wide. */
const PICTURE =
  "iVBORw0KGgoAAAANSUhEUgAAAUAAAAC0AQMAAADfKmdSAAAABlBMVEXV3d99j5Nh8psNAAAApUlEQVR42u3Wuw2AMAxFUUZhBAZA" +
  "YjWPllE8QkoXkYPEBLd4BcW79RESkI+PwznnnHPO/beTwovCm8IHw6AwKSwKm8KN4aBwUrgobAp3UJgUFoWLwo3hoDApLAqbQvTJ" +
  "PzgonBQuCjeGQWFSWBS2/Ikpf2v5n5ny1RPqFV7yXTjUJ8WSn2apPnFbfitM+c0lv11LPgGEekq55ZMUns2cc84555y4F7bZuvfT" +
  "GsjWAAAAAElFTkSuQmCC";

/** It may be there later, so nobody keeps this for long. */
const CACHE = "public, max-age=3600";

export const standIn = (): Response =>
  new Response(Buffer.from(PICTURE, "base64"), {
    headers: {
      "content-type": "image/png",
      "cache-control": CACHE,
      "cross-origin-resource-policy": "cross-origin",
    },
  });

/** Somebody, and nothing, as SVG: grey that lets the page through, so that it lies on dark and on light. */
export const DRAWN = {
  avatar:
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 96 96"><path fill="#888" fill-opacity=".25" d="M0 0h96v96H0z"/>' +
    '<g fill="#888" fill-opacity=".7"><circle cx="48" cy="38" r="17"/><path d="M14 96a34 34 0 0 1 68 0z"/></g></svg>',
  header:
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 176"><path fill="#888" fill-opacity=".15" d="M0 0h640v176H0z"/></svg>',
} as const;
