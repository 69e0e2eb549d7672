import { open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Moves `path` to `path.1`, what stood there to `path.2`, and so on; of these, `keep` (at least 1) are kept. */
export async function rotate(path: string, keep: number): Promise<void> {
  for (let number = keep - 1; number >= 1; number--) await renameIfThere(`${path}.${number}`, `${path}.${number + 1}`);
  await rename(path, `${path}.1`);
  await syncDirectory(dirname(path));
}

/** A new or renamed file is only there after a crash when its directory was written too (fsync(2)). */
export async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function renameIfThere(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
  }
}
