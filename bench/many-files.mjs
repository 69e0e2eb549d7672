// Measures what following many files takes: the daemon follows 2,000 logs into which 50,000 lines a second are written,
// then 20,000 logs into which nothing is. Prints its processor time, memory and open files, and how far behind it was.
// Takes about a minute and a half.
//   npm run bench:many-files
import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { readStatus } from '../dist/store/read-only.js';

const BUSY = { files: 2_000, linesPerSecond: 50_000, seconds: 20 };
const IDLE = { files: 20_000, seconds: 30 };
/** Between two rounds of writing. */
const ROUND_MS = 200;
/** A machine that does not keep up is given no longer than this to end. */
const PATIENCE_MS = 60_000;
/** Of the kernel's processor times in /proc (proc(5), `sysconf(_SC_CLK_TCK)`; 100 on all of Linux's common builds). */
const TICKS_PER_SECOND = 100;

const here = dirname(fileURLToPath(import.meta.url));
const scratch = join(here, '..', 'bench-state');
const program = join(here, '..', 'dist', 'cli', 'main.js');

print(`Node ${process.version}, ${availableParallelism()} x ${cpus()[0]?.model.trim() ?? 'unknown processor'}`);
try {
  await busy();
  await idle();
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

async function busy() {
  const { files, linesPerSecond, seconds } = BUSY;
  const names = prepare(files);
  const daemon = await startDaemon(files);
  const handles = names.map((name) => openSync(name, 'a'));
  const before = usageOf(daemon.pid);
  const startMs = performance.now();
  const deadlineMs = startMs + seconds * 1000;
  let written = 0;
  let round = 0;
  let mostHandles = 0;
  while (performance.now() < deadlineMs) {
    const due = Math.floor(((performance.now() - startMs) / 1000) * linesPerSecond) - written;
    const each = Math.floor(due / files);
    if (each > 0) {
      for (const [index, handle] of handles.entries()) writeSync(handle, lines(round * files + index, each));
      written += each * files;
      round += 1;
    }
    mostHandles = Math.max(mostHandles, handlesOf(daemon.pid));
    await sleep(ROUND_MS);
  }
  const writtenMs = performance.now();
  while (linesRead() < written && performance.now() - writtenMs < PATIENCE_MS) await sleep(50);
  const read = linesRead();
  const endMs = performance.now();
  const after = usageOf(daemon.pid);
  for (const handle of handles) closeSync(handle);
  await daemon.stop();
  const passed = (endMs - startMs) / 1000;
  print(
    `\n${count(files)} files, ${count(Math.round((written * 1000) / (writtenMs - startMs)))} lines written a second for ${seconds} s`,
  );
  const behind = ((endMs - writtenMs) / 1000).toFixed(1);
  print(
    read < written
      ? `  read, judged and stored: ${count(read)} of ${count(written)} lines: too slow by ${behind} s`
      : `  read, judged and stored: ${count(written)} lines, the last of them ${behind} s after it was written`,
  );
  print(`  processor: ${percent((after.cpuSeconds - before.cpuSeconds) / passed)} of a core`);
  print(`  memory: at most ${after.peakMebibytes} MiB, open files: at most ${mostHandles}`);
}

async function idle() {
  const { files, seconds } = IDLE;
  prepare(files);
  const daemon = await startDaemon(files);
  // The first look at everything, and what it leaves behind.
  await sleep(5_000);
  const before = usageOf(daemon.pid);
  const startMs = performance.now();
  await sleep(seconds * 1000);
  const after = usageOf(daemon.pid);
  const passed = (performance.now() - startMs) / 1000;
  print(`\n${count(files)} files, nothing written for ${seconds} s`);
  print(`  processor: ${percent((after.cpuSeconds - before.cpuSeconds) / passed)} of a core`);
  print(`  memory: at most ${after.peakMebibytes} MiB, open files: ${handlesOf(daemon.pid)}`);
  await daemon.stop();
}

/** @returns the paths of the logs, each with a first line of its own. */
function prepare(files) {
  rmSync(scratch, { recursive: true, force: true });
  mkdirSync(join(scratch, 'logs'), { recursive: true });
  const names = Array.from({ length: files }, (_, index) => join(scratch, 'logs', `${index}.log`));
  for (const [index, name] of names.entries()) writeFileSync(name, lines(index, 1));
  const config = readFileSync(join(here, 'bench-config.yaml'), 'utf8').replace(
    /paths: \[.*\]/,
    `paths: [${join(scratch, 'logs', '*.log')}]`,
  );
  writeFileSync(
    join(scratch, 'config.yaml'),
    config.replaceAll('../bench-state', scratch).replace('start: beginning', 'start: end'),
  );
  return names;
}

async function startDaemon(files) {
  const daemon = spawn(program, ['run', '--config', join(scratch, 'config.yaml')], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  daemon.stderr.on('data', (chunk) => {
    said += chunk;
  });
  let ended = false;
  daemon.on('exit', () => {
    ended = true;
  });
  while (positionsStored() < files) {
    if (ended) throw new Error(`The daemon ended: ${said}`);
    await sleep(200);
  }
  return {
    pid: daemon.pid,
    stop: () =>
      new Promise((resolve) => {
        if (ended) return resolve();
        daemon.on('exit', resolve);
        daemon.kill('SIGTERM');
      }),
  };
}

/** All files are known once the first batch is stored: they begin at their end. */
function positionsStored() {
  return status() === undefined ? 0 : Number.POSITIVE_INFINITY;
}

function linesRead() {
  return status()?.sources[0]?.lines ?? 0;
}

function status() {
  try {
    const found = readStatus(join(scratch, 'state'));
    return found.sources.length === 0 ? undefined : found;
  } catch {
    return undefined;
  }
}

function usageOf(pid) {
  const [, rest] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ');
  const fields = rest.split(' ');
  const peak = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return {
    cpuSeconds: (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND,
    peakMebibytes: Math.round(Number(peak) / 1024),
  };
}

function handlesOf(pid) {
  return readdirSync(`/proc/${pid}/fd`).length;
}

function lines(seed, howMany) {
  let text = '';
  for (let index = 0; index < howMany; index++) {
    const number = (seed * 7919 + index * 104_729) % 1_000_003;
    const time = (1_763_900_000_000 + seed * 10 + index).toString().replace(/(...)$/, '.$1');
    text += `${time} ${number % 9_000} 10.20.${number % 8}.${number % 250} TCP_TUNNEL/200 ${number} CONNECT www.site-${number % 3_000}.example:443 - HIER_DIRECT/142.250.${number % 256}.${number % 200} -\n`;
  }
  return text;
}

function count(number) {
  return number.toLocaleString('en');
}

function percent(share) {
  return `${(share * 100).toFixed(1)} %`;
}

function print(text) {
  process.stdout.write(`${text}\n`);
}
