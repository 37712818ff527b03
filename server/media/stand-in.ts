/** A picture for films of which there is no still: clients and pages load one without looking. */

/** A grey sign that says “play”, 320 pixels wide. */
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
