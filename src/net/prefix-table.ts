import type { Address } from './address.ts';
import type { Network } from './network.ts';

export interface PrefixMatch<T> {
  readonly network: Network;
  readonly value: T;
}

/**
 * Values by network, found by address. A look-up takes one step for each prefix length in use, at most 33 (IPv4) or
 * 129 (IPv6), however many networks there are.
 */
export class PrefixTable<T> {
  readonly #lengths: Readonly<Record<Address['family'], readonly OneLength<T>[]>>;

  constructor(entries: Iterable<readonly [Network, T]>) {
    const all = [...entries].map(([network, value]) => ({ network, value }));
    this.#lengths = { 4: groupByLength(all, 4), 6: groupByLength(all, 6) };
  }

  /** @returns the longest network that holds the address; of equal ones, the first given. */
  find(address: Address): PrefixMatch<T> | undefined {
    const lengths = this.#lengths[address.family];
    if (lengths.length === 0) return undefined;
    const key = keyOf(address);
    for (const { length, matches } of lengths) {
      const found = matches.get(prefixOf(key, length));
      if (found !== undefined) return found[0];
    }
    return undefined;
  }

  /** @returns every network that holds the address, the longest first, equal ones in the order given. */
  findAll(address: Address): readonly PrefixMatch<T>[] {
    const key = keyOf(address);
    return this.#lengths[address.family].flatMap(({ length, matches }) => matches.get(prefixOf(key, length)) ?? []);
  }
}

/** All networks of one length. A key is what is left of an address after its host bits are shifted out. */
interface OneLength<T> {
  readonly length: number;
  readonly matches: ReadonlyMap<Key, readonly PrefixMatch<T>[]>;
}

/** A number holds an IPv4 address and is several times faster than a bigint, which an IPv6 address needs. */
type Key = number | bigint;

function groupByLength<T>(all: readonly PrefixMatch<T>[], family: Address['family']): readonly OneLength<T>[] {
  const lengths = new Map<number, Map<Key, PrefixMatch<T>[]>>();
  for (const match of all) {
    const { first, length } = match.network;
    if (first.family !== family) continue;
    const matches = lengths.get(length) ?? new Map<Key, PrefixMatch<T>[]>();
    lengths.set(length, matches);
    const key = prefixOf(keyOf(first), length);
    matches.set(key, [...(matches.get(key) ?? []), match]);
  }
  return [...lengths].map(([length, matches]) => ({ length, matches })).sort((one, other) => other.length - one.length);
}

function keyOf({ family, bytes }: Address): Key {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (family === 4) return view.getUint32(0);
  return (view.getBigUint64(0) << 64n) | view.getBigUint64(8);
}

function prefixOf(key: Key, length: number): Key {
  if (typeof key === 'bigint') return key >> BigInt(128 - length);
  // Shifting by 32 shifts by 0 in JavaScript.
  return length === 0 ? 0 : key >>> (32 - length);
}
