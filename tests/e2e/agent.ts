import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { EgressAlert } from '../../src/alerts/alert.ts';
import { start } from '../command.ts';
import { type Ended, finish, type Server, serve } from './child.ts';
import { writeDatabases } from './countries.ts';
import type { Undo } from './undo.ts';

/** A configuration on disk, and where the agent that it belongs to writes. */
export interface Installation {
  readonly config: string;
  /** Alerts as NDJSON, every notice a line. */
  readonly alerts: string;
}

export interface Watched {
  readonly sources: readonly object[];
  readonly vendors: readonly object[];
  readonly phi?: object;
}

/** What the tests hold an alert to. */
export interface AlertRow {
  readonly rule: string;
  /** Its id, or the host of a receiver that no vendor declares, or else its address. */
  readonly who: string;
  /** The country, or the standing where there is none. */
  readonly where: string;
  readonly severity: string;
  readonly claim: string;
  readonly count: number;
  readonly bytes?: number;
}

/** Sets an agent up that knows no databases but the test's own. Without `phi`, nothing is a PHI system. */
export async function install(scratch: string, { sources, vendors, phi = {} }: Watched): Promise<Installation> {
  const config = join(scratch, 'phi-egress.yaml');
  const alerts = join(scratch, 'alerts.ndjson');
  // JSON is YAML.
  const settings = {
    agent: { name: 'gw1', state: join(scratch, 'state'), http: null },
    sources,
    vendors,
    phi,
    geo: { directory: await writeDatabases(scratch), embedded: false },
    sinks: [{ name: 'file', type: 'file', path: alerts }],
  };
  await writeFile(config, JSON.stringify(settings, null, 2));
  return { config, alerts };
}

/** Reads what there is, to its end. @throws Error when the agent fails. */
export async function runUntilIdle({ config }: Installation): Promise<void> {
  await succeed(['run', '--config', config, '--until-idle']);
}

/** The daemon, until it is stopped. */
export function startDaemon({ config }: Installation, undo: Undo): Server {
  return serve(start(['run', '--config', config]), undo);
}

/** The alerts that are stored, as the command line lists them. */
export async function storedAlerts({ config }: Installation): Promise<readonly EgressAlert[]> {
  const { stdout } = await succeed(['alerts', 'list', '--config', config, '--json']);
  return parseNdjson(stdout);
}

/** What the file was last told of each alert. */
export async function deliveredAlerts({ alerts }: Installation): Promise<readonly EgressAlert[]> {
  const notices = parseNdjson(await readFile(alerts, 'utf8'));
  return [...new Map(notices.map((alert) => [alert.id, alert])).values()];
}

/** The alerts of the same logs, taken as archives. */
export async function replayedAlerts(
  { config }: Installation,
  logs: readonly string[],
): Promise<readonly EgressAlert[]> {
  const file = `${config}.replayed.ndjson`;
  await succeed(['replay', '--config', config, '--alerts', file, ...logs]);
  return parseNdjson(await readFile(file, 'utf8'));
}

/** In the order of `who`, then `rule`, then `claim`. */
export function rowsOf(alerts: readonly EgressAlert[]): readonly AlertRow[] {
  return alerts.map(rowOf).sort((one, other) => (orderOf(one) < orderOf(other) ? -1 : 1));
}

export function idsOf(alerts: readonly EgressAlert[]): readonly string[] {
  return alerts.map(({ id }) => id).sort();
}

function rowOf({ rule, vendor, receiver, severity, claim, count, bytes }: EgressAlert): AlertRow {
  return {
    rule,
    who: vendor?.id ?? receiver.host ?? receiver.ip ?? 'nobody known',
    where: receiver.country ?? receiver.standing,
    severity,
    claim,
    count,
    ...(bytes !== undefined && { bytes }),
  };
}

function orderOf({ who, rule, claim }: AlertRow): string {
  return [who, rule, claim].join(' ');
}

async function succeed(args: readonly string[]): Promise<Ended> {
  const ended = await finish(start(args));
  if (ended.code !== 0) throw new Error(`phi-egress ${args[0]} ended with ${ended.code}:\n${ended.stderr}`);
  return ended;
}

function parseNdjson(text: string): readonly EgressAlert[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as EgressAlert);
}
