import { userInfo } from 'node:os';
import { setTimeout as elapsed } from 'node:timers/promises';
import { type Command, Option } from 'commander';
import { takeUpWithoutDaemon } from '../agent/take-up-handling.ts';
import type { Alert } from '../alerts/alert.ts';
import { DISPOSITIONS, type Disposition } from '../alerts/disposition.ts';
import type { HandlingAct } from '../alerts/handling.ts';
import { OperatorError, type Problem } from '../errors/problem.ts';
import { findIdentifiers } from '../phi/identifiers.ts';
import { wordsOf } from '../phi/words.ts';
import { isLocked } from '../store/lock.ts';
import { openStoreReader } from '../store/read-only.ts';
import { writeHandling } from '../store/write-handling.ts';
import { findAlert } from './alerts-found.ts';
import { configOption, load } from './configuration.ts';
import { type Io, write } from './io.ts';
import { seconds } from './times.ts';

interface AckOptions {
  readonly config?: string;
  readonly reason?: string;
  readonly by?: string;
}

interface CloseOptions extends AckOptions {
  readonly reason: string;
  readonly disposition: Disposition;
}

/** A daemon takes acts up several times a second; one that is busy with a large batch, later. */
const DAEMON_WITHIN_MS = 10_000;
const LONGEST_REASON = 1_000;
const LONGEST_NAME = 100;

export function addAlertsHandling(alerts: Command, io: Io): void {
  const by = () => new Option('--by <name>', 'who does it (default: the account that runs this)');
  alerts
    .command('ack')
    .description('Say that somebody has taken alerts up; kept for good, with who and when')
    .addOption(configOption())
    .option('--reason <text>', 'what there is to say; no patient data')
    .addOption(by())
    .argument('<id...>', 'their ids, or the beginnings of them')
    .action(async (ids: string[], { config, reason, by }: AckOptions) => {
      const what = { kind: 'acknowledged', ...(reason !== undefined && { reason: reasonFrom(reason) }) } as const;
      await handleAlerts(ids, what, by, config, io);
    });
  alerts
    .command('close')
    .description('Close alerts with what they turned out to be; kept for good, with who, when and why')
    .addOption(configOption())
    .requiredOption('--reason <text>', 'why; no patient data')
    .addOption(
      new Option('--disposition <word>', 'what it turned out to be').choices([...DISPOSITIONS]).makeOptionMandatory(),
    )
    .addOption(by())
    .argument('<id...>', 'their ids, or the beginnings of them')
    .action(async (ids: string[], { config, reason, disposition, by }: CloseOptions) => {
      await handleAlerts(ids, { kind: 'closed', disposition, reason: reasonFrom(reason) }, by, config, io);
    });
}

type Doing<Act> = Act extends HandlingAct ? Omit<Act, 'alertId' | 'by' | 'account' | 'atMs'> : never;

async function handleAlerts(
  ids: readonly string[],
  what: Doing<HandlingAct>,
  by: string | undefined,
  config: string | undefined,
  { stdout, stderr }: Io,
): Promise<void> {
  const { settings } = await load(config);
  const { state } = settings.agent;
  const alerts = alertsIn(state, ids);
  if (what.kind === 'closed') refuseConditions(alerts);
  const account = accountName();
  const who = by === undefined ? account : nameFrom(by);
  const acts = alerts.map(({ id }): HandlingAct => ({ ...what, alertId: id, by: who, account, atMs: Date.now() }));
  writeHandling(state, acts);
  if (!isLocked(state)) takeUpWithoutDaemon(state, settings.sinks);
  const isTaken = await areInLedger(state, acts);
  const done = what.kind === 'closed' ? `closed as ${what.disposition}` : 'acknowledged';
  for (const { alertId, atMs } of acts) await write(stdout, `${alertId} ${done} by ${who} at ${seconds(atMs)} UTC\n`);
  if (!isTaken) stderr.write('It is written down; the running agent is busy, and takes it into the ledger later.\n');
}

/** Each once. @throws OperatorError `cli.bad-argument`, for all ids at once. */
function alertsIn(state: string, ids: readonly string[]): readonly Alert[] {
  const store = openStoreReader(state);
  try {
    const problems: Problem[] = [];
    const found = new Map<string, Alert>();
    for (const id of ids) {
      try {
        const { alert } = findAlert(store.queries, id);
        found.set(alert.id, alert);
      } catch (error) {
        if (!(error instanceof OperatorError)) throw error;
        problems.push(...error.problems);
      }
    }
    if (problems.length > 0) throw new OperatorError(problems);
    return [...found.values()];
  } finally {
    store.close();
  }
}

function refuseConditions(alerts: readonly Alert[]): void {
  const problems = alerts
    .filter(({ kind }) => kind !== 'egress')
    .map(
      ({ id, rule }): Problem => ({
        code: 'cli.bad-argument',
        what: `${id} is about the watch itself (${rule}) and closes by itself when that is mended`,
        todo: `mend it, acknowledge it, or turn it off under rules.${rule} in the configuration`,
      }),
    );
  if (problems.length > 0) throw new OperatorError(problems);
}

async function areInLedger(state: string, acts: readonly HandlingAct[]): Promise<boolean> {
  const store = openStoreReader(state);
  try {
    const deadlineMs = performance.now() + DAEMON_WITHIN_MS;
    const isWaiting = ({ alertId }: HandlingAct) =>
      store.queries.handlingOf(alertId).some(({ ledgerSeq }) => ledgerSeq === undefined);
    while (acts.some(isWaiting)) {
      if (performance.now() > deadlineMs) return false;
      await elapsed(50);
    }
    return true;
  } finally {
    store.close();
  }
}

/** Whoever used sudo, rather than root. */
function accountName(): string {
  const { SUDO_USER: behindSudo } = process.env;
  if (process.getuid?.() === 0 && behindSudo) return behindSudo;
  try {
    return userInfo().username;
  } catch {
    // An account without a name, as in a container.
    return `uid ${process.getuid?.()}`;
  }
}

function nameFrom(text: string): string {
  return shortText('--by', text, LONGEST_NAME);
}

/** It is kept for good in a chain that nothing can be taken out of again. */
function reasonFrom(text: string): string {
  const reason = shortText('--reason', text, LONGEST_REASON);
  const [found] = findIdentifiers(reason, wordsOf(reason));
  if (found === undefined) return reason;
  throw usage(`--reason holds what looks like patient data (${found.kind})`, 'say it without, and point to the case');
}

/** What was found is not repeated: it may be what must not be said. */
function shortText(option: string, text: string, longest: number): string {
  const line = text.trim();
  if (line === '') throw usage(`${option} is empty`, 'write something');
  if (line.length > longest) throw usage(`${option} is longer than ${longest} characters`, 'say it shorter');
  if (/\p{Cc}/u.test(line)) throw usage(`${option} is not one line of text`, 'leave control characters out');
  return line;
}

function usage(what: string, todo: string): OperatorError {
  return new OperatorError([{ code: 'cli.bad-argument', what, todo }]);
}
