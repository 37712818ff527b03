/** The library Fedify, where it is installed. */

export type Fedify = NonNullable<Awaited<ReturnType<typeof loadFedify>>>;

/** Null, with a word, where the packages are not installed: everything else is tested without them. */
export async function loadFedify() {
  try {
    const [core, vocab] = await Promise.all([import("@fedify/fedify"), import("@fedify/fedify/vocab")]);
    return { ...core, ...vocab };
  } catch (error) {
    // @NOTE A missing package is no fault of what is tested.
    console.warn(`Skipped: tests with Fedify. Install it with: bun install (${error})`);
    return null;
  }
}
