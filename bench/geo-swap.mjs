// Renews databases and ranges a hundred times while ten million look-ups go on: no answer may be wrong, and none may wait
// long. Prints the longest waits between two batches of look-ups, beside those without renewals: by the clock, which on a
// busy machine counts what others do, and by the CPU time of all threads of the process, which is at least what it would
// be on an idle one.
//
//   npm run bench:geo-swap [-- --directory DIR]      DIR: databases and range files to be renewed beside the embedded ones
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';

const LOOKUPS = 10_000_000;
const SWAPS = 100;
/** Answers asked for in one go; between two of them everybody else has a turn, as between batches of lines. */
const BATCH = 1_000;
const ADDRESSES = 8_192;

const dist = join(dirname(fileURLToPath(import.meta.url)), '..', 'dist');
if (!existsSync(join(dist, 'geo'))) fail('Cannot find dist', 'run "npm run build"');
const load = (path) => import(pathToFileURL(join(dist, path)).href);
const { openLiveLocator } = await load('geo/live-locator.js');
const { openLocator } = await load('geo/locator.js');
const { EMBEDDED_ONLY } = await load('geo/settings.js');

const { directory } = parseArgs({ options: { directory: { type: 'string' } } }).values;
const common = { ...EMBEDDED_ONLY, ...(directory !== undefined && { directory }) };
/** Two editions that differ in half of all answers. */
const editions = [
  { ...common, overrides: [{ networks: ['0.0.0.0/1'], country: 'AQ', reason: 'edition 0' }] },
  { ...common, overrides: [{ networks: ['128.0.0.0/1'], country: 'AQ', reason: 'edition 1' }] },
];
const addresses = Array.from({ length: ADDRESSES }, (_, at) => {
  const mixed = (at * 2_654_435_761) >>> 0;
  return [mixed >>> 24, (mixed >>> 16) & 255, (mixed >>> 8) & 255, mixed & 255].join('.');
});
const expected = [];
for (const edition of editions) {
  const { locate } = await openLocator(edition);
  expected.push(addresses.map((ip) => essence(locate(ip, 0))));
}

const still = await run(0);
const swapped = await run(SWAPS);
process.stdout.write(
  [
    `${LOOKUPS.toLocaleString('en')} look-ups, ${ADDRESSES.toLocaleString('en')} addresses, ${swapped.databases} databases, ${swapped.ranges} range files`,
    line('without renewals', still),
    line(`with ${SWAPS} renewals`, swapped),
    '',
  ].join('\n'),
);
if (swapped.wrong > 0) process.exitCode = 1;

/** Looks addresses up until enough is done, and the renewals are. Every answer is held against those of both editions. */
async function run(swaps) {
  const live = await openLiveLocator(editions[0]);
  const waits = [];
  const cpuWaits = [];
  let edition = 0;
  let renewing;
  let done = 0;
  let wrong = 0;
  let lookups = 0;
  const startMs = performance.now();
  let last = { ms: startMs, cpu: process.cpuUsage() };
  while (lookups < LOOKUPS || done < swaps || renewing !== undefined) {
    if (renewing === undefined && done < swaps && lookups >= (done * LOOKUPS) / swaps) {
      const next = 1 - edition;
      renewing = live.reload(editions[next]).then(() => {
        edition = next;
        done++;
        renewing = undefined;
      });
    }
    const { user, system } = process.cpuUsage(last.cpu);
    waits.push(performance.now() - last.ms);
    cpuWaits.push((user + system) / 1000);
    for (let at = 0; at < BATCH; at++) {
      const index = (lookups + at) % ADDRESSES;
      const answer = essence(live.locate(addresses[index], 0));
      const isRight =
        answer === expected[edition][index] || (renewing !== undefined && answer === expected[1 - edition][index]);
      if (!isRight) wrong++;
    }
    lookups += BATCH;
    last = { ms: performance.now(), cpu: process.cpuUsage() };
    await new Promise((resolve) => setImmediate(resolve));
  }
  return {
    wrong,
    lookups,
    seconds: (performance.now() - startMs) / 1000,
    clock: summary(waits),
    cpu: summary(cpuWaits),
    databases: live.databases.length,
    ranges: live.ranges.length,
  };
}

function summary(waits) {
  const sorted = waits.toSorted((one, other) => one - other);
  const rarely = sorted[Math.floor(sorted.length * 0.999)];
  const over = sorted.filter((it) => it > 20).length;
  return `99.9 % ${rarely.toFixed(2)} ms, longest ${sorted.at(-1).toFixed(2)} ms, ${over} of ${sorted.length} over 20 ms`;
}

function essence({ standing, country, countries }) {
  return `${standing} ${country ?? countries?.join() ?? ''}`;
}

function line(name, { wrong, lookups, seconds, clock, cpu }) {
  const rate = Math.round(lookups / seconds).toLocaleString('en');
  return `\n${name}: ${wrong} wrong answers, ${rate} look-ups/s\n  wait by the clock  ${clock}\n  wait by CPU time   ${cpu}`;
}

function fail(what, todo) {
  process.stderr.write(`${what}; ${todo}\n`);
  process.exit(1);
}
