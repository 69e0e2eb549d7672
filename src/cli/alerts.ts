import { type Command, Option } from 'commander';
import type { AlertState } from '../alerts/alert.ts';
import { SEVERITIES, type Severity } from '../rules/severity.ts';
import { encodeNative } from '../sinks/encoders/native.ts';
import { openStoreReader, type StoreReader } from '../store/read-only.ts';
import { findAlert } from './alerts-found.ts';
import { addAlertsHandling } from './alerts-handling.ts';
import { alertText, listText } from './alerts-text.ts';
import { timesOf } from './alerts-times.ts';
import { configOption, load } from './configuration.ts';
import { type Io, isColoured, screenOn, write } from './io.ts';
import { parseTime } from './times.ts';

const STATES: readonly AlertState[] = ['open', 'updated', 'closed'];

interface ListOptions {
  readonly config?: string;
  readonly state?: AlertState;
  readonly severity?: Severity;
  readonly vendor?: string;
  readonly since?: string;
  readonly json?: true;
}

export function addAlerts(program: Command, io: Io): void {
  const alerts = program
    .command('alerts')
    .description('List the stored alerts, show one, or say what was done about them');
  alerts
    .command('list')
    .description('List the stored alerts, a line each, the latest seen first')
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
    .description('Show one alert with its findings and its deliveries')
    .addOption(configOption())
    .option('--json', 'one JSON object: alert, times, findings, deliveries, handling')
    .argument('<id>', 'its id, or the beginning of it')
    .action(async (id: string, { config, json }: { config?: string; json?: true }) => {
      await withStore(config, ({ queries }) => showAlert(queries, id, json ?? false, io));
    });
  addAlertsHandling(alerts, io);
}

async function withStore(config: string | undefined, work: (store: StoreReader) => Promise<void>): Promise<void> {
  const { settings } = await load(config);
  const store = openStoreReader(settings.agent.state);
  try {
    await work(store);
  } finally {
    store.close();
  }
}

async function listAlerts(
  queries: StoreReader['queries'],
  { state, severity, vendor, since, json }: ListOptions,
  { stdout, stderr }: Io,
): Promise<void> {
  const alerts = queries.listAlerts({
    ...(state !== undefined && { states: [state] }),
    ...(severity !== undefined && { severities: SEVERITIES.slice(SEVERITIES.indexOf(severity)) }),
    ...(vendor !== undefined && { vendor }),
    ...(since !== undefined && { sinceMs: parseTime('--since', since) }),
  });
  if (json) for (const alert of alerts) await write(stdout, encodeNative(alert));
  else if (alerts.length === 0) stderr.write('no alerts\n');
  else await write(stdout, listText(alerts, screenOn(stdout)));
}

async function showAlert(queries: StoreReader['queries'], id: string, json: boolean, { stdout }: Io): Promise<void> {
  const { alert, createdMs } = findAlert(queries, id);
  const deliveries = queries.deliveriesOf(alert.id);
  const handling = queries.handlingOf(alert.id);
  const times = timesOf(createdMs, deliveries, handling);
  const shown = { alert, times, findings: queries.findingsOf(alert.id), deliveries, handling };
  const text = json ? `${JSON.stringify(shown)}\n` : alertText(shown, screenOn(stdout), isColoured(stdout));
  await write(stdout, text);
}
