// Writes a Squid log in the native format, the same every time, for measuring how fast lines are judged.
//   node bench/generate-squid-log.mjs LINES FILE
// About one line in a thousand goes to a vendor in India (the one of bench-config.yaml); the rest is ordinary traffic.
import { closeSync, openSync, writeSync } from 'node:fs';

const CHUNK_BYTES = 1 << 20;
const HOSTS = 3000;
const CLIENTS = 2000;
/** 2026-11-23T11:00:00Z */
const START_MS = Date.UTC(2026, 10, 23, 11);

/** First two numbers of networks in which hosting companies and networks of the United States and Europe have servers. */
const NETWORKS = [
  '3.209',
  '13.107',
  '20.88',
  '34.86',
  '35.245',
  '40.97',
  '44.196',
  '52.96',
  '54.85',
  '142.250',
  '151.101',
  '104.18',
  '23.63',
  '52.214',
  '212.58',
  '88.198',
];
const VENDOR = { host: 'upload.summitridge-coding.example', peer: 'HIER_DIRECT/13.232.114.36' };
const TYPES = [
  'text/html',
  'application/json',
  'image/png',
  'text/css',
  'application/javascript',
  'application/octet-stream',
];

const [count, file] = [Number(process.argv[2]), process.argv[3]];
if (!Number.isSafeInteger(count) || count < 0 || file === undefined) {
  process.stderr.write('usage: node bench/generate-squid-log.mjs LINES FILE\n');
  process.exit(2);
}

let state = 20261123;
/** xorshift32: enough for a mix of lines, and fast. @returns 0 to below - 1 */
function below(limit) {
  state ^= state << 13;
  state ^= state >>> 17;
  state ^= state << 5;
  return (state >>> 0) % limit;
}

const hosts = Array.from({ length: HOSTS }, (_, index) => ({
  name: `${['www', 'cdn', 'api', 'static'][index % 4]}.site-${index}.example`,
  peer: `HIER_DIRECT/${NETWORKS[index % NETWORKS.length]}.${below(256)}.${1 + below(254)}`,
}));
const clients = Array.from({ length: CLIENTS }, (_, index) => ({
  ip: `10.20.${index >> 8}.${index & 255}`,
  user: index % 9 === 0 ? '-' : `user${index}`,
}));

writeLines();

function writeLines() {
  const output = openSync(file, 'w');
  let chunk = '';
  let timeMs = START_MS;
  for (let left = count; left > 0; left--) {
    timeMs += below(4) === 0 ? 1 + below(60) : 0;
    chunk += `${line(timeMs)}\n`;
    if (chunk.length >= CHUNK_BYTES) {
      writeSync(output, chunk);
      chunk = '';
    }
  }
  writeSync(output, chunk);
  closeSync(output);
}

function line(timeMs) {
  const { ip, user } = clients[below(CLIENTS)];
  const start = `${Math.floor(timeMs / 1000)}.${String(timeMs % 1000).padStart(3, '0')}`;
  const row = (ms, result, bytes, request, peer, type) =>
    `${start} ${String(ms).padStart(6)} ${ip} ${result} ${bytes} ${request} ${user} ${peer} ${type}`;

  if (below(1000) === 0) return vendorLine(row);
  // A product of two numbers is mostly small, so a few hosts take most of the traffic.
  const { name, peer } = hosts[Math.floor((below(HOSTS) * below(HOSTS)) / HOSTS)];
  const kind = below(100);
  if (kind < 58) return row(below(240_000), 'TCP_TUNNEL/200', 2200 + below(400_000), `CONNECT ${name}:443`, peer, '-');
  if (kind < 78)
    return row(
      4 + below(900),
      'TCP_MISS/200',
      300 + below(90_000),
      `GET http://${name}/assets/${below(5000)}?`,
      peer,
      TYPES[below(6)],
    );
  if (kind < 90)
    return row(
      below(3),
      'TCP_MEM_HIT/200',
      300 + below(90_000),
      `GET http://${name}/assets/${below(300)}`,
      'HIER_NONE/-',
      TYPES[below(6)],
    );
  if (kind < 93)
    return row(
      20 + below(900),
      'TCP_MISS/200',
      200 + below(2000),
      `POST http://${name}/events`,
      peer,
      'application/json',
    );
  if (kind < 96) return row(0, 'TCP_DENIED/407', 3500 + below(90), `CONNECT ${name}:443`, 'HIER_NONE/-', 'text/html');
  if (kind < 98)
    return row(below(3), 'TCP_IMS_HIT/304', 290, `GET http://${name}/assets/${below(300)}`, 'HIER_NONE/-', 'image/png');
  if (kind < 99) return row(900 + below(9000), 'TCP_MISS_ABORTED/000', 0, `GET http://${name}/slow`, peer, '-');
  return row(20_000 + below(40_000), 'NONE_NONE/503', 0, `CONNECT ${name}:443`, peer, '-');
}

function vendorLine(row) {
  const { host, peer } = VENDOR;
  if (below(2) === 0)
    return row(2000 + below(60_000), 'TCP_TUNNEL/200', 4000 + below(9000), `CONNECT ${host}:443`, peer, '-');
  const request = `PUT https://${host}/intake/837/837P_20261123_${String(below(10_000)).padStart(4, '0')}.x12`;
  return row(200 + below(9000), 'TCP_MISS/201', 240 + below(400), request, peer, 'application/json');
}
