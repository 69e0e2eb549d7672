import { readFile } from 'node:fs/promises';
import type { LogRecord } from '../../src/formats/record.ts';
import { readerFor } from '../../src/formats/registry.ts';
import type { FormatChoice } from '../../src/sources/settings.ts';
import { eventually } from '../command.ts';

const PATIENCE_MS = 10_000;

/** Reads a log once it holds `count` lines with `text`. @throws Error when a line cannot be read */
export async function recordsOf(
  file: string,
  format: FormatChoice,
  { count, text }: { readonly count: number; readonly text: string },
): Promise<readonly LogRecord[]> {
  const look = async () => {
    const lines = (await readFile(file, 'utf8').catch(() => '')).split('\n').slice(0, -1);
    return lines.filter((line) => line.includes(text)).length >= count ? lines : undefined;
  };
  const lines = await eventually(look, PATIENCE_MS, `${count} lines with "${text}" in ${file}`);
  const read = readerFor(format, { timezone: Intl.DateTimeFormat().resolvedOptions().timeZone });
  return lines.flatMap((line) => {
    const reading = read(line, { writtenBeforeMs: Date.now() });
    if (reading.kind === 'unreadable') throw new Error(`${file}: ${reading.because}: ${line}`);
    return reading.kind === 'record' ? [reading.record] : [];
  });
}

/**
 * What moved, in words: `127.0.92.11 acme read 1048576 claims.837 success`. Sorted, for servers of several processes
 * write in no order. Paths are shown without the folder that all files lie in.
 */
export function movesOf(records: readonly LogRecord[], folder = ''): readonly string[] {
  return records
    .flatMap(({ file, client, bytesToClient, bytesToServer, outcome }) => {
      if (file?.operation !== 'read' && file?.operation !== 'write') return [];
      const bytes = file.operation === 'read' ? bytesToClient : bytesToServer;
      const isWithin = folder !== '' && file.path.startsWith(`${folder}/`);
      const path = isWithin ? file.path.slice(folder.length + 1) : file.path;
      return [`${client?.ip} ${client?.user} ${file.operation} ${bytes ?? '?'} ${path} ${outcome}`];
    })
    .sort();
}

/** Who logged in or was turned away: `127.0.92.11 acme success`. Sorted. */
export function loginsOf(records: readonly LogRecord[]): readonly string[] {
  return records
    .flatMap(({ kind, client, outcome }) =>
      kind === 'login' && outcome !== undefined ? [`${client?.ip ?? '-'} ${client?.user ?? '-'} ${outcome}`] : [],
    )
    .sort();
}

/** The one transfer that broke off, and its bytes. */
export function brokenOff(records: readonly LogRecord[]): LogRecord {
  const [found, ...others] = records.filter(({ outcome }) => outcome === 'aborted');
  if (found === undefined || others.length > 0) throw new Error('Not exactly one transfer broke off');
  return found;
}
