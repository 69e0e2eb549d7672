import { randomBytes } from 'node:crypto';
import { chmodSync, copyFileSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { expect, test } from 'vitest';
import { OperatorError, type ProblemCode } from '../../src/errors/problem.ts';
import type { FilePosition } from '../../src/sources/file/position.ts';
import { maskingKeyOf, openStoreReader, readStatus } from '../../src/store/read-only.ts';
import { openStore } from '../../src/store/store.ts';
import { finding } from '../alerts/findings.ts';
import { recorder } from './recording.ts';
import { scratch } from './scratch.ts';

const position: FilePosition = {
  source: 'squid',
  path: '/var/log/squid/access.log',
  device: '2049',
  inode: '18446744073709551615',
  prefixBytes: 512,
  prefixSha256: 'aa',
  contentId: '0123456789abcdef',
  offset: 4096,
  rotated: false,
  modifiedMs: 1795492086123,
};

function problemCodes(action: () => unknown): readonly ProblemCode[] {
  try {
    action();
  } catch (error) {
    if (error instanceof OperatorError) return error.problems.map(({ code }) => code);
    throw error;
  }
  return [];
}

test('what is committed is loaded again', () => {
  using directory = scratch();
  const { contentId: _, ...unnamed } = { ...position, inode: '2', rotated: true };
  const packed = {
    ...position,
    inode: '3',
    mark: 'ab'.repeat(16),
    archive: '120 1764042486000000000',
    ended: true as const,
  };
  const linked = { ...position, inode: '4', target: '/var/log/squid/2026-11-24.log' };
  const session = { source: 'sftp', key: 'gw1 sshd[1]', lastSeenMs: 5, state: '{"user":"acme"}' };
  const store = openStore(directory.path, () => 1);
  store.commit({
    positions: [position, unnamed, packed, linked],
    sessions: { saved: [session, { ...session, key: 'gw1 sshd[2]' }], ended: [] },
    sourcesSeen: ['squid'],
  });
  store.commit({ sessions: { saved: [], ended: [{ source: 'sftp', key: 'gw1 sshd[2]' }] } });
  recorder(store, 7).record([finding()]);
  store.close();

  const reopened = openStore(directory.path, () => 2);
  const state = reopened.loadState();
  expect(state.positions).toEqual([position, unnamed, packed, linked]);
  expect(state.sessions).toEqual([session]);
  expect(state.sourcesSeen).toEqual(new Set(['squid']));
  expect(state.ledgerHead?.seq).toBe(1);
  expect(state.configuration).toBeUndefined();
  expect(state.alerts).toHaveLength(1);
  expect(state.alerts[0]).toMatchObject({
    alert: { count: 1, state: 'open', ledger: state.ledgerHead },
    told: { count: 1, severity: 'high', claim: 'delivered', atMs: 7 },
    touchedMs: 7,
  });
  reopened.close();
});

test('a position is forgotten before another file that was given its inode is saved', () => {
  using directory = scratch();
  const store = openStore(directory.path, () => 1);
  store.commit({ positions: [position] });
  const next = { ...position, path: '/var/log/squid/other.log', offset: 0 };
  store.commit({ forgotten: [position], positions: [next] });
  expect(store.loadState().positions).toEqual([next]);
  store.commit({ forgotten: [next] });
  expect(store.loadState().positions).toEqual([]);
  store.close();
});

test('counts add up, and of each source the last twenty samples are kept', () => {
  using directory = scratch();
  const store = openStore(directory.path, () => 1);
  const counts = { source: 'squid', lines: 10, parsed: 7, skipped: 2, unreadable: 1, cut: 1 };
  const sample = (source: string, offset: number) => ({
    source,
    file: 'ab',
    offset,
    because: 'no time',
    masked: '###',
  });
  const squid = Array.from({ length: 25 }, (_, n) => sample('squid', n));
  store.commit({ counts: [counts], samples: [...squid.slice(0, 19), sample('sftp', 1)] });
  store.commit({ counts: [counts], samples: squid.slice(19) });
  const { sources, samples } = store.queries.statusCounts();
  store.close();
  expect(sources).toEqual([{ source: 'squid', lines: 20, parsed: 14, skipped: 4, unreadable: 2, cut: 2 }]);
  expect(samples).toEqual([sample('sftp', 1), ...squid.slice(5)]);
});

test('the last configuration that the ledger knows is loaded', () => {
  using directory = scratch();
  const store = openStore(directory.path, () => 1);
  const record = { kind: 'configuration', sha256: 'one', programVersion: '0.1.0' } as const;
  const other = { ...record, sha256: 'two' };
  store.commit({
    ledger: [
      { seq: 1, hash: 'h1', record },
      { seq: 2, hash: 'h2', record: other },
    ],
  });
  expect(store.loadState()).toMatchObject({ configuration: other, ledgerHead: { seq: 2, hash: 'h2' } });
  store.close();
});

test('directory and files are the owner’s alone, whatever the umask', () => {
  using directory = scratch();
  const before = process.umask(0);
  try {
    const state = join(directory.path, 'state');
    const store = openStore(state, () => 1);
    store.commit({ positions: [position] });
    expect(statSync(state).mode & 0o777).toBe(0o700);
    const files = readdirSync(state).sort();
    expect(files).toEqual(['phi-egress.db', 'phi-egress.db-shm', 'phi-egress.db-wal', 'phi-egress.lock']);
    for (const file of files) expect([file, statSync(join(state, file)).mode & 0o777]).toEqual([file, 0o600]);
    store.close();
  } finally {
    process.umask(before);
  }
});

test('the journal is a write-ahead log, so that readers and the daemon do not wait for each other', () => {
  using directory = scratch();
  openStore(directory.path, () => 1).close();
  const path = join(directory.path, 'phi-egress.db');
  const db = new SqliteDatabase(path);
  expect(db.pragma('journal_mode', { simple: true })).toBe('wal');
  db.close();
});

test('the masking key is made once and stays', () => {
  using directory = scratch();
  const first = openStore(directory.path, () => 1);
  const key = first.maskingKey;
  first.close();
  const second = openStore(directory.path, () => 1);
  expect(key).toHaveLength(32);
  expect(second.maskingKey).toEqual(key);
  expect(maskingKeyOf(directory.path)).toEqual(key);
  second.close();
  using other = scratch();
  expect(maskingKeyOf(other.path)).not.toEqual(key);
  expect(readdirSync(other.path)).toEqual([]);
});

test('a second daemon on the same state is refused; readers are not', () => {
  using directory = scratch();
  const store = openStore(directory.path, () => 1);
  recorder(store, 1).record([finding()]);
  expect(problemCodes(() => openStore(directory.path, () => 1))).toEqual(['state.in-use']);
  expect(readStatus(directory.path)).toMatchObject({ findings: 1 });
  store.close();
  openStore(directory.path, () => 1).close();
});

test('opening that fails after the lock was taken gives it back', () => {
  using directory = scratch();
  writeFileSync(join(directory.path, 'phi-egress.db'), 'not a database at all, but long enough to be taken for one');
  expect(problemCodes(() => openStore(directory.path, () => 1))).toEqual(['state.damaged']);
  expect(problemCodes(() => openStore(directory.path, () => 1))).toEqual(['state.damaged']);
});

test('a reader shows what a daemon committed meanwhile', () => {
  using directory = scratch();
  const store = openStore(directory.path, () => 1);
  const reader = openStoreReader(directory.path);
  expect(reader.queries.listAlerts({})).toEqual([]);
  recorder(store, 1).record([finding()]);
  expect(reader.queries.listAlerts({})).toHaveLength(1);
  reader.close();
  store.close();
});

test('a reader says when there is no state yet, and makes none', () => {
  using directory = scratch();
  expect(problemCodes(() => openStoreReader(directory.path))).toEqual(['state.unreadable']);
  expect(readdirSync(directory.path)).toEqual([]);
});

test('a state of a newer version is left alone', () => {
  using directory = scratch();
  openStore(directory.path, () => 1).close();
  const path = join(directory.path, 'phi-egress.db');
  const db = new SqliteDatabase(path);
  db.pragma('user_version = 99');
  db.close();
  const before = readFileSync(path);
  expect(problemCodes(() => openStore(directory.path, () => 1))).toEqual(['state.from-newer-version']);
  expect(problemCodes(() => openStoreReader(directory.path))).toEqual(['state.from-newer-version']);
  expect(readFileSync(path)).toEqual(before);
});

test('a database of another program is left alone', () => {
  using directory = scratch();
  const db = new SqliteDatabase(join(directory.path, 'phi-egress.db'));
  db.exec('CREATE TABLE theirs (x)');
  db.close();
  expect(problemCodes(() => openStore(directory.path, () => 1))).toEqual(['state.unreadable']);
});

test('a damaged database is found when it is opened', () => {
  using directory = scratch();
  const store = openStore(directory.path, () => 1);
  recorder(store, 1).record(Array.from({ length: 200 }, (_, n) => finding({ id: `f-${n}` })));
  store.close();
  const path = join(directory.path, 'phi-egress.db');
  const bytes = readFileSync(path);
  randomBytes(8_192).copy(bytes, bytes.length - 40_960);
  writeFileSync(path, bytes);
  expect(problemCodes(() => openStore(directory.path, () => 1))).toEqual(['state.damaged']);
});

test('a path that is no directory is named as what stands in the way', () => {
  using directory = scratch();
  const path = join(directory.path, 'state');
  writeFileSync(path, '');
  expect(problemCodes(() => openStore(path, () => 1))).toEqual(['state.unreadable']);
});

test('a directory that exists keeps the mode that its owner gave it', () => {
  using directory = scratch();
  const path = join(directory.path, 'state');
  mkdirSync(path);
  chmodSync(path, 0o750);
  openStore(path, () => 1).close();
  expect(statSync(path).mode & 0o777).toBe(0o750);
});

test('a copy taken at any moment between commits opens and holds whole batches', () => {
  using directory = scratch();
  const store = openStore(directory.path, () => 1);
  const agent = recorder(store, 1);
  for (let n = 0; n < 5; n++) {
    agent.record([finding({ id: `f-${n}-a` }), finding({ id: `f-${n}-b` })]);
    using copied = scratch();
    for (const file of ['phi-egress.db', 'phi-egress.db-wal'])
      copyFileSync(join(directory.path, file), join(copied.path, file));
    const copy = openStore(copied.path, () => 1);
    expect(copy.queries.statusCounts().findings).toBe(2 * (n + 1));
    expect(copy.loadState().ledgerHead?.seq).toBe(2 * (n + 1));
    copy.close();
  }
  store.close();
});

test('alerts and notices of the version before are about findings', () => {
  using directory = scratch();
  const store = openStore(directory.path, () => 1);
  recorder(store, 1).record([finding()]);
  store.close();
  const db = new SqliteDatabase(join(directory.path, 'phi-egress.db'));
  db.exec(`UPDATE alerts SET native = json_remove(native, '$.kind');
    UPDATE outbox SET payload = json_remove(payload, '$.kind');
    DROP TABLE coverage_spans; DROP TABLE coverage_gaps; DROP TABLE geo_editions; DROP TABLE endpoint_sightings;
    DROP TABLE IF EXISTS source_formats; DROP TABLE alert_handling; DROP TABLE dead_letters; DROP TABLE outbox_load;
    DROP TRIGGER outbox_grows; DROP TRIGGER outbox_shrinks; DROP INDEX outbox_by_severity;
    ALTER TABLE outbox DROP COLUMN severity_rank;`);
  for (const column of ['mark', 'archive', 'target', 'ended'])
    db.exec(`ALTER TABLE file_positions DROP COLUMN ${column}`);
  db.pragma('user_version = 2');
  db.close();
  const migrated = openStore(directory.path, () => 1);
  expect(migrated.loadState()).toMatchObject({
    alerts: [{ alert: { kind: 'egress' }, told: { claim: 'delivered' } }],
    conditions: [],
  });
  expect(migrated.outbox.next('file', 9)).toMatchObject([{ alert: { kind: 'egress' } }]);
  // What waited already counts, and knows how severe it is: high goes where nothing is less severe.
  expect(migrated.shedOutbox(1)).toEqual([
    { sink: 'file', alerts: 1 },
    { sink: 'pager', alerts: 1 },
  ]);
  migrated.close();
});
