export type Compression = 'gzip' | 'xz' | 'zstd' | 'bzip2';

/** RFC 1952; the .xz file format 1.1; RFC 8878; bzip2's header with its block magic, as `BZh` alone could be text. */
const MAGIC: readonly { readonly compression: Compression; readonly bytes: RegExp }[] = [
  { compression: 'gzip', bytes: /^\x1f\x8b/ },
  { compression: 'xz', bytes: /^\xfd7zXZ\0/ },
  { compression: 'zstd', bytes: /^\x28\xb5\x2f\xfd/ },
  { compression: 'bzip2', bytes: /^BZh[1-9](?:1AY&SY|\x17rE8P\x90)/ },
];

const COMPRESSED_NAME = /\.(?:gz|xz|zst|bz2|lz4|Z)$/;

/** How a file is compressed, by its first bytes; a rotated file need not carry the extension. */
export function compressionOf(head: Buffer): Compression | undefined {
  const start = head.toString('latin1', 0, 16);
  return MAGIC.find(({ bytes }) => bytes.test(start))?.compression;
}

/** Whether a file's name says that it is compressed, by us known or not. */
export function isCompressedName(name: string): boolean {
  return COMPRESSED_NAME.test(name);
}

/** The name that a file had before it was compressed. */
export function uncompressedName(name: string): string {
  return name.replace(COMPRESSED_NAME, '');
}
