import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import Database from 'better-sqlite3';
import { eventually, run } from '../command.ts';

/**
 * A configuration in a directory of its own that follows one log; its vendor abroad is where `traffic.ts` sends to. The
 * same words wherever it stands, so that two of them record the same configuration.
 */
export function configure(directory: string, log: string, source = 'format: squid, inside: client'): void {
  mkdirSync(directory, { recursive: true });
  writeFileSync(
    configOf(directory),
    `agent: { name: gw1, state: state, log: { level: error, file: agent.log }, http: null }
sources:
  - { name: log, type: file, paths: ["${log}"], ${source}, start: beginning, silence: null }
vendors:
  - id: abroad
    name: Coders Abroad
    endpoints: { domains: [upload.abroad.example], accounts: [abroad_sftp] }
    carries: phi
geo:
  overrides:
    - { networks: [192.0.2.0/24], country: IN, reason: for the test }
    - { networks: [198.51.100.0/24], country: US, reason: for the test }
sinks:
  - { name: file, type: file, path: alerts.ndjson, format: native }
`,
  );
}

export function configOf(directory: string): string {
  return join(directory, 'phi-egress.yaml');
}

export function runUntilIdle(directory: string) {
  return run(['run', '--config', configOf(directory), '--until-idle']);
}

/** Lines taken in and findings made, as they are stored; zero before there is a database. */
export function storedCounts(directory: string): { readonly lines: number; readonly findings: number } {
  try {
    const database = new Database(join(directory, 'state', 'phi-egress.db'), { readonly: true, timeout: 5_000 });
    try {
      const lines = database.prepare<[], number>('SELECT coalesce(sum(lines), 0) FROM source_counts').pluck().get();
      const findings = database.prepare<[], number>('SELECT count(*) FROM findings').pluck().get();
      return { lines: lines ?? 0, findings: findings ?? 0 };
    } finally {
      database.close();
    }
  } catch {
    return { lines: 0, findings: 0 };
  }
}

/** Gaps as they are stored: `vanished access.log.3.gz`. */
export function storedGaps(directory: string): readonly string[] {
  const database = new Database(join(directory, 'state', 'phi-egress.db'), { readonly: true, timeout: 5_000 });
  try {
    const gaps = database.prepare<[], { kind: string; path: string | null }>('SELECT kind, path FROM coverage_gaps');
    return gaps.all().map(({ kind, path }) => (path === null ? kind : `${kind} ${basename(path)}`));
  } finally {
    database.close();
  }
}

/** Waits until the agent's own log says so. */
export async function said(directory: string, words: RegExp): Promise<void> {
  const log = join(directory, 'agent.log');
  await eventually(async () => (words.test(readFileSync(log, 'utf8')) ? true : undefined), 60_000, String(words));
}

/** Waits for the end of a child. @returns its exit code. */
export async function ended(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null) return child.exitCode;
  const [code] = (await once(child, 'close')) as [number | null];
  return code;
}

export async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill(signal);
  await gone;
}

export function elapsed(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
