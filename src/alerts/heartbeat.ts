import { createHash } from 'node:crypto';
import type { Heartbeat, SourceBeat } from './alert.ts';

export interface HeartbeatContext {
  /** Name of this agent, as it stands in every alert. */
  readonly gateway: string;
  /** ms since the epoch. */
  readonly nowMs: number;
  /** Of the heartbeat before; 0 before the first. */
  readonly lastNumber: number;
  readonly ledger: Heartbeat['ledger'];
}

/** The one alert that all heartbeats of an agent are notices of: `a-` and 24 hex digits. */
export function heartbeatId(gateway: string): string {
  return `a-${createHash('sha256').update(`heartbeat\n${gateway}`).digest('hex').slice(0, 24)}`;
}

/**
 * The next heartbeat. Numbers follow one another through restarts, so that a receiver which misses one knows that it, and
 * perhaps alerts beside it, did not arrive; the counters tell it whether the sources still bring lines.
 */
export function nextHeartbeat(sources: readonly SourceBeat[], context: HeartbeatContext): Heartbeat {
  const { gateway, nowMs, lastNumber, ledger } = context;
  const now = new Date(nowMs).toISOString();
  const number = lastNumber + 1;
  return {
    id: heartbeatId(gateway),
    kind: 'heartbeat',
    dedupeKey: `heartbeat|${gateway}`,
    rule: 'heartbeat',
    title: 'Heartbeat: the agent is running',
    severity: 'info',
    state: 'open',
    firstSeen: now,
    lastSeen: now,
    count: number,
    sources,
    gateway,
    explanation: `Heartbeat ${number}, no alert. Lines so far: ${sources.map(inWords).join('; ')}.`,
    nextSteps: ['If numbers are missing, look for alerts that did not arrive: phi-egress status on the gateway.'],
    ledger,
  };
}

function inWords({ name, lines, unreadable, quietSeconds }: SourceBeat): string {
  return `${name} ${lines} (${unreadable} unreadable, quiet for ${quietSeconds} s)`;
}
