import { readFile } from 'node:fs/promises';
import { parseAddress } from '../../net/address.ts';

/**
 * Datagrams that the kernel has dropped at a socket because its buffer was full, counted from its opening. The column
 * `drops` of /proc/net/udp and udp6, proc(5); under `self`, where a sandbox that hides the rest of /proc leaves it.
 *
 * @param address of the socket, as it was bound.
 * @returns `undefined` where the system does not tell.
 */
export async function kernelDrops(address: string, port: number): Promise<number | undefined> {
  const family = address.includes(':') ? 'udp6' : 'udp';
  const table = await readFile(`/proc/self/net/${family}`, 'latin1').catch(() => '');
  return dropsIn(table, address, port);
}

/** As above, from the text of the table. */
export function dropsIn(table: string, address: string, port: number): number | undefined {
  const wanted = `${inKernelForm(address)}:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  for (const row of table.split('\n').slice(1)) {
    const columns = row.trim().split(/\s+/);
    const drops = columns.at(-1);
    if (columns[1] === wanted && drops !== undefined && /^\d+$/.test(drops)) return Number(drops);
  }
  return undefined;
}

/** 32-bit words in hex, each in the byte order of the machine. All that Node runs on under Linux but s390x is little-endian. */
function inKernelForm(address: string): string {
  const bytes = parseAddress(address)?.bytes ?? new Uint8Array();
  return Array.from({ length: bytes.length / 4 }, (_, word) =>
    Buffer.from(bytes.slice(word * 4, word * 4 + 4))
      .reverse()
      .toString('hex')
      .toUpperCase(),
  ).join('');
}
