import { expect, test } from 'vitest';
import { OperatorError } from '../../src/errors/problem.ts';
import { formatFor, formats, readerFor } from '../../src/formats/registry.ts';
import { recordOf, WRITTEN_BEFORE_MS } from './fixtures.ts';

test('Every format reads its own samples, and they hold no key that it does not tell', () => {
  expect(formats.map(({ name }) => name)).toEqual([
    'squid',
    'squid-common',
    'squid-combined',
    'squid-referrer',
    'squid-useragent',
    'openssh',
  ]);
  for (const format of formats) {
    const read = format.reader({ timezone: 'America/New_York' });
    expect(format.samples.length, format.name).toBeGreaterThan(0);
    for (const sample of format.samples) {
      const record = recordOf(read(sample, { writtenBeforeMs: WRITTEN_BEFORE_MS }));
      for (const key of Object.keys(record)) expect(Object.keys(format.tells), `${format.name} ${key}`).toContain(key);
    }
  }
});

test('What a format always tells is in every record of it', () => {
  for (const format of formats) {
    const read = format.reader({ timezone: 'UTC' });
    const always = Object.entries(format.tells).filter(([, how]) => how === 'always');
    for (const sample of format.samples) {
      const record = recordOf(read(sample, { writtenBeforeMs: WRITTEN_BEFORE_MS }));
      for (const [key] of always) expect(Object.keys(record), `${format.name} ${key}`).toContain(key);
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
