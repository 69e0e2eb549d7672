import { pino } from 'pino';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type Recurring, Schedule } from '../../src/agent/schedule.ts';

beforeEach(() => {
  vi.useFakeTimers({ now: new Date(2026, 10, 25, 4, 16, 30) });
});

afterEach(() => {
  vi.useRealTimers();
});

function scheduled(work: Recurring['work'], changes: Partial<Recurring> = {}) {
  const logged: string[] = [];
  const logger = pino({ level: 'info' }, { write: (line: string) => void logged.push(line) });
  const schedule = new Schedule([{ name: 'work', schedule: '17 4 * * *', jitterMs: 0, work, ...changes }], logger);
  schedule.start();
  return { schedule, logged };
}

test('work is done when the clock of the host says so, and again the next day', async () => {
  const done: string[] = [];
  const { schedule } = scheduled(async () => void done.push(new Date().toTimeString().slice(0, 5)));
  await vi.advanceTimersByTimeAsync(29_000);
  expect(done).toEqual([]);
  await vi.advanceTimersByTimeAsync(2_000);
  expect(done).toEqual(['04:17']);
  await vi.advanceTimersByTimeAsync(24 * 3_600_000);
  expect(done).toEqual(['04:17', '04:17']);
  await schedule.stop();
});

test('with jitter it begins within that time, and not at once', async () => {
  vi.spyOn(Math, 'random').mockReturnValue(0.5);
  const done: number[] = [];
  const { schedule } = scheduled(async () => void done.push(Date.now()), { jitterMs: 600_000 });
  await vi.advanceTimersByTimeAsync(1_800_000);
  expect(done).toHaveLength(1);
  expect(new Date(done[0] ?? 0).toTimeString().slice(0, 5)).toBe('04:22');
  await schedule.stop();
  vi.restoreAllMocks();
});

test('what fails is logged without its message, and comes round again', async () => {
  let times = 0;
  const { schedule, logged } = scheduled(async () => {
    times += 1;
    throw new TypeError('holds a secret');
  });
  await vi.advanceTimersByTimeAsync(25 * 3_600_000);
  expect(times).toBe(2);
  expect(logged).toHaveLength(2);
  expect(logged[0]).toContain('"because":"TypeError"');
  expect(logged.join()).not.toContain('secret');
  await schedule.stop();
});

test('stopping aborts the work, waits for its end and starts no more', async () => {
  const events: string[] = [];
  const { schedule, logged } = scheduled(
    (signal) =>
      new Promise((_, reject) => {
        events.push('begun');
        signal.addEventListener('abort', () => {
          events.push('aborted');
          reject(signal.reason);
        });
      }),
  );
  await vi.advanceTimersByTimeAsync(60_000);
  await schedule.stop();
  expect(events).toEqual(['begun', 'aborted']);
  await vi.advanceTimersByTimeAsync(48 * 3_600_000);
  expect(events).toHaveLength(2);
  expect(logged).toEqual([]);
});
