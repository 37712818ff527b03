/** Ending several things, of which one may fail. */

/** Ends one after the other: none stays open because another cannot end. Throws the first error, when all have had their turn. */
export async function endAll(ends: readonly (() => unknown)[]): Promise<void> {
  const errors: unknown[] = [];
  for (const end of ends) {
    try {
      await end();
    } catch (error) {
      errors.push(error);
    }
  }
  if (errors.length > 0) throw errors[0];
}
