import { expect, test } from 'vitest';
import { OperatorError } from '../../src/errors/problem.ts';
import { inFileOrder } from '../../src/formats/format.ts';
import { printRecord } from '../../src/formats/record.ts';
import { formatFor, formats, readerFor, readerOf } from '../../src/formats/registry.ts';
import { recordOf, WRITTEN_BEFORE_MS } from './fixtures.ts';

test('Every format reads its own samples as they say, and they hold no key that it does not tell', () => {
  for (const format of formats) {
    const read = inFileOrder(readerOf(format, { timezone: 'UTC' }));
    expect(format.samples.length, format.name).toBeGreaterThan(0);
    for (const { line, record } of format.samples) {
      const reading = read(line, { writtenBeforeMs: WRITTEN_BEFORE_MS });
      if (record === 'skipped') {
        expect(reading.kind, line).toBe('skipped');
        continue;
      }
      expect(JSON.parse(printRecord(recordOf(reading))), line).toEqual(record);
      const told = Object.keys(recordOf(reading));
      for (const key of told) expect(Object.keys(format.tells), `${format.name} ${key}`).toContain(key);
      const always = Object.entries(format.tells).filter(([, how]) => how === 'always');
      for (const [key] of always) expect(told, `${format.name} ${key}`).toContain(key);
    }
  }
});

test('A format that is not known is refused with the nearest name', () => {
  expect(() => readerFor('squidd', { timezone: 'UTC' })).toThrow(OperatorError);
  expect(() => formatFor('squid-comon')).toThrow(/Cannot find format "squid-comon".*; write "squid-common"$/);
  expect(() => formatFor('constructor')).toThrow(OperatorError);
});

test('Every blind spot of a format says what is missing and what follows; the native log lacks the upload size', () => {
  for (const { name, blindSpots } of formats) {
    expect(blindSpots.length, name).toBeGreaterThan(0);
    for (const { missing, consequence } of blindSpots) expect([missing, consequence], name).not.toContain('');
  }
  expect(formatFor('squid').blindSpots.map(({ missing }) => missing)).toContain('the bytes that a client sent');
  expect(formatFor({ squid: '%ts %>a %ru %Sh/%<a' }).blindSpots.map(({ missing }) => missing)).toContain(
    'the method of a request, and so whether it sent anything',
  );
  expect(formatFor('squid-useragent').blindSpots.map(({ missing }) => missing)).toContain(
    'the server that a request went to',
  );
  expect(formatFor('openssh').blindSpots[0]?.remedy).toEqual({
    file: '/etc/ssh/sshd_config',
    line: 'Subsystem sftp internal-sftp -l INFO',
  });
});
