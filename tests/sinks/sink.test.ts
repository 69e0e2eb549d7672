import { Writable } from 'node:stream';
import { expect, test } from 'vitest';
import { encodeNative } from '../../src/sinks/encoders/native.ts';
import { encodeForTerminal } from '../../src/sinks/encoders/terminal.ts';
import { createSink } from '../../src/sinks/sink.ts';
import { FileTransport } from '../../src/sinks/transports/file.ts';
import { alert } from './alerts.ts';

const terminal = { name: 'screen', type: 'terminal', minSeverity: 'low' } as const;

function output(facts: { isTTY?: boolean; columns?: number } = {}) {
  return Object.assign(new Writable(), facts);
}

test('a terminal sink writes for the width and the colours of its stream', () => {
  expect(createSink(terminal, { output: output(), version: '0.1.0' }).encode(alert())).toBe(
    encodeForTerminal(alert(), { width: 100, colour: false }),
  );
  const sink = createSink(terminal, { output: output({ isTTY: true, columns: 70 }), version: '0.1.0' });
  expect(sink.encode(alert())).toBe(encodeForTerminal(alert(), { width: 70, colour: true }));
  expect([sink.name, sink.minSeverity]).toEqual(['screen', 'low']);
});

test('a file sink writes the native form', () => {
  const settings = { name: 'file', type: 'file', minSeverity: 'info', path: '/x', format: 'native', keep: 1 } as const;
  const sink = createSink(settings, { output: output(), version: '0.1.0' });
  expect(sink.encode(alert())).toBe(encodeNative(alert()));
  expect(sink.transport).toBeInstanceOf(FileTransport);
});
