// Makes a checkout ready: installs what is missing and builds what is older than its source. Quiet when all is done.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';

const installed = join(ROOT, 'node_modules', '.package-lock.json');
if (
  changedAt(join(ROOT, 'package-lock.json')) > changedAt(installed) ||
  !existsSync(join(ROOT, 'node_modules', 'typescript'))
) {
  step('Installing packages (the database driver may be compiled, which takes about a minute)', npm, [
    'ci',
    '--include=dev',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
  ]);
}

const built = join(ROOT, 'dist', 'cli', 'main.js');
if (newest(join(ROOT, 'src')) > changedAt(built)) {
  step('Building', npm, ['run', '--silent', 'build']);
}

function step(what, command, args) {
  process.stderr.write(`${what} ...\n`);
  const { status, error } = spawnSync(command, args, { cwd: ROOT, stdio: ['ignore', 2, 2] });
  if (status === 0) return;
  process.stderr.write(`${what} failed${error ? `: ${error.message}` : ''}; see above\n`);
  process.exit(1);
}

function changedAt(path) {
  return existsSync(path) ? statSync(path).mtimeMs : 0;
}

function newest(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((latest, entry) => Math.max(latest, changedAt(join(entry.parentPath ?? entry.path, entry.name))), 0);
}
