import { knownNetwork, type Network } from '../../src/net/network.ts';

export type MmdbValue = string | number | boolean | readonly MmdbValue[] | { readonly [key: string]: MmdbValue };

export interface MmdbOptions {
  readonly databaseType: string;
  /** ISO 8601; the build epoch. */
  readonly built?: string;
  readonly recordSize?: 24 | 28 | 32;
}

/** A child of a node: another node, the offset of a record in the data section, or nothing. */
type Child = { readonly node: Node } | { readonly data: number } | undefined;
type Node = [Child, Child];

/**
 * Writes an mmdb file (MaxMind DB File Format Specification 2.0): an IPv6 tree, IPv4 networks at `::/96`. Of networks
 * that lie in one another the smaller holds, whatever their order.
 */
export function writeMmdb(
  entries: Readonly<Record<string, MmdbValue>>,
  { databaseType, built = '2026-06-01T00:00:00Z', recordSize = 24 }: MmdbOptions,
): Buffer {
  const data: Buffer[] = [];
  const offsets = new Map<string, number>();
  const root: Node = [undefined, undefined];
  const networks = Object.entries(entries).map(([cidr, record]) => ({ bits: bitsIn(knownNetwork(cidr)), record }));
  networks.sort((one, other) => one.bits.length - other.bits.length);
  for (const { bits, record } of networks) insert(root, bits, { data: offsetOf(record) });

  const nodes = numberNodes(root);
  const metadata = encode({
    binary_format_major_version: 2,
    binary_format_minor_version: 0,
    build_epoch: Date.parse(built) / 1000,
    database_type: databaseType,
    description: { en: 'test data' },
    ip_version: 6,
    languages: ['en'],
    node_count: nodes.size,
    record_size: recordSize,
  });
  const tree = [...nodes.keys()].map(([left, right]) => encodeNode(numberOf(left), numberOf(right), recordSize));
  const marker = Buffer.from('\xab\xcd\xefMaxMind.com', 'latin1');
  return Buffer.concat([...tree, Buffer.alloc(16), ...data, marker, metadata]);

  /** Equal records are stored once, as in real files. */
  function offsetOf(record: MmdbValue): number {
    const key = JSON.stringify(record);
    const known = offsets.get(key);
    if (known !== undefined) return known;
    const offset = data.reduce((sum, { length }) => sum + length, 0);
    data.push(encode(record));
    offsets.set(key, offset);
    return offset;
  }

  function numberOf(child: Child): number {
    if (child === undefined) return nodes.size;
    if ('data' in child) return nodes.size + 16 + child.data;
    return nodes.get(child.node) ?? nodes.size;
  }
}

function bitsIn({ family, first, length }: Network): readonly (0 | 1)[] {
  const bytes = family === 4 ? [...new Uint8Array(12), ...first.bytes] : [...first.bytes];
  const all = bytes.flatMap((byte) => [7, 6, 5, 4, 3, 2, 1, 0].map((shift): 0 | 1 => ((byte >> shift) & 1 ? 1 : 0)));
  return all.slice(0, family === 4 ? length + 96 : length);
}

/** A record on the way down is handed to both halves of a new node. */
function insert(root: Node, bits: readonly (0 | 1)[], leaf: Child): void {
  let node = root;
  for (const [at, bit] of bits.entries()) {
    if (at === bits.length - 1) node[bit] = leaf;
    else {
      const child = node[bit];
      const next: Node = child !== undefined && 'node' in child ? child.node : [child, child];
      node[bit] = { node: next };
      node = next;
    }
  }
}

function numberNodes(root: Node): ReadonlyMap<Node, number> {
  const numbers = new Map<Node, number>([[root, 0]]);
  for (const [node] of numbers) {
    for (const child of node) if (child !== undefined && 'node' in child) numbers.set(child.node, numbers.size);
  }
  return numbers;
}

function encodeNode(left: number, right: number, recordSize: 24 | 28 | 32): Buffer {
  const node = Buffer.alloc(recordSize / 4);
  if (recordSize === 32) {
    node.writeUInt32BE(left, 0);
    node.writeUInt32BE(right, 4);
  } else {
    node.writeUIntBE(left & 0xffffff, 0, 3);
    node.writeUIntBE(right & 0xffffff, recordSize === 24 ? 3 : 4, 3);
    if (recordSize === 28) node.writeUInt8(((left >> 24) << 4) | (right >> 24), 3);
  }
  return node;
}

function encode(value: MmdbValue): Buffer {
  if (typeof value === 'string') return tagged(2, Buffer.byteLength(value), Buffer.from(value));
  if (typeof value === 'boolean') return tagged(14, value ? 1 : 0);
  if (typeof value === 'number') return encodeNumber(value);
  if (isArray(value)) return tagged(11, value.length, ...value.map(encode));
  const pairs = Object.entries(value);
  return tagged(7, pairs.length, ...pairs.flatMap(([key, inner]) => [encode(key), encode(inner)]));
}

function isArray(value: MmdbValue): value is readonly MmdbValue[] {
  return Array.isArray(value);
}

function encodeNumber(value: number): Buffer {
  const bytes = Buffer.alloc(Number.isInteger(value) ? 4 : 8);
  if (Number.isInteger(value)) bytes.writeUInt32BE(value);
  else bytes.writeDoubleBE(value);
  return tagged(Number.isInteger(value) ? 6 : 3, bytes.length, bytes);
}

/** The control byte: type in three bits (0: the type follows, less 7), size in five (29: one more byte, plus 29). */
function tagged(type: number, size: number, ...payload: readonly Buffer[]): Buffer {
  if (size >= 29 + 256) throw new Error(`The writer knows sizes up to 284, not ${size}`);
  const high = type > 7 ? 0 : type << 5;
  const control = [high | Math.min(size, 29), ...(type > 7 ? [type - 7] : []), ...(size >= 29 ? [size - 29] : [])];
  return Buffer.concat([Buffer.from(control), ...payload]);
}
