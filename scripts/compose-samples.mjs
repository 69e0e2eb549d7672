// Composes samples/: one made-up working day of a hospital gateway, and what was meant by it.
//   node scripts/compose-samples.mjs [DIRECTORY]
// The same bytes come out every time. tests/samples compares them with what is in the repository.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ordinaryWeb } from './samples/ordinary-web.mjs';
import { randomSource } from './samples/random.mjs';
import { sftpDay } from './samples/sftp-day.mjs';
import { vendorWeb } from './samples/vendor-web.mjs';

const directory = process.argv[2] ?? join(dirname(fileURLToPath(import.meta.url)), '..', 'samples');

const web = [...ordinaryWeb(randomSource(20261123)), ...vendorWeb(randomSource(837))].sort((a, b) => a.endMs - b.endMs);
const sftp = sftpDay(randomSource(9002));

const entries = [
  ...meant('squid', 'squid-access.log', web, ({ endMs }) => endMs),
  ...meant('sftp', 'sftp-auth.log', sftp, ({ us }) => Math.floor(us / 1000)),
];
const truth = {
  about:
    'What the composer of the sample logs meant. Lines that are not listed move nothing to anybody who matters: no alert.',
  entries,
};

mkdirSync(directory, { recursive: true });
writeFileSync(join(directory, 'squid-access.log'), textOf(web));
writeFileSync(join(directory, 'sftp-auth.log'), textOf(sftp));
writeFileSync(join(directory, 'truth.json'), truthText(truth));
process.stderr.write(
  `${directory}: ${web.length} lines of squid-access.log, ${sftp.length} of sftp-auth.log, ${entries.length} entries of truth.json\n`,
);

function textOf(rows) {
  return `${rows.map(({ text }) => text).join('\n')}\n`;
}

/** `line` counts from 1; `source` is the name that config/quickstart.yaml gives the file. */
function meant(source, file, rows, timeMsOf) {
  return rows.flatMap((row, index) =>
    row.truth === undefined
      ? []
      : [{ source, file, line: index + 1, time: new Date(timeMsOf(row)).toISOString(), ...row.truth }],
  );
}

/** One entry a line, so that a change shows as the entries it touches. */
function truthText({ about, entries }) {
  return `{\n"about": ${JSON.stringify(about)},\n"entries": [\n${entries.map((it) => JSON.stringify(it)).join(',\n')}\n]\n}\n`;
}
