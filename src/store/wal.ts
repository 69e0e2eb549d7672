import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { endianness } from 'node:os';

const HEADER_BYTES = 32;
const FRAME_HEADER_BYTES = 24;
/** The last bit tells the byte order of the checksums. */
const MAGIC = 0x377f0682;

/**
 * Whether a write-ahead log has lost what had been committed in it. SQLite itself takes a log for ended at the first frame
 * whose checksum is wrong, and silently leaves out whatever stands behind it: right for a commit that a power cut tore, as
 * each is on the disk before the next one begins, so that at most one can be torn. Two commits behind such a frame were
 * safe once, and were damaged since. A log that was cut short between two commits looks like one that ended there.
 *
 * Format: https://www.sqlite.org/walformat.html
 *
 *     header  magic(4) version(4) page size(4) checkpoint(4) salt(8) checksum(8)
 *     frame   page number(4) size of the database after a commit, else 0(4) salt(8) checksum(8) page
 */
export function isWalDamaged(path: string): boolean {
  const file = openSync(path, 'r');
  try {
    const { size } = fstatSync(file);
    if (size < HEADER_BYTES) return false;
    const header = Buffer.allocUnsafeSlow(HEADER_BYTES);
    readSync(file, header, 0, HEADER_BYTES, 0);
    // A file that was made and never written to, as after a power cut.
    if (header.every((byte) => byte === 0)) return false;
    const magic = header.readUInt32BE(0);
    const pageBytes = header.readUInt32BE(8);
    if (magic >>> 1 !== MAGIC >>> 1 || pageBytes < 512 || pageBytes > 65_536) return true;
    const bigEndian = magic !== MAGIC;
    let sum = checksum(header.subarray(0, 24), [0, 0], bigEndian);
    if (!isSum(header.subarray(24), sum)) return true;

    const salt = header.subarray(16, 24);
    let isIntact = true;
    let lostCommits = 0;
    const frame = Buffer.allocUnsafeSlow(FRAME_HEADER_BYTES + pageBytes);
    for (let at = HEADER_BYTES; at + frame.length <= size; at += frame.length) {
      readSync(file, frame, 0, frame.length, at);
      // What is left of the log before this one: the rest is of no account.
      if (!frame.subarray(8, 16).equals(salt)) {
        if (isIntact) return false;
        continue;
      }
      if (isIntact) {
        sum = checksum(frame.subarray(0, 8), sum, bigEndian);
        sum = checksum(frame.subarray(FRAME_HEADER_BYTES), sum, bigEndian);
        isIntact = isSum(frame.subarray(16, 24), sum);
      }
      if (!isIntact && frame.readUInt32BE(4) !== 0) lostCommits += 1;
    }
    return lostCommits > 1;
  } finally {
    closeSync(file);
  }
}

type Sum = readonly [number, number];

/** `bytes` begin at a multiple of four in their memory. */
function checksum(bytes: Buffer, [first, second]: Sum, bigEndian: boolean): Sum {
  const own = bigEndian === HOST_IS_BIG_ENDIAN ? bytes : Buffer.from(bytes).swap32();
  const words = new Uint32Array(own.buffer, own.byteOffset, own.length / 4);
  let one = first;
  let other = second;
  for (let at = 0; at < words.length; at += 2) {
    one = (one + (words[at] ?? 0) + other) >>> 0;
    other = (other + (words[at + 1] ?? 0) + one) >>> 0;
  }
  return [one, other];
}

const HOST_IS_BIG_ENDIAN = endianness() === 'BE';

function isSum(stored: Buffer, [one, other]: Sum): boolean {
  return stored.readUInt32BE(0) === one && stored.readUInt32BE(4) === other;
}
