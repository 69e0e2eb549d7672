import { FileTail } from './file/tail.ts';
import { Journal } from './journald/journal.ts';
import type { SourceSettings } from './settings.ts';
import type { LineSource, SourceProgress } from './source.ts';
import { InputLines } from './stdin/input.ts';
import { SyslogListener } from './syslog/listener.ts';

/** A source that goes on where it was committed. Opens nothing yet: that is left to its first read. */
export function openSource(settings: SourceSettings, progress: SourceProgress): LineSource {
  switch (settings.type) {
    case 'file':
      return new FileTail(settings, progress);
    case 'journald':
      return new Journal(settings, progress);
    case 'syslog':
      return new SyslogListener(settings, progress);
    case 'stdin':
      return new InputLines(settings);
    default:
      return settings satisfies never;
  }
}
