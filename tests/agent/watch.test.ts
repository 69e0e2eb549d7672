import { expect, test } from 'vitest';
import { HEARTBEAT_MS, Watch } from '../../src/agent/watch.ts';
import type { SourceEvent } from '../../src/sources/event.ts';
import { HandClock } from './installation.ts';

const START = new HandClock().wallMs;
const SOURCES = [
  { name: 'squid', type: 'file', format: 'squid', inside: 'client', timezone: 'UTC' },
  { name: 'appliance', type: 'syslog', format: 'squid', inside: 'client', timezone: 'UTC' },
] as const;
const IDLE = { lines: [], positions: [], forgotten: [], events: [], idle: true };
const CUT: SourceEvent = { kind: 'line-cut', source: 'squid', path: '/var/log/a.log', offset: 5, keptBytes: 9 };

function watch(clock: HandClock, until?: number) {
  const coverageOf = (source: string) => ({
    ...(until !== undefined && { span: { source, fromMs: START - 60_000, untilMs: START + until } }),
    gaps: [],
  });
  return new Watch(SOURCES, 86_400_000, { coverageOf }, clock);
}

test('spans are stored with the first look, and then once a heartbeat', () => {
  const clock = new HandClock();
  const it = watch(clock);
  const look = () => {
    it.lookAtClock();
    for (const { name } of SOURCES) it.observed(name, IDLE, undefined);
    const changes = it.changes({ now: false });
    if (changes !== undefined) it.committed();
    return changes?.spans?.map(({ source, untilMs }) => `${source} ${untilMs - START}`);
  };
  expect(look()).toEqual(['squid 0', 'appliance 0']);
  for (let ms = 200; ms < HEARTBEAT_MS; ms += 200) {
    clock.pass(200);
    expect(look()).toBeUndefined();
  }
  clock.pass(200);
  expect(look()).toEqual(['squid 10000', 'appliance 10000']);
  clock.pass(200);
  expect(it.changes({ now: true })).toBeUndefined();
});

test('a gap is stored at once, and not twice when its batch could not be stored and is read again', () => {
  const clock = new HandClock();
  const it = watch(clock);
  for (let tries = 0; tries < 3; tries++) {
    it.observed('squid', { ...IDLE, events: [CUT] }, undefined);
    expect(it.changes({ now: false })?.gaps).toMatchObject([{ kind: 'line-cut', count: 1 }]);
    it.startOver();
  }
  it.observed('squid', { ...IDLE, events: [CUT] }, undefined);
  it.committed();
  it.observed('squid', { ...IDLE, events: [CUT] }, undefined);
  expect(it.changes({ now: false })?.gaps).toMatchObject([{ kind: 'line-cut', count: 2 }]);
});

test('after a kill, what came to a listener since the last heartbeat is a gap; a file goes on', () => {
  const it = watch(new HandClock(), -7_000);
  for (const { name } of SOURCES) it.observed(name, IDLE, undefined);
  const changes = it.changes({ now: false });
  expect(changes?.gaps).toMatchObject([
    { source: 'appliance', kind: 'downtime', fromMs: START - 7_000, untilMs: START, unwatched: true },
  ]);
  expect(changes?.spans).toEqual([
    { source: 'squid', fromMs: START - 60_000, untilMs: START },
    { source: 'appliance', fromMs: START, untilMs: START },
  ]);
});

test('a machine that slept has a gap for every source', () => {
  const clock = new HandClock();
  const it = watch(clock);
  for (const { name } of SOURCES) it.observed(name, IDLE, undefined);
  it.committed();
  clock.pass(200);
  clock.wallMs += 3_600_000;
  it.lookAtClock();
  expect(it.changes({ now: false })?.gaps).toMatchObject([
    { source: 'squid', kind: 'clock-forward', fromMs: START + 200, untilMs: START + 3_600_200, unwatched: false },
    { source: 'appliance', kind: 'clock-forward', unwatched: true },
  ]);
});
