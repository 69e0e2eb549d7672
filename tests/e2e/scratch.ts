import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Undo } from './undo.ts';

/** A folder of the test's own. Other users may pass through it, for servers that give up root. */
export async function scratchFolder(undo: Undo): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'phi-egress-e2e-'));
  undo.add(() => rm(folder, { recursive: true, force: true }));
  await chmod(folder, 0o711);
  return folder;
}
