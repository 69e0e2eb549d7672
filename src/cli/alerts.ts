import { type Command, Option } from 'commander';
import type { Alert, AlertState } from '../alerts/alert.ts';
import { OperatorError } from '../errors/problem.ts';
import { SEVERITIES, type Severity } from '../rules/severity.ts';
import { encodeNative } from '../sinks/encoders/native.ts';
import { encodeForTerminal } from '../sinks/encoders/terminal.ts';
import { openStoreReader, type StoreReader } from '../store/read-only.ts';
import { configOption, load } from './configuration.ts';
import { type Io, paintFor, table, write } from './io.ts';

const STATES: readonly AlertState[] = ['open', 'updated', 'closed'];
/** Where the output is no terminal. */
const PLAIN_WIDTH = 100;

interface ListOptions {
  readonly config?: string;
  readonly state?: AlertState;
  readonly severity?: Severity;
  readonly vendor?: string;
  readonly since?: string;
  readonly json?: true;
}

export function addAlerts(program: Command, io: Io): void {
  const alerts = program.command('alerts').description('the alerts that are stored');
  alerts
    .command('list')
    .description('a line each, the latest seen first')
    .addOption(configOption())
    .addOption(new Option('--state <state>', 'only these').choices([...STATES]))
    .addOption(new Option('--severity <severity>', 'only this severe or worse').choices([...SEVERITIES]))
    .option('--vendor <id>', "only this vendor's")
    .option('--since <time>', 'only those seen since then: 2026-11-23 or 2026-11-23T14:00:00Z')
    .option('--json', 'one JSON object a line, in the native form')
    .action(async (options: ListOptions) => {
      await withStore(options.config, ({ queries }) => listAlerts(queries, options, io));
    });
  alerts
    .command('show')
    .description('one alert with its findings and its deliveries')
    .addOption(configOption())
    .option('--json', 'one JSON object: alert, findings, deliveries')
    .argument('<id>', 'its id, or the beginning of it')
    .action(async (id: string, { config, json }: { config?: string; json?: true }) => {
      await withStore(config, ({ queries }) => showAlert(queries, id, json ?? false, io));
    });
}

async function withStore(config: string | undefined, work: (store: StoreReader) => Promise<void>): Promise<void> {
  const { agent } = await load(config);
  const store = openStoreReader(agent.state);
  try {
    await work(store);
  } finally {
    store.close();
  }
}

async function listAlerts(
  queries: StoreReader['queries'],
  options: ListOptions,
  { stdout, stderr }: Io,
): Promise<void> {
  const { state, severity, vendor, since, json } = options;
  const alerts = queries.listAlerts({
    ...(state !== undefined && { states: [state] }),
    ...(severity !== undefined && { severities: SEVERITIES.slice(SEVERITIES.indexOf(severity)) }),
    ...(vendor !== undefined && { vendor }),
    ...(since !== undefined && { sinceMs: parseSince(since) }),
  });
  if (json) {
    for (const alert of alerts) await write(stdout, encodeNative(alert));
    return;
  }
  if (alerts.length === 0) {
    stderr.write('no alerts\n');
    return;
  }
  const heading = ['id', 'severity', 'state', 'last seen', 'count', 'rule', 'vendor or host', 'where'];
  await write(stdout, table([heading, ...alerts.map(row)]));
}

function row({ id, severity, state, lastSeen, count, rule, vendor, receiver }: Alert): readonly string[] {
  return [
    id,
    severity,
    state,
    lastSeen.slice(0, 19).replace('T', ' '),
    String(count),
    rule,
    vendor?.id ?? receiver.host ?? receiver.ip ?? '-',
    receiver.country === undefined ? receiver.standing : `${receiver.country} (${receiver.standing})`,
  ];
}

function parseSince(text: string): number {
  const ms = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d))?$/.test(text)
    ? Date.parse(text)
    : Number.NaN;
  if (!Number.isNaN(ms)) return ms;
  const todo = 'write 2026-11-23 or 2026-11-23T14:00:00Z';
  throw new OperatorError([{ code: 'cli.bad-argument', what: `--since ${JSON.stringify(text)} is no time`, todo }]);
}

async function showAlert(queries: StoreReader['queries'], id: string, json: boolean, { stdout }: Io): Promise<void> {
  const found = queries.findAlert(id);
  if (found.kind === 'none')
    throw new OperatorError([
      { code: 'cli.bad-argument', what: `No alert has the id ${id}`, todo: 'see phi-egress alerts list' },
    ]);
  if (found.kind === 'several')
    throw new OperatorError([
      {
        code: 'cli.bad-argument',
        what: `Several alerts begin with ${id}: ${found.ids.join(', ')}`,
        todo: 'give more of it',
      },
    ]);
  const { alert } = found;
  const findings = queries.findingsOf(alert.id);
  const deliveries = queries.deliveriesOf(alert.id);
  if (json) {
    await write(stdout, `${JSON.stringify({ alert, findings, deliveries })}\n`);
    return;
  }
  const paint = paintFor(stdout);
  await write(
    stdout,
    encodeForTerminal(alert, {
      width: stdout.columns ?? PLAIN_WIDTH,
      colour: stdout.isTTY === true && !process.env.NO_COLOR,
    }),
  );
  const findingRows = findings.map(({ timeMs, claim, bytes, activity, id: findingId }) => [
    new Date(timeMs).toISOString(),
    claim,
    bytes === undefined ? 'size not told' : `${bytes.toLocaleString('en-US')} bytes`,
    activity.url ?? activity.path ?? activity.account ?? '-',
    findingId,
  ]);
  await write(stdout, `${paint.heading('findings')}\n${table(findingRows, '  ')}`);
  const deliveryRows = deliveries.map(({ eventId, sink, outcome, because, createdMs, settledMs }) => [
    eventId,
    sink,
    because === undefined ? outcome : `${outcome}: ${because}`,
    `made ${new Date(createdMs).toISOString()}${settledMs === undefined ? '' : `, settled ${new Date(settledMs).toISOString()}`}`,
  ]);
  await write(stdout, `${paint.heading('deliveries')}\n${table(deliveryRows, '  ')}`);
}
