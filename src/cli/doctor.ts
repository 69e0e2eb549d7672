import type { Command } from 'commander';
import { type Examination, examineSource } from '../agent/doctor.ts';
import { describeSource } from '../sources/describe.ts';
import { settledFormatsOf } from '../store/read-only.ts';
import { blindSpotText } from './blind-spots.ts';
import { configOption, load } from './configuration.ts';
import { count, counted, type Io, type Screen, screenOn, write } from './io.ts';
import { prose, table } from './layout.ts';

export function addDoctor(program: Command, { stdout }: Io): void {
  program
    .command('doctor')
    .description('Look at the last lines of every log: what they cannot show, and the exact line that mends it')
    .addOption(configOption())
    .option('--json', 'one JSON array')
    .action(async ({ config, json }: { config?: string; json?: true }) => {
      const { settings } = await load(config);
      const settled = settledFormatsOf(settings.agent.state);
      const examinations: Examination[] = [];
      for (const source of settings.sources) examinations.push(await examineSource(source, settled));
      const show = json ? doctorJson : doctorText(screenOn(stdout));
      await write(stdout, show(examinations));
    });
}

function doctorJson(examinations: readonly Examination[]): string {
  const shown = examinations.map(({ source, format, told, newestMs, ...rest }) => ({
    source: source.name,
    format: format?.name,
    ...rest,
    ...(newestMs !== undefined && { newest: new Date(newestMs).toISOString() }),
    told: Object.fromEntries(told),
  }));
  return `${JSON.stringify(shown)}\n`;
}

/** Keys whose absence decides what can be found, in the order in which an operator asks for them. */
const KEYS_SHOWN = ['client.ip', 'client.user', 'server.ip', 'server.host', 'bytesToServer', 'bytesToClient'];
const MORE_KEYS_SHOWN = ['method', 'url', 'status', 'contentType', 'file', 'outcome'];

function doctorText(screen: Screen): (examinations: readonly Examination[]) => string {
  const { paint, width } = screen;
  const one = ({
    source,
    format,
    lines,
    records,
    skipped,
    unreadable,
    newestMs,
    told,
    complaints,
    blindSpots,
  }: Examination) => {
    const newest = newestMs === undefined ? '' : `, the newest of ${new Date(newestMs).toISOString().slice(0, 19)}Z`;
    const share = (key: string) => `${key} ${records === 0 ? 0 : Math.floor(((told.get(key) ?? 0) * 100) / records)}%`;
    const rows = [
      [
        'looked at',
        `the last ${counted(lines, 'line')}: ${counted(records, 'record')}, ${count(skipped)} skipped, ${count(unreadable)} unreadable${newest}`,
      ],
      ...(records > 0 ? [['told', [...KEYS_SHOWN, ...MORE_KEYS_SHOWN].map(share).join(', ')]] : []),
    ];
    return [
      `${paint.heading(`source ${source.name}`)}  format ${format?.name ?? 'auto'}, ${describeSource(source)}\n`,
      table(rows, { width, indent: 2 }),
      ...complaints.map((it) => prose(paint.bad(it), { width, indent: 2 })),
      blindSpots.length === 0 ? '' : blindSpotText(blindSpots, screen, 2),
    ].join('');
  };
  return (examinations) => examinations.map(one).join('\n');
}
