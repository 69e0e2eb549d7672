import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { takeDropped } from './drop.ts';
import { type Feed, feedsOf, type Publishers } from './feeds.ts';
import type { Failed, Transport } from './fetch.ts';
import { removeLeftovers } from './install.ts';
import { readMemory, type UpdateMemory, writeMemory } from './memory.ts';
import type { Outcome } from './outcome.ts';
import { type Limits, type Refreshed, refresh } from './refresh.ts';
import type { UpdateSettings } from './settings.ts';

/** What updating needs of its surroundings. */
export interface Surroundings extends Transport {
  readonly publishers: Publishers;
  readonly limits: Limits;
  /** Resolves after `ms`, or when the signal aborts. */
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Told before each file that is asked for. */
  readonly onAsking?: (feed: Feed) => void;
}

/**
 * Brings every file up to date, one after the other: first what was dropped, which asks nobody, then what is asked for.
 * One that fails keeps no other from being updated.
 *
 * @throws OperatorError `config.secret-missing` where account or key cannot be read, before anything is asked.
 */
export async function update(
  settings: UpdateSettings,
  surroundings: Surroundings,
  signal: AbortSignal,
): Promise<readonly Outcome[]> {
  const { directory, maxmind } = settings;
  const feeds = feedsOf(settings, surroundings.publishers);
  if (maxmind !== undefined) for (const secret of [maxmind.account, maxmind.key]) secret.reveal();
  await removeLeftovers(directory, surroundings.nowMs());
  const outcomes: Outcome[] = [...(await takeDropped(settings, surroundings.limits))];
  let memory: UpdateMemory = { ...(await readMemory(directory)), triedMs: surroundings.nowMs() };
  if (feeds.length > 0) await keep(directory, memory);
  for (const feed of feeds) {
    const { outcome, remembered } = await refreshPatiently(feed, directory, memory, surroundings, signal);
    outcomes.push(outcome);
    if (remembered === memory) continue;
    memory = remembered;
    await keep(directory, memory);
  }
  return outcomes;
}

/**
 * Whether an update is due although no schedule says so: a file was never fetched, and nobody tried within the last hour.
 * A daemon that starts over and over asks nobody over and over.
 */
export async function isOverdue(settings: UpdateSettings, publishers: Publishers, nowMs: number): Promise<boolean> {
  const { directory } = settings;
  if (feedsOf(settings, publishers).every(({ file }) => existsSync(join(directory, file)))) return false;
  const { triedMs } = await readMemory(directory);
  return Math.abs(nowMs - triedMs) >= RETRIED_AFTER_MS;
}

const RETRIED_AFTER_MS = 3_600_000;

/** Without it the next update fetches more than it must; nothing else is lost. */
async function keep(directory: string, memory: UpdateMemory): Promise<void> {
  await mkdir(directory, { recursive: true, mode: 0o750 }).catch(() => {});
  await writeMemory(directory, memory).catch(() => {});
}

interface Step {
  readonly outcome: Outcome;
  readonly remembered: UpdateMemory;
}

/** What may mend by itself is tried a few times. A server that asks for a long rest is left alone until the next update. */
async function refreshPatiently(
  feed: Feed,
  directory: string,
  memory: UpdateMemory,
  surroundings: Surroundings,
  signal: AbortSignal,
): Promise<Step> {
  const notBeforeMs = memory.notBefore[feed.name] ?? 0;
  const restMs = notBeforeMs - surroundings.nowMs();
  // A clock that was set back must not keep us waiting for years.
  if (restMs > 0 && restMs <= LONGEST_TRUSTED_MS)
    return { outcome: failed(feed, { kind: 'again', because: RESTING }, notBeforeMs), remembered: memory };
  surroundings.onAsking?.(feed);
  for (let attempt = 0; ; attempt++) {
    const refreshed = await refresh(feed, directory, memory.feeds[feed.name], surroundings, signal);
    if (refreshed.kind === 'updated' || refreshed.kind === 'unchanged')
      return { outcome: done(feed, refreshed), remembered: remembering(memory, feed, refreshed) };
    const waitMs = waitAfter(attempt, refreshed);
    if (waitMs === undefined) return givenUp(feed, memory, refreshed, surroundings.nowMs());
    await surroundings.wait(waitMs, signal);
    signal.throwIfAborted();
  }
}

const RESTING = 'the server asked to be left alone for a while';
const LONGEST_TRUSTED_MS = 8 * 86_400_000;
const WAITS_MS: readonly number[] = [2_000, 15_000];
const LONGEST_WAIT_MS = 60_000;

function waitAfter(attempt: number, { kind, afterMs = 0 }: Failed): number | undefined {
  const own = WAITS_MS[attempt];
  return kind === 'never' || own === undefined || afterMs > LONGEST_WAIT_MS ? undefined : Math.max(own, afterMs);
}

function givenUp(feed: Feed, memory: UpdateMemory, because: Failed, nowMs: number): Step {
  if (because.afterMs === undefined) return { outcome: failed(feed, because), remembered: memory };
  const notBeforeMs = nowMs + because.afterMs;
  const remembered = { ...memory, notBefore: { ...memory.notBefore, [feed.name]: notBeforeMs } };
  return { outcome: failed(feed, because, notBeforeMs), remembered };
}

function remembering(memory: UpdateMemory, feed: Feed, refreshed: Refreshed): UpdateMemory {
  if (!('remember' in refreshed)) return memory;
  const { [feed.name]: _, ...notBefore } = memory.notBefore;
  return { ...memory, feeds: { ...memory.feeds, [feed.name]: refreshed.remember }, notBefore };
}

function done({ name, from, file }: Feed, refreshed: Exclude<Refreshed, Failed>): Outcome {
  const { facts } = refreshed;
  if (refreshed.kind === 'unchanged') return { name, from, kind: 'unchanged', file, facts };
  const { removed, before } = refreshed;
  return { name, from, kind: 'updated', file, facts, removed, ...(before !== undefined && { before }) };
}

function failed({ name, from }: Feed, { because, todo }: Failed, notBeforeMs?: number): Outcome {
  return {
    name,
    from,
    kind: 'failed',
    because,
    ...(todo !== undefined && { todo }),
    ...(notBeforeMs !== undefined && { notBeforeMs }),
  };
}
