import type { Command } from 'commander';
import { quote } from '../errors/field.ts';
import { OperatorError } from '../errors/problem.ts';
import { nativeForm } from '../sinks/encoders/native.ts';
import type { DeadLetter } from '../sinks/queue.ts';
import { type DeadLetters, openDeadLetters } from '../store/dead-letters.ts';
import { configOption, load } from './configuration.ts';
import { counted, type Io, type Screen, screenOn, write } from './io.ts';
import { table } from './layout.ts';

interface Options {
  readonly config?: string;
  readonly sink?: string;
  readonly json?: true;
}

const IDS = 'ids of notices as `list` shows them, or beginnings of ids';

/** What destinations will never take: to be looked at, sent again when the cause is mended, or dropped. */
export function addDeadLetters(sinks: Command, io: Io): void {
  const deadLetters = sinks.command('dead-letters').description('Alerts that a destination refused for good');
  const add = (name: string, description: string, work: (chosen: Chosen) => Promise<void>) =>
    deadLetters
      .command(name)
      .description(description)
      .addOption(configOption())
      .option('--sink <name>', "only this sink's")
      .option('--json', 'one JSON object a line')
      .argument('[ids...]', IDS)
      .action((ids: readonly string[], options: Options) => withDeadLetters(ids, options, work));

  add('list', 'List them, with the reason of each', ({ letters, json }) => list(letters, json, io));
  add('retry', 'Send them again: all, or those chosen', async ({ letters, store, json }) => {
    store.retry(letters);
    await report('sent again', letters, json, io);
  });
  add('drop', 'Drop those chosen by id or sink; that they were refused stays on record', async (chosen) => {
    if (!chosen.isNarrowed) throw usage('Nothing says which to drop', 'name ids, or a sink with --sink');
    chosen.store.drop(chosen.letters, Date.now());
    await report('dropped', chosen.letters, chosen.json, io);
  });
}

interface Chosen {
  readonly store: DeadLetters;
  readonly letters: readonly DeadLetter[];
  readonly json: boolean;
  /** By an id or a sink. */
  readonly isNarrowed: boolean;
}

async function withDeadLetters(
  ids: readonly string[],
  { config, sink, json }: Options,
  work: (chosen: Chosen) => Promise<void>,
): Promise<void> {
  const { settings } = await load(config);
  const store = openDeadLetters(settings.agent.state);
  try {
    const letters = choose(store.all(), ids, sink);
    await work({ store, letters, json: json ?? false, isNarrowed: ids.length > 0 || sink !== undefined });
  } finally {
    store.close();
  }
}

function choose(all: readonly DeadLetter[], ids: readonly string[], sink: string | undefined): readonly DeadLetter[] {
  const ofSink = sink === undefined ? all : all.filter((it) => it.sink === sink);
  const unknown = ids.find((id) => !ofSink.some(({ eventId }) => eventId.startsWith(id)));
  if (unknown !== undefined)
    throw usage(`No dead letter has the id ${quote(unknown)}`, 'see phi-egress sinks dead-letters list');
  return ids.length === 0 ? ofSink : ofSink.filter(({ eventId }) => ids.some((id) => eventId.startsWith(id)));
}

async function list(letters: readonly DeadLetter[], json: boolean, { stdout, stderr }: Io): Promise<void> {
  if (json) await writeJson(letters, stdout);
  else if (letters.length === 0) stderr.write('no dead letters\n');
  else await write(stdout, listText(letters, screenOn(stdout)));
}

async function report(done: string, letters: readonly DeadLetter[], json: boolean, { stdout, stderr }: Io) {
  if (json) await writeJson(letters, stdout);
  stderr.write(`${counted(letters.length, 'dead letter')} ${done}\n`);
}

async function writeJson(letters: readonly DeadLetter[], stdout: Io['stdout']): Promise<void> {
  for (const { eventId, sink, because, createdMs, refusedMs, alert } of letters)
    await write(
      stdout,
      `${JSON.stringify({ id: eventId, sink, because, created: iso(createdMs), refused: iso(refusedMs), alert: nativeForm(alert) })}\n`,
    );
}

function listText(letters: readonly DeadLetter[], { listWidth }: Screen): string {
  return table(
    [
      ['refused (UTC)', 'sink', 'severity', 'id', 'because'],
      ...letters.map(({ refusedMs, sink, alert, eventId, because }) => [
        iso(refusedMs).slice(0, 19).replace('T', ' '),
        sink,
        alert.severity,
        eventId,
        because,
      ]),
    ],
    { width: listWidth, indent: 0 },
  );
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}

function usage(what: string, todo: string): OperatorError {
  return new OperatorError([{ code: 'cli.bad-argument', what, todo }]);
}
