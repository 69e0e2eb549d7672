import type { Pieces } from './pieces.ts';

/** What the check needs to know of a file's metadata. */
export interface TreeShape {
  readonly nodeCount: number;
  /** Bits of one record: 24, 28 or 32. A node is two records. */
  readonly recordSize: number;
}

/** MaxMind DB File Format Specification 2.0, "MaxMind DB Metadata" and "Output Data Section". */
const METADATA_MARKER = Buffer.from('\xab\xcd\xefMaxMind.com', 'latin1');
const SEPARATOR_BYTES = 16;

/** Where the metadata begin, or -1: they stand at the end of a file, so a truncated one has none. */
export function findMetadata(bytes: Buffer): number {
  return bytes.lastIndexOf(METADATA_MARKER);
}

/**
 * Walks every node of the search tree and sees that each of its records leads to a node or to a map in the data section.
 * A file whose metadata survived can still have lost its middle.
 *
 *     | search tree: nodeCount nodes | 16 bytes 0 | data section | marker | metadata |
 *
 * @returns what is wrong, or `undefined`.
 */
export function* findTreeDamage(bytes: Buffer, { nodeCount, recordSize }: TreeShape): Pieces<string | undefined> {
  const nodeBytes = recordSize / 4;
  const treeBytes = nodeCount * nodeBytes;
  const dataBytes = findMetadata(bytes) - treeBytes - SEPARATOR_BYTES;
  if (!(nodeCount > 0) || !(dataBytes > 0)) return 'its search tree does not fit into the file';
  if (bytes.subarray(treeBytes, treeBytes + SEPARATOR_BYTES).some((byte) => byte !== 0)) {
    return 'the separator after its search tree is overwritten';
  }
  const { left, right } = RECORDS[recordSize] ?? NO_RECORDS;
  for (let at = 0; at < treeBytes; at += nodeBytes) {
    const damage = damageOf(left(bytes, at)) ?? damageOf(right(bytes, at));
    if (damage !== undefined) return damage;
    if (at % (PIECE_NODES * nodeBytes) === 0) yield;
  }
  return undefined;

  /** A record up to `nodeCount` is a node or nothing; above, an offset into the data section after the separator. */
  function damageOf(record: number): string | undefined {
    if (record <= nodeCount) return undefined;
    const offset = record - nodeCount - SEPARATOR_BYTES;
    if (!(offset >= 0 && offset < dataBytes)) return 'its search tree leads out of the file';
    const type = bytes.readUInt8(treeBytes + SEPARATOR_BYTES + offset) >> 5;
    return type === MAP || type === POINTER ? undefined : 'its search tree leads to what is no record';
  }
}

const PIECE_NODES = 4_096;

/** The highest three bits of a control byte, "Output Data Section". */
const POINTER = 1;
const MAP = 7;

interface NodeReader {
  readonly left: (bytes: Buffer, at: number) => number;
  readonly right: (bytes: Buffer, at: number) => number;
}

const RECORDS: Readonly<Record<number, NodeReader>> = {
  24: { left: (bytes, at) => bytes.readUIntBE(at, 3), right: (bytes, at) => bytes.readUIntBE(at + 3, 3) },
  // The middle byte holds the four highest bits of the left record, then those of the right.
  28: {
    left: (bytes, at) => (bytes.readUInt8(at + 3) >> 4) * 2 ** 24 + bytes.readUIntBE(at, 3),
    right: (bytes, at) => (bytes.readUInt8(at + 3) & 0x0f) * 2 ** 24 + bytes.readUIntBE(at + 4, 3),
  },
  32: { left: (bytes, at) => bytes.readUInt32BE(at), right: (bytes, at) => bytes.readUInt32BE(at + 4) },
};

const NO_RECORDS: NodeReader = { left: () => Number.NaN, right: () => Number.NaN };
