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
