// Makes an empty log and prints a line; once it is told to begin, writes numbered lines to the log and rotates it every few
// milliseconds through an ever longer row of archives, until its input ends, or it has rotated often enough; prints a line a
// rotation, and in the end how many lines it wrote. Arguments: the log, `rename` or `copytruncate`, and how many rotations
// are enough.
import {
  appendFileSync,
  copyFileSync,
  readdirSync,
  renameSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname } from 'node:path';

const [, , log, manner, mostRotations] = process.argv;
let written = 0;
let rotations = 0;
// Archives of long ago: the more files there are, the longer a look at them and a rotation take.
for (let number = 1; number <= 200; number++) {
  writeFileSync(`${log}.${number}`, `archive ${number}\n`);
  utimesSync(`${log}.${number}`, 1_000_000_000, 1_000_000_000);
}
writeFileSync(log, '');
process.stdout.write('\n');

let timer;
process.stdin.once('data', () => {
  timer = setInterval(write, 4);
});

function write() {
  if (rotations >= Number(mostRotations)) return;
  let text = '';
  for (let i = 0; i < 30; i++) text += `${String(written++).padStart(9, '0')} a line of the log\n`;
  const cut = Math.floor(Math.random() * text.length);
  appendFileSync(log, text.slice(0, cut));
  appendFileSync(log, text.slice(cut));
  if (written % 600 === 0) rotate();
}

process.stdin.on('end', () => {
  clearInterval(timer);
  process.stdout.write(JSON.stringify({ written, rotations }));
});
process.stdin.resume();

function rotate() {
  rotations += 1;
  const prefix = `${basename(log)}.`;
  const numbers = readdirSync(dirname(log))
    .filter((name) => name.startsWith(prefix))
    .map((name) => Number(name.slice(prefix.length)))
    .sort((one, other) => other - one);
  for (const number of numbers) renameSync(`${log}.${number}`, `${log}.${number + 1}`);
  if (manner === 'rename') {
    renameSync(log, `${log}.1`);
    writeFileSync(log, '');
  } else {
    copyFileSync(log, `${log}.1`);
    truncateSync(log, 0);
  }
  process.stdout.write('\n');
}
