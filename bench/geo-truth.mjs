// Holds locations against what cloud providers publish of their own networks: each database alone, and the whole ladder
// without and with those publications. The files are used as published, whatever their names:
//   ip-ranges.json (AWS), ServiceTags_*.json (Azure), cloud.json (Google), public_ip_ranges.json (Oracle)
//
//   npm run bench:geo -- --ranges DIR [--databases DIR] [--part report|tune|all] [--json]
//
// Every network counts once, by a few addresses drawn in it with a fixed seed. What a provider says of the smallest network
// that holds an address is the truth; edges and unknown regions have none and are left out. The networks are parted in two
// by a hash: whoever changes weights looks at `tune`, what is told to others is `report`.
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { copyFile, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';

const ADDRESSES_A_NETWORK = 4;
/** Overrides expire, and none are used here. */
const NOW = 0;

const dist = join(dirname(fileURLToPath(import.meta.url)), '..', 'dist');
if (!existsSync(join(dist, 'geo'))) fail('Cannot find dist', 'run "npm run build"');
const load = (path) => import(pathToFileURL(join(dist, path)).href);
const { openRangeFiles } = await load('geo/cloud-ranges/open-range-files.js');
const { cloudRanges } = await load('geo/cloud-ranges/cloud-ranges.js');
const { atOnce } = await load('geo/pieces.js');
const { openDatabases } = await load('geo/databases.js');
const { openLocator } = await load('geo/locator.js');
const { EMBEDDED_ONLY } = await load('geo/settings.js');
const { addressOf } = await load('net/address.js');

const { ranges, databases, part, json } = readOptions();
const scratch = await mkdtemp(join(tmpdir(), 'phi-egress-bench-geo-'));
try {
  const withRanges = await gatherFiles('with', [ranges, databases]);
  const withoutRanges = await gatherFiles('without', [databases], '.mmdb');
  const files = await openRangeFiles(ranges);
  if (files.length === 0)
    fail(`No file of cloud ranges is in ${ranges}`, 'put files there as their providers publish them');
  const rows = measure(await contestants(withoutRanges, withRanges), questions(files));
  process.stdout.write(json ? `${JSON.stringify(rows)}\n` : table(files, rows));
} finally {
  await rm(scratch, { recursive: true, force: true });
}

function readOptions() {
  const { values } = parseArgs({
    options: {
      ranges: { type: 'string' },
      databases: { type: 'string' },
      part: { type: 'string', default: 'report' },
      json: { type: 'boolean', default: false },
    },
  });
  if (values.ranges === undefined) fail('--ranges is missing', 'name a directory with range files');
  if (!['report', 'tune', 'all'].includes(values.part)) fail(`--part ${values.part}`, 'write report, tune or all');
  return values;
}

/** A directory of its own with the files of others. */
async function gatherFiles(name, directories, ending = '') {
  const target = await mkdtemp(join(scratch, `${name}-`));
  for (const directory of directories.filter((it) => it !== undefined)) {
    for (const file of await readdir(directory)) {
      const wanted = (file.endsWith('.mmdb') || file.endsWith('.json')) && file.endsWith(ending);
      if (wanted) await copyFile(join(directory, file), join(target, basename(file)));
    }
  }
  return target;
}

/** Each answers an address with a standing and perhaps a country. */
async function contestants(withoutRanges, withRanges) {
  const settings = (directory) => ({ ...EMBEDDED_ONLY, directory });
  const alone = (await openDatabases(settings(withoutRanges))).filter(({ info }) => info.tellsCountry);
  const without = await openLocator(settings(withoutRanges));
  const having = await openLocator(settings(withRanges));
  return [
    ...alone.map(({ info, ask }) => ({
      name: info.name,
      ask: (address) => {
        const { country } = ask(address);
        return country === undefined ? { standing: 'unknown' } : { standing: 'likely', country };
      },
    })),
    { name: 'ladder without ranges', ask: ({ text }) => without.locate(text, NOW) },
    { name: 'ladder with ranges', ask: ({ text }) => having.locate(text, NOW) },
  ];
}

/** Addresses whose country their provider tells. */
function questions(files) {
  const overlay = atOnce(cloudRanges(files));
  const asked = [];
  for (const { info, ranges: list } of files) {
    for (const { network } of list) {
      if (part !== 'all' && partOf(network) !== part) continue;
      for (const address of drawIn(network)) {
        const answer = overlay.ask(address);
        // A smaller network within has its own turn.
        if (answer?.network.text !== network.text || answer.place.kind !== 'country') continue;
        asked.push({ provider: info.provider, network: network.text, address, country: answer.place.country });
      }
    }
  }
  return asked;
}

function partOf({ text }) {
  return (createHash('sha256').update(text).digest()[0] ?? 0) % 2 === 0 ? 'tune' : 'report';
}

/** The same ones in every run. */
function* drawIn({ first, length, text }) {
  const bits = first.bytes.length * 8 - length;
  const count = Math.min(ADDRESSES_A_NETWORK, 2 ** Math.min(bits, 10));
  const drawn = new Set();
  for (let draw = 0; drawn.size < count; draw++) {
    const random = createHash('sha256').update(`${text} ${draw}`).digest();
    const bytes = first.bytes.map((byte, at) => byte | ((random[at] ?? 0) & hostMask(at, length)));
    const address = addressOf(bytes);
    if (drawn.has(address.text)) continue;
    drawn.add(address.text);
    yield address;
  }
}

function hostMask(at, length) {
  return 0xff >> Math.min(8, Math.max(0, length - at * 8));
}

/** For each provider, contestant and side: how the answers part, as shares of the networks. */
function measure(asking, asked) {
  const rows = [];
  for (const provider of [...new Set(asked.map((it) => it.provider)), 'all']) {
    const own = asked.filter((it) => provider === 'all' || it.provider === provider);
    for (const { name, ask } of asking) {
      for (const side of ['abroad', 'US']) {
        const about = own.filter(({ country }) => (country === 'US') === (side === 'US'));
        rows.push({
          provider,
          name,
          side,
          networks: new Set(about.map(({ network }) => network)).size,
          ...parts(about, ask),
        });
      }
    }
  }
  return rows;
}

function parts(about, ask) {
  const weights = new Map();
  for (const { network } of about) weights.set(network, (weights.get(network) ?? 0) + 1);
  const sums = { right: 0, wrongUs: 0, wrongAbroad: 0, wrongOther: 0, disputed: 0, edge: 0, unknown: 0 };
  for (const { network, address, country } of about) sums[outcome(ask(address), country)] += 1 / weights.get(network);
  return Object.fromEntries(Object.entries(sums).map(([key, sum]) => [key, sum / Math.max(1, weights.size)]));
}

function outcome(location, country) {
  if (location.standing !== 'certain' && location.standing !== 'likely') return location.standing;
  if (location.country === country) return 'right';
  if (location.country === 'US') return 'wrongUs';
  return country === 'US' ? 'wrongAbroad' : 'wrongOther';
}

function table(files, rows) {
  const lines = files.map(({ info }) => `${info.name}: ${info.provider} ${info.edition}, ${info.networks} networks\n`);
  const cells = [
    ['', '', 'networks', 'right', 'false US', 'false foreign', 'other country', 'disputed', 'edge', 'unknown'],
  ];
  for (const { provider, name, side, networks, ...shares } of rows) {
    const { right, wrongUs, wrongAbroad, wrongOther, disputed, edge, unknown } = shares;
    const shown = [right, wrongUs, wrongAbroad, wrongOther, disputed, edge, unknown].map(
      (it) => `${(it * 100).toFixed(2)} %`,
    );
    cells.push([`${provider}, ${side === 'US' ? 'in the US' : 'abroad'}`, name, String(networks), ...shown]);
  }
  const widths = cells[0].map((_, at) => Math.max(...cells.map((row) => row[at].length)));
  const print = (row) =>
    row
      .map((it, at) => (at < 2 ? it.padEnd(widths[at]) : it.padStart(widths[at])))
      .join('  ')
      .trimEnd();
  return `${lines.join('')}Part: ${part}; shares of networks\n\n${cells.map(print).join('\n')}\n`;
}

function fail(what, todo) {
  process.stderr.write(`${what}; ${todo}\n`);
  process.exit(1);
}
