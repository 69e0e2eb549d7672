import { expect, test } from 'vitest';
import { indented, prose, table } from '../../src/cli/layout.ts';

test('columns are aligned, numbers to the right, and nothing trails', () => {
  const rows = [
    ['name', 'lines', 'note'],
    ['squid', '4,393', ''],
    ['sftp', '-', 'quiet'],
  ];
  expect(table(rows, { indent: 2 })).toBe('  name   lines  note\n  squid  4,393\n  sftp       -  quiet\n');
});

test('text in the last column is wrapped within it', () => {
  expect(table([['1.', 'one two three four five six seven']], { width: 26 })).toBe(
    '1.  one two three four\n    five six seven\n',
  );
});

test('rows that are too wide are broken before the same column, all of them', () => {
  const rows = [
    ['id', 'severity', 'rule'],
    ['a-123456', 'high', 'phi-outside-territory'],
  ];
  expect(table(rows, { width: 30 })).toBe('id        severity\n    rule\na-123456  high\n    phi-outside-territory\n');
});

test('an empty cell breaks no row, and paint takes no room', () => {
  const paint = (text: string) => `<${text}>`;
  const rows = [
    [{ text: 'a', paint }, 'b'.repeat(30), ''],
    ['aaa', 'c', 'd'.repeat(21)],
  ];
  expect(table(rows, { width: 40 })).toBe(`<a>    ${'b'.repeat(30)}\naaa  c\n    ${'d'.repeat(21)}\n`);
});

test('what could steer a terminal does not get there', () => {
  expect(table([['a\u001b[2Jb', 'c\u202ed']])).toBe('a\ufffd[2Jb  c\ufffdd\n');
  expect(prose('a\u009bb')).toBe('a\ufffdb\n');
});

test('prose is wrapped with every line as far in', () => {
  expect(prose('one two three', { width: 9, indent: 2 })).toBe('  one two\n  three\n');
});

test('whole lines are moved further in, empty ones left empty', () => {
  expect(indented('a\n\n  b\n', 2)).toBe('  a\n\n    b\n');
});
