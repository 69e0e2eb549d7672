/**
 * A map that holds at most `capacity` entries, an even number. It keeps two generations: what is asked for moves to the
 * young one, and when that is full the old one is given up. So at least the latest `capacity / 2` stay, and a look-up
 * mostly costs one step, where keeping the exact order would cost three.
 */
export class LeastRecentlyUsed<K, V> {
  readonly #half: number;
  #young = new Map<K, V>();
  #old = new Map<K, V>();

  constructor(capacity: number) {
    this.#half = capacity / 2;
  }

  get(key: K): V | undefined {
    const young = this.#young.get(key);
    if (young !== undefined) return young;
    const old = this.#old.get(key);
    if (old !== undefined) this.set(key, old);
    return old;
  }

  set(key: K, value: V): void {
    this.#old.delete(key);
    if (this.#young.size >= this.#half && !this.#young.has(key)) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(key, value);
  }
}
