import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  copyFileSync,
  cpSync,
  mkdirSync,
  readdirSync,
  renameSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { run, scratch, start } from '../command.ts';
import { rowsOf } from './database-rows.ts';

const KILLS = 50;
/** Lines between two rotations of the log. */
const ROTATE_EVERY = 600;

/** One kind of log: how its source is configured, what is written to it, and how it is rotated. */
interface Log {
  readonly name: string;
  readonly source: string;
  /** A piece of log, and how many findings it must come to. */
  readonly write: (number: number, random: () => number) => { readonly text: string; readonly findings: number };
  /** Moves the content of `log` to `archive` and leaves `log` empty. */
  readonly rotate: (log: string, archive: string) => void;
}

const RENAMED_PROXY_LOG: Log = {
  name: 'access.log',
  source: 'format: squid, inside: client',
  write: (number, random) => (random() < 0.05 ? upload(number) : ordinary(number)),
  rotate: (log, archive) => {
    renameSync(log, archive);
    writeFileSync(log, '');
  },
};

const TRUNCATED_SSH_LOG: Log = {
  name: 'auth.log',
  source: 'format: openssh, inside: server',
  write: (number) => session(number),
  rotate: (log, archive) => {
    copyFileSync(log, archive);
    truncateSync(log, 0);
  },
};

/**
 * Two daemons follow the same log, which is written and rotated all the while. One is left alone, the other is killed
 * with SIGKILL at random instants. In the end their databases hold the same rows.
 */
test.each([
  ['a proxy log rotated by renaming', RENAMED_PROXY_LOG],
  ['an SSH log rotated by copying and truncating', TRUNCATED_SSH_LOG],
])(
  `after ${KILLS} kills the database equals that of an uninterrupted run, row for row: %s`,
  { timeout: 300_000 },
  async (_, log) => {
    const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31));
    const random = mulberry32(seed);
    await using dir = await scratch();
    const calm = join(dir.path, 'calm');
    const killed = join(dir.path, 'killed');
    const logs = join(dir.path, 'logs');
    mkdirSync(logs);
    writeFileSync(join(logs, log.name), '');
    configure(calm, join(logs, log.name), log.source);
    // A first run makes the masking key, which the two have in common from then on.
    expect(await runUntilIdle(calm)).toMatchObject({ code: 0 });
    cpSync(calm, killed, { recursive: true });

    const writer = startWriting(logs, log, random);
    const steady = start(['run', '--config', join(calm, 'phi-egress.yaml')]);
    for (let kill = 0; kill < KILLS; kill++) {
      const victim = start(['run', '--config', join(killed, 'phi-egress.yaml')]);
      await Promise.race([elapsed(150 + random() * 600), once(victim, 'exit')]);
      expect(victim.exitCode, 'the daemon ended by itself').toBeNull();
      await end(victim, 'SIGKILL');
    }
    const written = writer.stop();
    await end(steady, 'SIGTERM');
    for (const directory of [calm, killed]) expect(await runUntilIdle(directory)).toMatchObject({ code: 0 });

    const expected = rowsOf(join(calm, 'state'));
    const actual = rowsOf(join(killed, 'state'));
    process.stdout.write(
      `killed ${KILLS} times over ${written.lines} lines and ${written.rotations} rotations, seed ${seed}: ` +
        `${actual.findings?.length} findings of ${written.findings} planted\n`,
    );
    expect(expected.findings?.length, `seed ${seed}`).toBe(written.findings);
    expect(actual, `seed ${seed}`).toEqual(expected);
  },
);

function runUntilIdle(directory: string) {
  return run(['run', '--config', join(directory, 'phi-egress.yaml'), '--until-idle']);
}

/** The same words wherever it stands, so that both databases record the same configuration. */
function configure(directory: string, log: string, source: string): void {
  mkdirSync(directory);
  writeFileSync(
    join(directory, 'phi-egress.yaml'),
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

/** Appends to the log every few milliseconds, in pieces that end anywhere, and rotates it now and then. */
function startWriting(logs: string, { name, write, rotate }: Log, random: () => number) {
  const written = { lines: 0, findings: 0, rotations: 0 };
  const path = join(logs, name);
  let number = 0;
  let sinceRotation = 0;
  const timer = setInterval(() => {
    let text = '';
    const pieces = 3 + random() * 10;
    for (let i = 0; i < pieces; i++) {
      number += 1;
      const piece = write(number, random);
      text += piece.text;
      written.findings += piece.findings;
    }
    const lines = text.split('\n').length - 1;
    written.lines += lines;
    sinceRotation += lines;
    const cut = Math.floor(random() * text.length);
    appendFileSync(path, text.slice(0, cut));
    appendFileSync(path, text.slice(cut));
    if (sinceRotation < ROTATE_EVERY) return;
    sinceRotation = 0;
    written.rotations += 1;
    makeRoom(logs, name);
    rotate(path, `${path}.1`);
  }, 10);
  return {
    stop: () => {
      clearInterval(timer);
      return written;
    },
  };
}

/** `x.log.2` becomes `x.log.3`, `x.log.1` becomes `x.log.2`, and so on, as logrotate does; nothing is removed. */
function makeRoom(logs: string, name: string): void {
  const numbers = readdirSync(logs)
    .filter((it) => it.startsWith(`${name}.`))
    .map((it) => Number(it.slice(name.length + 1)))
    .sort((one, other) => other - one);
  for (const number of numbers) renameSync(join(logs, `${name}.${number}`), join(logs, `${name}.${number + 1}`));
}

const START = Date.UTC(2026, 10, 23, 14, 0, 0);

function upload(number: number) {
  const time = ((START + number * 37) / 1000).toFixed(3);
  const text = `${time}    151 10.1.2.3 TCP_MISS/201 312 PUT https://upload.abroad.example/in/batch-${number}.837 - HIER_DIRECT/192.0.2.9 -\n`;
  return { text, findings: 1 };
}

function ordinary(number: number) {
  const time = ((START + number * 37) / 1000).toFixed(3);
  const text = `${time}     20 10.1.2.4 TCP_MISS/200 5120 GET http://www.ordinary.example/page/${number} - HIER_DIRECT/198.51.100.7 text/html\n`;
  return { text, findings: 0 };
}

/** A login and a download: two findings. Process ids are reused, ports are not. */
function session(number: number) {
  const stamp = (ms: number) => new Date(START + number * 1000 + ms).toISOString().replace('Z', '+00:00');
  const pid = 1000 + (number % 50);
  const text = [
    `${stamp(0)} gw1 sshd[${pid}]: Accepted publickey for abroad_sftp from 192.0.2.77 port ${number} ssh2: ED25519 SHA256:AAAA\n`,
    `${stamp(1)} gw1 internal-sftp[${pid}]: session opened for local user abroad_sftp from [192.0.2.77]\n`,
    `${stamp(2)} gw1 internal-sftp[${pid}]: close "/outbound/chart.zip" bytes read ${number} written 0\n`,
    `${stamp(3)} gw1 internal-sftp[${pid}]: session closed for local user abroad_sftp from [192.0.2.77]\n`,
    `${stamp(4)} gw1 sshd[${pid + 1}]: Disconnected from user abroad_sftp 192.0.2.77 port ${number}\n`,
  ].join('');
  return { text, findings: 2 };
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill(signal);
  await gone;
}

function elapsed(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** A small seeded generator (Mulberry32), so that a failing run can be run again. */
function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
