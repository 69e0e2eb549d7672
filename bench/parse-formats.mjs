// Measures how fast each format reads its own lines: a file of each format's samples, repeated, is read by its reader in
// this process, and split by `mawk -F' '` beside it. What counts is the ratio, and the ratio to Squid's native format.
// No format may be under a third of that without a reason below.
//   npm run bench
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const LINES = 100_000;
const ROUNDS = 3;
/** Of Squid native's lines a second. */
const LEAST_SHARE = 1 / 3;

/** Why a format may be slower, by name. */
const REASONS = {
  'envoy-json': 'JSON: a line is parsed as a whole',
  'traefik-json': 'JSON: a line is parsed as a whole, and these are five times as long',
  caddy: 'JSON: a line is parsed as a whole, and these are five times as long',
  haproxy: 'five kinds of line, tried one after the other: one log holds those of all frontends',
};

const here = dirname(fileURLToPath(import.meta.url));
const built = join(here, '..', 'dist', 'formats', 'registry.js');
const scratch = join(here, '..', 'bench-state', 'formats');

if (!existsSync(built)) {
  process.stderr.write('Cannot find dist/formats/registry.js: run "npm run build"\n');
  process.exit(1);
}
const { formats, readerOf } = await import(built);
const hasMawk = spawnSync('sh', ['-c', 'command -v mawk']).status === 0;
if (!hasMawk) process.stderr.write('mawk is not installed and is left out\n');

mkdirSync(scratch, { recursive: true });
try {
  const rows = formats.map(measure);
  const native = rows.find(({ name }) => name === 'squid').perSecond;
  process.stdout.write(`${LINES.toLocaleString('en')} lines of each format's samples; best of ${ROUNDS} rounds\n\n`);
  print(['format', 'bytes/line', 'lines/s', "time against mawk -F' '", 'of Squid native', '']);
  let isSlow = false;
  for (const { name, perSecond, bytes, ratio } of rows) {
    const share = perSecond / native;
    const reason = share >= LEAST_SHARE ? '' : (REASONS[name] ?? 'TOO SLOW, and no reason is written down');
    isSlow ||= share < LEAST_SHARE && REASONS[name] === undefined;
    print([
      name,
      String(bytes),
      Math.round(perSecond).toLocaleString('en'),
      ratio,
      `${Math.round(share * 100)}%`,
      reason,
    ]);
  }
  if (isSlow) process.exitCode = 1;
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

function measure(format) {
  const read = readerOf(format, { timezone: 'UTC' });
  const samples = samplesInContext(format, read);
  const lines = Array.from({ length: LINES }, (_, index) => samples[index % samples.length].line);
  const text = `${lines.join('\n')}\n`;
  const file = join(scratch, 'lines.log');
  writeFileSync(file, text);
  let seconds = Number.POSITIVE_INFINITY;
  let mawkSeconds = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS; round++) {
    // Lines as they come from a file, each a string of its own.
    const fresh = text.split('\n');
    const startMs = performance.now();
    for (let index = 0; index < LINES; index++) {
      if (read(fresh[index], samples[index % samples.length].context).kind !== 'record')
        throw new Error(`${format.name} does not read its own sample`);
    }
    seconds = Math.min(seconds, (performance.now() - startMs) / 1_000);
    if (hasMawk) mawkSeconds = Math.min(mawkSeconds, runMawk(file));
  }
  const ratio = hasMawk ? `${(seconds / mawkSeconds).toFixed(1)} times` : '-';
  return { name: format.name, perSecond: LINES / seconds, bytes: Math.round(text.length / LINES), ratio };
}

/** The lines that give a record, each with the header lines of its file in mind. */
function samplesInContext(format, read) {
  let context = { writtenBeforeMs: Date.UTC(2026, 11, 1) };
  return format.samples.flatMap(({ line }) => {
    const reading = read(line, context);
    if (reading.kind === 'skipped' && reading.fileHeader !== undefined)
      context = { ...context, fileHeader: reading.fileHeader };
    return reading.kind === 'record' ? [{ line, context }] : [];
  });
}

/** The file several times over, so that the start of the process does not count. @returns seconds for one time */
function runMawk(file) {
  const times = 10;
  const files = Array.from({ length: times }, () => file);
  const startMs = performance.now();
  const { status } = spawnSync('mawk', ['-F ', '{ n[$4]++ } END { for (k in n) s += n[k]; print s }', ...files], {
    stdio: 'ignore',
    env: { ...process.env, LC_ALL: 'C' },
  });
  if (status !== 0) throw new Error(`mawk ended with ${status}`);
  return (performance.now() - startMs) / 1_000 / times;
}

function print([name, bytes, perSecond, ratio, share, reason]) {
  process.stdout.write(
    `${name.padEnd(24)}${bytes.padStart(10)}${perSecond.padStart(12)}${ratio.padStart(25)}${share.padStart(17)}  ${reason}\n`,
  );
}
