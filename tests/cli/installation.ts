import { existsSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Squid's native format with the size and the media type of what the client sent. */
export const LOGFORMAT = '%ts.%03tu %6tr %>a %Ss/%03>Hs %<st %rm %ru %[un %Sh/%<a %mt %>st "%{Content-Type}>h"';

/** A value of the configuration, written on one line so that the tests know the line of every key. */
type Written = Readonly<Record<string, string>>;

/** Line by line; the line of a key is its place here, counted from 1. */
const DEFAULTS = {
  agent: '{ name: gw1, state: state, log: { level: info, file: agent.log }, http: null }',
  sources: `[{ name: squid, type: file, paths: [access.log], format: { squid: '${LOGFORMAT}' }, inside: client, start: beginning }, { name: sftp, type: file, paths: [auth.log], format: openssh, inside: server, start: beginning }]`,
  vendors:
    '[{ id: abroad, name: Coders Abroad, carries: phi, endpoints: { domains: [upload.abroad.example], accounts: [abroad_sftp] }, terms: [{ from: 2024-03-01, until: 2026-12-31, territory: us-and-territories, covers: [storage, access], reference: BAA-17 }] }, { id: unsure, name: Unsure Transcription, carries: phi, endpoints: { domains: [unsure.example] } }]',
  phi: '{ systems: [{ name: ehr, networks: [10.10.0.0/16] }] }',
  geo: '{ overrides: [{ networks: [192.0.2.0/24], country: IN, reason: for the test }] }',
  sinks: '[{ name: people, type: terminal }, { name: file, type: file, path: alerts.ndjson }]',
};

/** Writes a configuration into a directory. @returns its path. */
export async function configure(directory: string, changes: Written = {}): Promise<string> {
  const config = join(directory, 'phi-egress.yaml');
  const lines = Object.entries({ ...DEFAULTS, ...changes }).map(([key, value]) => `${key}: ${value}\n`);
  await writeFile(config, lines.join(''));
  return config;
}

/** The alerts that the file sink got, every notice one. */
export function deliveredTo(
  directory: string,
): readonly { rule: string; state: string; vendor?: { id: string }; count: number }[] {
  const path = join(directory, 'alerts.ndjson');
  if (!existsSync(path)) return [];
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}

export interface Upload {
  /** Seconds after 2026-11-23T14:00:00Z. */
  readonly second: number;
  readonly host?: string;
  readonly ip?: string;
  readonly path?: string;
}

/** A line of `LOGFORMAT`: an X12 claim of 512,644 bytes from a PHI system to India, where nothing else is said. */
export function upload({
  second,
  host = 'upload.abroad.example',
  ip = '192.0.2.9',
  path = '/in/837P_20261122_0001.x12',
}: Upload): string {
  const time = (1_795_442_400 + second).toFixed(3);
  return `${time}    757 10.10.4.21 TCP_MISS/201 486 PUT https://${host}${path} svc_ehr HIER_DIRECT/${ip} application/json 512644 "application/edi-x12"\n`;
}
