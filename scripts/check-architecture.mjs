// House rules that neither the compiler nor the linter knows, each with its reason. Run by `npm run lint`.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');

/** Imports run with the data. A folder may import ground folders, itself, and folders that stand before it. */
const GROUND = ['errors', 'time', 'net'];
const ORDER = [
  ...GROUND,
  'sources',
  'formats',
  'transfers',
  'vendors',
  'geo',
  'phi',
  'rules',
  'pipeline',
  'coverage',
  'conditions',
  'alerts',
  'sinks',
  'evidence',
  'store',
  'config',
  'agent',
  'cli',
];
/** Files that nothing in src imports, for they are where others come in: the command, and the editor's schema. */
const ENTRIES = ['src/cli/main.ts', 'src/config/json-schema.ts'];

/** Expressions that are banned, where, why, and what to write instead. */
const BANS = [
  {
    match: /\bDate\.now\(|new Date\(\)/,
    inside: /^src\/(formats|transfers|vendors|geo|phi|rules|pipeline|coverage|conditions|evidence)\//,
    why: "pure stages have no clock: use the record's time, so that replay equals tail",
  },
  { match: /\bAbortSignal\.timeout\(/, inside: /^src\//, why: "it is unref'd: a process that waits only for it exits" },
  { match: /\bconsole\./, inside: /^src\//, why: 'write to the stream that was handed in' },
  { match: /\bfrom 'better-sqlite3'/, inside: /^src\/(?!store\/)/, why: 'the store is the only place with SQL' },
  {
    match: /\bfrom 'node:(fs|net|http|child_process)/,
    inside: /^src\/(formats|transfers|vendors|phi|rules|pipeline|coverage|conditions|alerts|evidence)\//,
    why: 'I/O stands at the edges',
  },
  {
    match: /\bexec(Sync|File|FileSync)?\(|\bspawn(Sync)?\(/,
    inside: /^src\/(?!sources\/journald\/journalctl\.ts$)/,
    why: 'nothing is handed to a shell; the one program that is run is journalctl',
    except: /\.exec\(/,
  },
];

const files = readdirSync(join(ROOT, 'src'), { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
  .map((entry) => relative(ROOT, join(entry.parentPath ?? entry.path, entry.name)))
  .sort();

const complaints = [];
const imports = new Map();

for (const file of files) {
  const text = readFileSync(join(ROOT, file), 'utf8');
  imports.set(file, []);
  text.split('\n').forEach((line, index) => {
    for (const { match, inside, why, except } of BANS) {
      const code = line.replace(/\/\/.*|^\s*\*.*/, '');
      if (inside.test(file) && match.test(code) && !except?.test(code))
        complaints.push(`${file}:${index + 1}: ${match.source}: ${why}`);
    }
  });
  for (const [statement, target] of text.matchAll(/^(?:import|export)\b[^;]*?from '(\.[^']+)'/gms)) {
    const imported = normalize(join(dirname(file), target));
    const typesOnly =
      /^(?:import|export) type\b/.test(statement) || /^import \{(?:\s*type [^,}]+,?)+\s*\}/.test(statement);
    imports.get(file).push({ imported, typesOnly });
    checkOrder(file, imported, typesOnly);
  }
}

for (const cycle of cycles()) complaints.push(`circular import: ${cycle.join(' -> ')}`);
for (const file of files) {
  const used = [...imports.values()].some((list) => list.some(({ imported }) => imported === file));
  if (!used && !ENTRIES.includes(file)) complaints.push(`${file}: no file of src imports it`);
}

if (complaints.length > 0) {
  process.stderr.write(`${complaints.join('\n')}\n`);
  process.exit(1);
}
process.stdout.write(`architecture: ${files.length} files keep the order of the folders\n`);

function checkOrder(file, imported, typesOnly) {
  const from = file.split('/')[1];
  const to = imported.split('/')[1];
  if (!ORDER.includes(from)) complaints.push(`${file}: folder ${from} is not in the order; see ARCHITECTURE.md`);
  if (from === to || GROUND.includes(to)) return;
  if (GROUND.includes(from)) complaints.push(`${file}: a ground folder imports ${imported}`);
  else if (from === 'store' && !typesOnly) complaints.push(`${file}: the store may import only types, not ${imported}`);
  else if (ORDER.indexOf(to) > ORDER.indexOf(from))
    complaints.push(`${file}: imports ${imported} against the flow of data`);
}

/** Cycles of imports that exist at run time; types are erased. */
function cycles() {
  const found = [];
  const done = new Set();
  const walk = (file, path) => {
    if (path.includes(file)) {
      found.push([...path.slice(path.indexOf(file)), file]);
      return;
    }
    if (done.has(file)) return;
    for (const { imported, typesOnly } of imports.get(file) ?? []) if (!typesOnly) walk(imported, [...path, file]);
    done.add(file);
  };
  for (const file of files) walk(file, []);
  return found;
}
