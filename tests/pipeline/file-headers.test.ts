import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { LineReader } from '../../src/formats/format.ts';
import { FileHeaders } from '../../src/pipeline/file-headers.ts';
import { inspect } from '../../src/pipeline/inspect.ts';
import { Sessions } from '../../src/transfers/sessions.ts';
import { line } from '../transfers/examples.ts';
import { newMemory, stagesOf } from './stages.ts';

const NOTHING_SAVED = [] as const;

test('each file of each source has its own header, the latest that was set', () => {
  const headers = new FileHeaders();
  headers.set('iis', 'monday', '#Fields: a', 1);
  headers.set('iis', 'tuesday', '#Fields: b', 2);
  headers.set('proxysg', 'monday', '#Fields: c', 3);
  headers.set('iis', 'monday', '#Fields: d', 4);
  expect(headers.of('iis', 'monday')).toBe('#Fields: d');
  expect(headers.of('iis', 'tuesday')).toBe('#Fields: b');
  expect(headers.of('proxysg', 'monday')).toBe('#Fields: c');
  expect(headers.of('proxysg', 'tuesday')).toBeUndefined();
});

test('of too many files, the header that was not used for longest is forgotten, and so it is in the state', () => {
  const headers = new FileHeaders(NOTHING_SAVED, 2);
  headers.set('s', 'one', '1', 1);
  headers.set('s', 'two', '2', 2);
  headers.takeChanges();
  expect(headers.of('s', 'one')).toBe('1');
  headers.set('s', 'three', '3', 3);
  expect(['one', 'two', 'three'].map((file) => headers.of('s', file))).toEqual(['1', undefined, '3']);
  expect(headers.takeChanges()).toEqual({
    saved: [{ source: 's', key: 'header three', lastSeenMs: 3, state: '3' }],
    ended: [{ source: 's', key: 'header two' }],
  });
  expect(headers.takeChanges()).toEqual({ saved: [], ended: [] });
});

test('a header that is set again as it was is not saved again', () => {
  const headers = new FileHeaders();
  headers.set('s', 'f', '1', 1);
  headers.takeChanges();
  headers.set('s', 'f', '1', 2);
  expect(headers.takeChanges().saved).toEqual([]);
});

test('made anew from what was saved, at any moment, it answers as before', () => {
  const step = fc.record({ source: fc.constantFrom('a', 'b'), file: fc.constantFrom('x', 'y'), header: fc.string() });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
      const lived = new FileHeaders();
      const rows = new Map<string, { source: string; key: string; lastSeenMs: number; state: string }>();
      let restarted = new FileHeaders();
      for (const [index, { source, file, header }] of steps.entries()) {
        lived.set(source, file, header, index);
        restarted.set(source, file, header, index);
        for (const row of restarted.takeChanges().saved) rows.set(`${row.source} ${row.key}`, row);
        restarted = new FileHeaders([...rows.values()]);
        for (const it of ['x', 'y']) expect(restarted.of(source, it)).toBe(lived.of(source, it));
      }
    }),
  );
});

test('lines of two files that come by turns are each read with the header of their own', () => {
  const read: LineReader = (text, { fileHeader }) =>
    text.startsWith('#')
      ? { kind: 'skipped', because: 'header', fileHeader: text }
      : { kind: 'unreadable', because: `read with ${fileHeader ?? 'none'}` };
  const stages = { ...stagesOf(), read };
  const memory = newMemory();
  const say = (file: string, text: string) => {
    const trace = inspect({ ...line(text), place: { file, offset: 0, bytes: 1 } }, stages, memory);
    return trace.kind === 'no-record' ? trace.reading.because : trace.kind;
  };
  expect(say('one', 'x')).toBe('read with none');
  say('one', '#1');
  say('two', '#2');
  expect(say('one', 'x')).toBe('read with #1');
  expect(say('two', 'x')).toBe('read with #2');
  say('one', '#3');
  expect(say('two', 'x')).toBe('read with #2');
  expect(say('one', 'x')).toBe('read with #3');
  expect(memory.sessions).toEqual(new Sessions());
});
