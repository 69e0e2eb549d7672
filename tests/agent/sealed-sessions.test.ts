import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SessionSeal } from '../../src/agent/sealed-sessions.ts';
import { OperatorError } from '../../src/errors/problem.ts';
import type { SavedSession } from '../../src/transfers/session.ts';

const SECRET = Buffer.alloc(32, 7);
const SESSION: SavedSession = {
  source: 'sftp',
  key: 'session gw1 internal-sftp[102]',
  lastSeenMs: 1_795_442_400_000,
  state: '{"kind":"file-session","user":"quillfeather","ip":"192.0.2.9"}',
};

const seal = (session: SavedSession, secret = SECRET) => {
  const [sealed] = new SessionSeal(secret).seal({ saved: [session], ended: [] }).saved;
  if (sealed === undefined) throw new Error('Nothing was sealed');
  return sealed;
};

test('what was sealed opens to what it was, whatever it held', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), fc.nat(), (key, state, lastSeenMs) => {
      const session = { source: 'sftp', key, state, lastSeenMs };
      expect(new SessionSeal(SECRET).open([seal(session)])).toEqual([session]);
    }),
  );
});

test('a sealed session shows neither its user nor its address nor its name', () => {
  const shown = JSON.stringify(seal(SESSION));
  const decoded = Buffer.from(seal(SESSION).state, 'base64').toString('latin1');
  for (const telling of ['quillfeather', '192.0.2.9', 'internal-sftp'])
    expect([shown.includes(telling), decoded.includes(telling)], telling).toEqual([false, false]);
});

test('the same session gives the same row, so that a restart changes none', () => {
  expect(seal(SESSION)).toEqual(seal(SESSION));
  const { key } = seal(SESSION);
  expect(new SessionSeal(SECRET).seal({ saved: [], ended: [{ source: 'sftp', key: SESSION.key }] }).ended).toEqual([
    { source: 'sftp', key },
  ]);
});

test('whichever byte of a row is changed, it no longer opens, and the operator is told what to do', () => {
  const { state, ...rest } = seal(SESSION);
  const bytes = Buffer.from(state, 'base64');
  for (let at = 0; at < bytes.length; at++) {
    const changed = Buffer.from(bytes);
    changed[at] = (changed[at] ?? 0) ^ 1;
    const open = () => new SessionSeal(SECRET).open([{ ...rest, state: changed.toString('base64') }]);
    expect(open, `byte ${at}`).toThrow(OperatorError);
    expect(open, `byte ${at}`).toThrow(/cannot be unsealed.*restore a backup/);
  }
});

test.each([
  ['that is cut short', (state: string) => state.slice(0, 20)],
  ['that is empty', () => ''],
  ['that was never sealed', () => SESSION.state],
])('a row %s does not open', (_, change) => {
  const sealed = seal(SESSION);
  expect(() => new SessionSeal(SECRET).open([{ ...sealed, state: change(sealed.state) }])).toThrow(OperatorError);
});

test('the secret of another state opens nothing', () => {
  expect(() => new SessionSeal(randomBytes(32)).open([seal(SESSION)])).toThrow(OperatorError);
});
