// Measures how long an alert takes: from the write of a log line to its first byte at a local syslog receiver over TLS,
// while a thousand lines a second are written. One line in a hundred is an alert of its own. Takes about 40 seconds.
//   npm run bench:latency
import { spawn, spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { availableParallelism, cpus, loadavg } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createServer } from 'node:tls';
import { fileURLToPath } from 'node:url';

const LINES_PER_SECOND = 1_000;
const LINES_PER_ALERT = 100;
const WARM_UP_S = 5;
const MEASURED_S = 30;
/** Between two writes. */
const ROUND_MS = 5;
const PATIENCE_MS = 15_000;

const here = dirname(fileURLToPath(import.meta.url));
const scratch = join(here, '..', 'bench-state');
const program = join(here, '..', 'dist', 'cli', 'main.js');
const log = join(scratch, 'access.log');

rmSync(scratch, { recursive: true, force: true });
mkdirSync(scratch);
try {
  const receiver = await listen();
  const daemon = await startDaemon(receiver.port);
  const written = await write();
  await arrived(written, receiver.seen);
  await daemon.stop();
  receiver.close();
  report(written, receiver.seen);
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

/** Notes when the first byte of each alert came, by the time of the alert's line. */
async function listen() {
  const [cert, key] = [join(scratch, 'tls.crt'), join(scratch, 'tls.key')];
  const made = spawnSync('openssl', [
    ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=receiver.example'],
    ...['-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', key, '-out', cert],
  ]);
  if (made.status !== 0) throw new Error(`openssl made no certificate: ${made.stderr}`);
  const seen = new Map();
  const server = createServer({ cert: readFileSync(cert), key: readFileSync(key) }, (socket) => {
    let rest = '';
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      const nowMs = performance.now();
      rest += chunk;
      for (const [, start] of rest.matchAll(/ start=(\d{13}) /g)) if (!seen.has(start)) seen.set(start, nowMs);
      rest = rest.slice(-200);
    });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { port: server.address().port, seen, close: () => server.close() };
}

async function startDaemon(port) {
  writeFileSync(log, '');
  const sinks = `sinks:\n  - { name: siem, type: syslog, protocol: tls, address: "127.0.0.1:${port}", ca: ${join(scratch, 'tls.crt')}, format: cef }\n`;
  const config = readFileSync(join(here, 'bench-config.yaml'), 'utf8').replace(/^sinks:.*/ms, sinks);
  writeFileSync(join(scratch, 'config.yaml'), config.replaceAll('../bench-state', scratch));
  const daemon = spawn(program, ['run', '--config', join(scratch, 'config.yaml')], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  daemon.stderr.on('data', (chunk) => {
    said += chunk;
  });
  const ended = new Promise((resolve) => daemon.on('exit', resolve));
  while (!said.includes('follows squid')) {
    if (daemon.exitCode !== null) throw new Error(`The daemon ended: ${said}`);
    await sleep(50);
  }
  const stop = () => {
    daemon.kill('SIGTERM');
    return ended;
  };
  return { stop };
}

/** @returns when each line that is an alert was written, by the time that it tells. */
async function write() {
  const written = new Map();
  const handle = openSync(log, 'a');
  const beginMs = performance.now();
  let lines = 0;
  while (performance.now() - beginMs < (WARM_UP_S + MEASURED_S) * 1_000) {
    const passedMs = performance.now() - beginMs;
    const due = Math.floor((passedMs / 1_000) * LINES_PER_SECOND) - lines;
    let text = '';
    const alerts = [];
    for (let at = 0; at < due; at++) {
      lines += 1;
      const isAlert = lines % LINES_PER_ALERT === 0;
      const time = Date.now() + alerts.length;
      text += isAlert ? alertLine(lines, time) : ordinaryLine(lines, time);
      if (isAlert) alerts.push(String(time));
    }
    writeSync(handle, text);
    const nowMs = performance.now();
    if (passedMs >= WARM_UP_S * 1_000) for (const time of alerts) written.set(time, nowMs);
    await sleep(ROUND_MS);
  }
  closeSync(handle);
  return written;
}

async function arrived(written, seen) {
  const deadlineMs = performance.now() + PATIENCE_MS;
  while (performance.now() < deadlineMs && [...written.keys()].some((it) => !seen.has(it))) await sleep(50);
}

function report(written, seen) {
  const delays = [...written]
    .flatMap(([time, atMs]) => (seen.has(time) ? [seen.get(time) - atMs] : []))
    .sort((one, other) => one - other);
  const quantile = (share) => delays[Math.min(Math.floor(share * delays.length), delays.length - 1)]?.toFixed(0);
  print(
    `Node ${process.version}, ${availableParallelism()} x ${cpus()[0]?.model.trim() ?? 'unknown processor'}, load ${loadavg()[0]?.toFixed(1)}`,
  );
  print(
    `${LINES_PER_SECOND.toLocaleString('en')} lines a second for ${MEASURED_S} s, ${written.size} of them alerts of their own; ${delays.length} arrived`,
  );
  print(
    `From the line's write to the byte at the receiver: p50 ${quantile(0.5)} ms, p99 ${quantile(0.99)} ms, at most ${quantile(1)} ms`,
  );
}

/** Patient data to a receiver in India that nobody has registered, a new one each time. */
function alertLine(number, time) {
  const host = `${[...String(number)].map((digit) => 'abcdefghij'[Number(digit)]).join('')}.nobody.example`;
  return `${seconds(time)}    151 10.20.1.9 TCP_MISS/201 312 PUT https://${host}/fhir/R4/Patient/1 - HIER_DIRECT/13.232.114.36 application/fhir+json\n`;
}

function ordinaryLine(number, time) {
  return `${seconds(time)} ${number % 900} 10.20.${number % 8}.${number % 250} TCP_TUNNEL/200 ${number} CONNECT www.site-${number % 3_000}.example:443 - HIER_DIRECT/142.250.${number % 256}.${number % 200} -\n`;
}

function seconds(ms) {
  return (ms / 1_000).toFixed(3);
}

function print(text) {
  process.stdout.write(`${text}\n`);
}
