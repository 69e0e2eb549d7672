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
  readonly #lengths: Readonly<Record<Address['family'], OneLength<T>[]>> = { 4: [], 6: [] };

  constructor(entries: Iterable<readonly [Network, T]> = []) {
    for (const [network, value] of entries) this.add(network, value);
  }

  add(network: Network, value: T): void {
    const { first, length } = network;
    const { matches } = this.#lengthOf(first.family, length);
    const key = prefixOf(keyOf(first), length);
    const others = matches.get(key);
    if (others === undefined) matches.set(key, [{ network, value }]);
    else others.push({ network, value });
  }

  #lengthOf(family: Address['family'], length: number): OneLength<T> {
    const lengths = this.#lengths[family];
    const known = lengths.find((it) => it.length === length);
    if (known !== undefined) return known;
    const added: OneLength<T> = { length, matches: new Map() };
    lengths.push(added);
    lengths.sort((one, other) => other.length - one.length);
    return added;
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
  readonly matches: Map<Key, PrefixMatch<T>[]>;
}

/** A number holds an IPv4 address and is several times faster than a bigint, which an IPv6 address needs. */
type Key = number | bigint;

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
