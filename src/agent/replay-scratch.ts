import { readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';
import { OperatorError } from '../errors/problem.ts';
import { formatChoice, formatSchema } from '../sources/format-schema.ts';

/** What a replay was asked to do, for one that goes on where it was stopped. */
const taskSchema = z.strictObject({
  /** The main file of the configuration, and what it was (SHA-256, with every file that it names). */
  config: z.string(),
  configuration: z.string(),
  /** Base64. The tokens of masked values must stay the same; it lies beside the state, which has one as well. */
  maskingKey: z.string(),
  logs: z.array(
    z.strictObject({
      path: z.string(),
      source: z.string(),
      /** Instead of the source's own, or what `auto` was settled to. */
      format: formatSchema.transform(formatChoice).optional(),
      bytes: z.number(),
    }),
  ),
  alerts: z.string().optional(),
  json: z.boolean(),
});

export type ReplayTask = z.output<typeof taskSchema>;

const TASK_FILE = 'replay.json';

/** Makes a directory of the owner's alone for a replay's state. @returns its path. */
export async function makeScratch(task: ReplayTask): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'phi-egress-replay-'));
  writeFileSync(join(directory, TASK_FILE), JSON.stringify(task), { mode: 0o600 });
  return directory;
}

export function stateIn(scratch: string): string {
  return join(scratch, 'state');
}

/** @throws OperatorError when the directory is none of a replay that can be gone on with. */
export function readTask(scratch: string): ReplayTask {
  const file = join(scratch, TASK_FILE);
  try {
    return taskSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (cause) {
    throw new OperatorError(
      [
        {
          code: 'cli.bad-argument',
          what: 'Cannot find a replay to go on with',
          where: { file },
          todo: 'name the directory that the stopped replay printed; one that ended has removed it',
        },
      ],
      { cause },
    );
  }
}

/** Where in its logs a replay is. Stored as a cursor, in the transaction of what was found up to there. */
const placeSchema = z.strictObject({
  /** Index of the log. */
  log: z.number(),
  offset: z.number(),
  withinLine: z.boolean(),
  contentId: z.string().optional(),
});

export type ReplayPlace = z.output<typeof placeSchema>;

/** A replay's state has no other cursor. */
export const PLACE = 'replay';

export function placeFrom(cursor: string | undefined): ReplayPlace {
  return cursor === undefined ? { log: 0, offset: 0, withinLine: false } : placeSchema.parse(JSON.parse(cursor));
}
