/**
 * Long work in pieces of less than a millisecond. New data are made ready beside those in use, in the thread that
 * answers: between two pieces whoever waits has a turn.
 */
export type Pieces<T> = Generator<void, T, void>;

/** How long the work may go on before others have a turn. */
const TURN_MS = 4;

/** Does the work without giving way, where nobody waits. */
export function atOnce<T>(work: Pieces<T>): T {
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
  }
}

/** Does the work and gives way every few milliseconds. */
export async function inTurns<T>(work: Pieces<T>): Promise<T> {
  for (;;) {
    const endMs = performance.now() + TURN_MS;
    do {
      const { done, value } = work.next();
      if (done) return value;
    } while (performance.now() < endMs);
    await new Promise((resolve) => setImmediate(resolve));
  }
}
