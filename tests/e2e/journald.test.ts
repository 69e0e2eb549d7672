import { afterEach, beforeEach, expect, test } from 'vitest';
import type { SourceEvent } from '../../src/sources/event.ts';
import { Journal } from '../../src/sources/journald/journal.ts';
import type { JournaldSourceSettings } from '../../src/sources/settings.ts';
import { eventually } from '../command.ts';
import { type Journald, startJournald } from './real-journald.ts';
import { describeWithServers } from './requirements.ts';
import { Undo } from './undo.ts';

const PATIENCE_MS = 15_000;

interface Read {
  readonly messages: readonly string[];
  readonly places: readonly string[];
  readonly events: readonly SourceEvent[];
  readonly cursor?: string;
}

describeWithServers(
  'a real systemd-journald',
  { programs: ['systemd-journald', 'journalctl', 'logger'], root: true },
  () => {
    const undo = new Undo();
    let journald: Journald;
    beforeEach(async () => {
      journald = await startJournald(undo);
    });
    afterEach(() => undo.run());

    function open(
      options: { cursor?: string; start?: 'end' | 'beginning'; quietMs?: number; nowMs?: () => number } = {},
    ) {
      const { cursor, start = 'beginning', ...rest } = options;
      const settings: JournaldSourceSettings = {
        name: 'sshd',
        type: 'journald',
        match: { SYSLOG_IDENTIFIER: ['sshd', 'internal-sftp'] },
        directory: journald.directory,
        start,
        format: 'openssh',
        inside: 'server',
        timezone: 'UTC',
      };
      const journal = new Journal(settings, {
        firstSeen: cursor === undefined,
        ...(cursor !== undefined && { cursor }),
        ...rest,
      });
      undo.add(() => journal.close());
      return journal;
    }

    /** Reads until all that is there was read, as `run --until-idle` does. */
    async function readToEnd(journal: Journal): Promise<Read> {
      const read = { messages: [] as string[], places: [] as string[], events: [] as SourceEvent[] };
      let cursor: string | undefined;
      for (;;) {
        const batch = await journal.read({ endsAtIdle: true, maxLines: 3 });
        take(batch.lines, read);
        read.events.push(...batch.events);
        cursor = batch.cursor ?? cursor;
        if (batch.idle) return { ...read, ...(cursor !== undefined && { cursor }) };
      }
    }

    function take(
      lines: readonly { text: string; place: { file: string } }[],
      into: { messages: string[]; places: string[] },
    ) {
      for (const { text, place } of lines) {
        into.messages.push(String((JSON.parse(text) as { MESSAGE: string }).MESSAGE));
        into.places.push(place.file);
      }
    }

    test('entries that match come once and in order, over restarts and rotation', async () => {
      await journald.log('sshd', ['one', 'two']);
      await journald.log('cron', ['not ours']);
      const first = await readToEnd(open());
      expect(first.messages).toEqual(['one', 'two']);

      await journald.rotate();
      await journald.log('internal-sftp', ['three']);
      await journald.log('sshd', ['four', 'five', 'six', 'seven']);
      const second = await readToEnd(open({ ...(first.cursor !== undefined && { cursor: first.cursor }) }));
      expect(second.messages).toEqual(['three', 'four', 'five', 'six', 'seven']);
      expect([...first.events, ...second.events]).toEqual([]);
      expect(new Set([...first.places, ...second.places]).size).toBe(7);
      expect((await readToEnd(open())).places).toEqual([...first.places, ...second.places]);
    });

    test('a journal that is followed tells new entries, also those in a file that begins meanwhile', async () => {
      const journal = open({ start: 'end' });
      const seen = { messages: [] as string[], places: [] as string[] };
      const until = (count: number) =>
        eventually(
          async () => {
            take((await journal.read()).lines, seen);
            return seen.messages.length >= count ? true : undefined;
          },
          PATIENCE_MS,
          `${count} entries`,
        );
      await journal.read();
      await journald.log('sshd', ['one']);
      await until(1);
      await journald.rotate();
      await journald.log('sshd', ['two', 'three']);
      await until(3);
      expect(seen.messages).toEqual(['one', 'two', 'three']);
    });

    test('a source that begins at the end passes over what is there, however often it is started anew before it saw any', async () => {
      await journald.log('sshd', ['old']);
      const { cursor } = await readToEnd(open({ start: 'end' }));
      await journald.log('sshd', ['new']);
      const later = await readToEnd(open({ start: 'end', ...(cursor !== undefined && { cursor }) }));
      expect(later.messages).toEqual(['new']);
    });

    test('a journal that was vacuumed past the last entry says so, and goes on with the first that is left', async () => {
      await journald.log('sshd', ['one', 'two']);
      const { cursor = '' } = await readToEnd(open());
      await journald.log('sshd', ['lost']);
      await journald.rotate();
      await journald.log('sshd', ['three', 'four']);
      await journald.vacuum();
      const after = await readToEnd(open({ cursor }));
      expect(after.messages).toEqual(['three', 'four']);
      expect(after.events).toEqual([{ kind: 'journal-vacuumed', source: 'sshd' }]);
      // Once told, it is over.
      expect((await readToEnd(open({ cursor: after.cursor ?? '' }))).events).toEqual([]);
    });

    test('vacuuming is no loss when nothing of ours was written since the journal was last looked at', async () => {
      await journald.log('sshd', ['one']);
      const { cursor = '' } = await readToEnd(open());
      await journald.log('cron', ['not ours']);
      await journald.rotate();
      await journald.log('cron', ['not ours either']);
      // The journal is looked at anew, finds nothing of ours, and remembers how far it was.
      const looked = await readToEnd(open({ cursor }));
      expect(looked.messages).toEqual([]);
      expect(looked.cursor).not.toBe(cursor);
      await journald.vacuum();
      const after = await readToEnd(open({ cursor: looked.cursor ?? '' }));
      expect(after).toMatchObject({ messages: [], events: [] });
    });

    test('an entry of many kilobytes comes whole', async () => {
      const long = 'x'.repeat(50_000);
      await journald.log('sshd', [long]);
      expect((await readToEnd(open())).messages).toEqual([long]);
    });

    test('a directory that does not exist is told once', async () => {
      const { directory } = journald;
      journald = { ...journald, directory: `${directory}-not-there` };
      const journal = open();
      expect((await readToEnd(journal)).events).toEqual([
        { kind: 'unreadable', source: 'sshd', path: `${directory}-not-there`, code: 'ENOENT' },
      ]);
      expect((await readToEnd(journal)).events).toEqual([]);
    });
  },
);
