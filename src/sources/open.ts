import { FileTail } from './file/tail.ts';
import type { SourceSettings } from './settings.ts';
import type { LineSource, SourceProgress } from './source.ts';

/** A source that goes on where it was committed. Opens nothing yet: that is left to its first read. */
export function openSource(settings: SourceSettings, progress: SourceProgress): LineSource {
  return new FileTail(settings, progress);
}
