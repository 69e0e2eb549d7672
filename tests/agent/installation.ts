import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { pino } from 'pino';
import { Agent } from '../../src/agent/agent.ts';
import { type AgentClock, SYSTEM_CLOCKS } from '../../src/agent/clock.ts';
import type { Alert } from '../../src/alerts/alert.ts';
import { loadSettings } from '../../src/config/load.ts';
import type { LedgerEntry } from '../../src/evidence/ledger.ts';
import type { Finding } from '../../src/rules/finding.ts';
import type { CoverageRows, StatusCounts } from '../../src/store/queries.ts';
import { openStoreReader } from '../../src/store/read-only.ts';
import { writeMmdb } from '../geo/mmdb-writer.ts';

/** Where the one database of these tests places its networks. */
export const INDIA = '192.0.2.9';
export const OHIO = '198.51.100.7';

const PLACES = { '192.0.2.0/24': { country_code: 'IN' }, '198.51.100.0/24': { country_code: 'US' } };

export const SQUID = { name: 'squid', type: 'file', paths: ['access.log'], format: 'squid', inside: 'client' };
export const SFTP = { name: 'sftp', type: 'file', paths: ['auth.log'], format: 'openssh', inside: 'server' };
export const FROM_BEGINNING = { start: 'beginning', silence: null };
const ALERTS_FILE = { name: 'file', type: 'file', path: 'alerts.ndjson', format: 'native' };

/** Writes a configuration into a directory. @returns its path. */
export async function install(
  directory: string,
  sources: readonly object[],
  {
    sinks = [ALERTS_FILE],
    agent = {},
    alerts = {},
  }: { readonly sinks?: readonly object[]; readonly agent?: object; readonly alerts?: object } = {},
): Promise<string> {
  await mkdir(join(directory, 'geoip'), { recursive: true });
  await writeFile(join(directory, 'geoip', 'places.mmdb'), writeMmdb(PLACES, { databaseType: 'Test-Country' }));
  const config = join(directory, 'phi-egress.yaml');
  const configured = {
    agent: { name: 'gw1', state: 'state', log: { level: 'error', file: 'agent.log' }, http: null, ...agent },
    sources: sources.map((it) => ({ ...FROM_BEGINNING, ...it })),
    vendors: [
      {
        id: 'abroad',
        name: 'Coders Abroad',
        endpoints: { domains: ['upload.abroad.example'], accounts: ['abroad_sftp'] },
        carries: 'phi',
      },
    ],
    geo: { directory: 'geoip', embedded: false },
    alerts,
    sinks,
  };
  await writeFile(config, JSON.stringify(configured));
  return config;
}

export async function openAgent(config: string, clock: AgentClock = SYSTEM_CLOCKS): Promise<Agent> {
  const settings = await loadSettings(config);
  return Agent.open(settings, { logger: pino({ level: 'silent' }), output: new PassThrough(), clock });
}

export async function runUntilIdle(config: string, clock?: AgentClock): Promise<void> {
  const agent = await openAgent(config, clock);
  await agent.run({ untilIdle: true, signal: new AbortController().signal });
}

/** An agent that runs until the end of the scope, or until it is stopped. */
export async function follow(config: string, clock?: AgentClock): Promise<AsyncDisposable & { stop(): Promise<void> }> {
  const agent = await openAgent(config, clock);
  const stopping = new AbortController();
  const running = agent.run({ untilIdle: false, signal: stopping.signal });
  const stop = async () => {
    stopping.abort();
    await running;
  };
  return { stop, [Symbol.asyncDispose]: stop };
}

/** Both clocks of an agent, moved by hand. */
export class HandClock implements AgentClock {
  wallMs = Date.UTC(2026, 10, 25, 14, 0, 0);
  steadyMs = 0;

  read() {
    return { wallMs: this.wallMs, steadyMs: this.steadyMs };
  }

  /** Time passes. */
  pass(ms: number): void {
    this.wallMs += ms;
    this.steadyMs += ms;
  }
}

/** Spans and gaps as they are stored. */
export function coverageIn(directory: string): CoverageRows {
  const { queries, close } = openStoreReader(join(directory, 'state'));
  try {
    return queries.coverage({});
  } finally {
    close();
  }
}

export interface Kept {
  readonly alerts: readonly Alert[];
  /** In the order of the ledger within each alert. */
  readonly findings: readonly Finding[];
  readonly ledger: readonly LedgerEntry[];
  readonly status: StatusCounts;
}

/** What the state of a directory holds. */
export function keptIn(directory: string): Kept {
  const { queries, close } = openStoreReader(join(directory, 'state'));
  try {
    const alerts = queries.listAlerts({});
    return {
      alerts,
      findings: alerts.flatMap(({ id }) => queries.findingsOf(id)),
      ledger: [...queries.ledger().entries].map(({ entry }) => entry),
      status: queries.statusCounts(),
    };
  } finally {
    close();
  }
}

/** The notices in a file of alerts, in their order. */
export async function noticesIn(path: string): Promise<readonly Alert[]> {
  const text = await readFile(path, 'utf8').catch(() => '');
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Alert);
}

/** One alert in short: `updated 3` is its state and its number of findings. */
export function inShort({ state, count }: Alert): string {
  return `${state} ${count}`;
}

/** 2026-11-23 14:00:00 UTC, and so many seconds. */
export function upload(second: number, to = INDIA): string {
  const host = to === INDIA ? 'upload.abroad.example' : 'upload.home.example';
  return `${1_795_442_400 + second}.000    151 10.1.2.3 TCP_MISS/201 312 PUT https://${host}/in/batch-${second}.837 - HIER_DIRECT/${to} -\n`;
}

export const LOGIN =
  '2026-11-23T14:00:00.000000+00:00 gw1 sshd[100]: Accepted password for abroad_sftp from 192.0.2.9 port 50000 ssh2\n';
export const SESSION_OPENED =
  '2026-11-23T14:00:01.000000+00:00 gw1 internal-sftp[102]: session opened for local user abroad_sftp from [192.0.2.9]\n';
export const FILE_CLOSED =
  '2026-11-23T14:00:09.000000+00:00 gw1 internal-sftp[102]: close "/outbound/charts.zip" bytes read 66893 written 0\n';
