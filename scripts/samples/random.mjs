/** A seeded random source: the same seed gives the same day on every machine (mulberry32, 32-bit integer arithmetic only). */
export function randomSource(seed) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
  const between = (low, high) => low + Math.floor(next() * (high - low + 1));
  const pick = (list) => list[Math.floor(next() * list.length)];
  const chance = (share) => next() < share;
  /** Sizes and durations have many small values and few large ones: the square leans to the low end. */
  const skewed = ([low, high]) => low + Math.floor(next() ** 2 * (high - low + 1));
  /** @param list entries with a `weight` */
  const weighted = (list) => {
    let left = next() * list.reduce((sum, { weight }) => sum + weight, 0);
    for (const entry of list) {
      left -= entry.weight;
      if (left < 0) return entry;
    }
    return list[list.length - 1];
  };
  return { next, between, pick, chance, skewed, weighted };
}
