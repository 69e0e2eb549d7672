// Measures how fast lines are judged: the daemon reads a Squid log of a million lines from its beginning, with a fresh
// state, until every alert is delivered. Beside it, in turn, `wc -l` and a field split by mawk of the same file. Takes
// about a minute.
//   npm run bench
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, statSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const LINES = 1_000_000;
const MOST_ROUNDS = 5;
/** No further round is begun if it could end after this. */
const PATIENCE_MS = 60_000;

const here = dirname(fileURLToPath(import.meta.url));
const scratch = join(here, '..', 'bench-state');
const log = join(scratch, 'access.log');
const program = join(here, '..', 'dist', 'cli', 'main.js');

/** Reference commands are done several times over: the shell counts their CPU time in steps of 10 ms. */
const REFERENCES = [
  { name: 'wc -l', command: ['wc', '-l', log], times: 20 },
  { name: 'mawk', command: ['mawk', '{ n[$4]++ } END { for (k in n) print k, n[k] }', log], times: 3 },
];

if (!existsSync(program)) fail('Cannot find dist/cli/main.js', 'run "npm run build"');
try {
  prepare();
  report(measure());
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

function prepare() {
  rmSync(scratch, { recursive: true, force: true });
  mkdirSync(scratch);
  process.stderr.write(`Writing ${LINES.toLocaleString('en')} lines ...\n`);
  finished(spawnSync(process.execPath, [join(here, 'generate-squid-log.mjs'), String(LINES), log]));
}

/** @returns for each of those measured, in the order shown, its name and its runs */
function measure() {
  const contestants = [
    { name: 'phi-egress run', run: runDaemon, runs: [] },
    ...REFERENCES.filter(isInstalled).map((it) => ({ name: it.name, run: () => runReference(it), runs: [] })),
  ];
  const startMs = performance.now();
  for (let round = 1; round <= MOST_ROUNDS; round++) {
    process.stderr.write(`Round ${round} ...\n`);
    for (const { run, runs } of contestants) runs.push(run());
    const passedMs = performance.now() - startMs;
    if (passedMs + passedMs / round > PATIENCE_MS) break;
  }
  return contestants;
}

function isInstalled({ name, command: [program] }) {
  const { status } = spawnSync('sh', ['-c', 'command -v "$1"', 'sh', program]);
  if (status !== 0) process.stderr.write(`${name} is not installed and is left out\n`);
  return status === 0;
}

/** Runs the daemon as a process of its own, from its start to its end. */
function runDaemon() {
  for (const left of ['state', 'alerts.ndjson']) rmSync(join(scratch, left), { recursive: true, force: true });
  const startMs = performance.now();
  const ended = spawnSync(program, ['run', '--until-idle', '--config', join(here, 'bench-config.yaml')], {
    env: { ...process.env, NODE_OPTIONS: `--import ${pathToFileURL(join(here, 'report-usage.mjs'))}` },
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
  const seconds = (performance.now() - startMs) / 1000;
  finished(ended);
  return { seconds, ...JSON.parse(ended.output[3]) };
}

function runReference({ command, times }) {
  const startMs = performance.now();
  const ended = spawnSync(
    'sh',
    ['-c', `for i in ${'i '.repeat(times)}; do "$@" >/dev/null || exit; done; times`, 'sh', ...command],
    { encoding: 'utf8', env: { ...process.env, LC_ALL: 'C' } },
  );
  const seconds = (performance.now() - startMs) / 1000 / times;
  finished(ended);
  return { seconds, cpuSeconds: cpuSecondsOfChildren(ended.stdout) / times };
}

/** The second line that `times` prints (POSIX, "times"): `0m0.480s 0m0.120s`. */
function cpuSecondsOfChildren(printed) {
  const [, children = ''] = printed.trim().split('\n');
  return [...children.matchAll(/(\d+)m([\d.]+)s/g)].reduce((sum, [, min, sec]) => sum + 60 * min + Number(sec), 0);
}

function report(contestants) {
  const results = contestants.map(({ name, runs }) => ({
    name,
    seconds: median(runs.map((it) => it.seconds)),
    cpuSeconds: median(runs.map((it) => it.cpuSeconds)),
    peakBytes: Math.max(...runs.map((it) => it.peakBytes ?? Number.NaN)),
  }));
  const [daemon, ...references] = results;
  const rounds = contestants[0].runs.length;
  const size = mebibytes(statSync(log).size);
  print(`${LINES.toLocaleString('en')} lines of a Squid log, ${size}; median of ${rounds} runs, in turn`);
  print(`Node ${process.version}, ${availableParallelism()} x ${cpus()[0]?.model.trim() ?? 'unknown processor'}`);
  print('');
  print(row(['', 'lines/s', 'CPU s per million lines']));
  for (const { name, seconds, cpuSeconds } of results) {
    const perSecond = Math.round(LINES / seconds).toLocaleString('en');
    print(row([name, perSecond, (cpuSeconds * (1e6 / LINES)).toFixed(3)]));
  }
  print('');
  for (const { name, cpuSeconds } of references)
    print(`CPU time against ${name}: ${(daemon.cpuSeconds / cpuSeconds).toFixed(1)} times`);
  print(`Peak memory of phi-egress: ${mebibytes(daemon.peakBytes)}`);
}

function row([name, ...figures]) {
  return name.padEnd(16) + figures.map((it) => it.padStart(26)).join('');
}

function median(values) {
  const sorted = values.toSorted((one, other) => one - other);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

function mebibytes(bytes) {
  return `${(bytes / (1 << 20)).toFixed(0)} MiB`;
}

function print(text) {
  process.stdout.write(`${text}\n`);
}

/** Ends the benchmark if a process did not end well: a figure of a run that failed is worth nothing. */
function finished({ status, signal, error, stderr }) {
  if (status === 0) return;
  throw new Error(`A run ended with ${error?.message ?? signal ?? `exit code ${status}`}\n${stderr ?? ''}`);
}

function fail(what, todo) {
  process.stderr.write(`${what}: ${todo}\n`);
  process.exit(1);
}
