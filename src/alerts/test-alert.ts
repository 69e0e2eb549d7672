import { createHash } from 'node:crypto';
import type { TestAlert } from './alert.ts';

export interface TestContext {
  /** Name of this agent, as it stands in every alert. */
  readonly gateway: string;
  /** ms since the epoch. */
  readonly nowMs: number;
  readonly ledger: TestAlert['ledger'];
}

/** What `sinks test` sends to one sink. It says in every form that it is none: by its kind, its rule, its title and its text. */
export function sinkTest(id: string, sink: string, { gateway, nowMs, ledger }: TestContext): TestAlert {
  const now = new Date(nowMs).toISOString();
  return {
    id,
    kind: 'test',
    dedupeKey: `sink-test|${sink}`,
    rule: 'sink-test',
    title: 'TEST: phi-egress can reach this destination',
    severity: 'info',
    state: 'open',
    firstSeen: now,
    lastSeen: now,
    count: 1,
    gateway,
    explanation: `This is a test that somebody sent with phi-egress sinks test through sink ${sink}. No data have moved, and nothing is wrong.`,
    nextSteps: ['Nothing is to be done.'],
    ledger,
  };
}

/** The one alert that all known-answer tests of an agent are notices of: `a-` and 24 hex digits. */
export function knownAnswerId(gateway: string): string {
  return `a-${createHash('sha256').update(`known-answer\n${gateway}`).digest('hex').slice(0, 24)}`;
}

export interface AnswerContext extends TestContext {
  /** When the synthetic line was written, ms since the epoch. */
  readonly askedMs: number;
  /** Of the test before; 0 before the first. */
  readonly lastNumber: number;
}

/** What is told when the synthetic transfer was found. */
export function knownAnswer({ gateway, nowMs, askedMs, lastNumber, ledger }: AnswerContext): TestAlert {
  const asked = new Date(askedMs).toISOString();
  return {
    id: knownAnswerId(gateway),
    kind: 'test',
    dedupeKey: `known-answer|${gateway}`,
    rule: 'known-answer',
    title: 'TEST: a synthetic transfer was found, as it must be',
    severity: 'info',
    state: 'open',
    firstSeen: asked,
    lastSeen: new Date(nowMs).toISOString(),
    count: lastNumber + 1,
    gateway,
    explanation: `This is known-answer test ${lastNumber + 1}. The agent wrote a line about a transfer that never was, at ${asked}, and has found it by the way of real ones. No data have moved, and nothing is wrong.`,
    nextSteps: ['Nothing is to be done.'],
    ledger,
  };
}
