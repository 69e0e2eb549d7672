import { totals } from '../coverage/reading-window.ts';
import { inFileOrder } from '../formats/format.ts';
import { AUTO, formatFor, formats, readerOf } from '../formats/registry.ts';
import type { ConditionVerdict } from './evaluate.ts';
import type { Facts, SourceFacts } from './facts.ts';
import type { ConditionsSettings } from './settings.ts';
import { countInWords } from './words.ts';

/**
 * More lines than may be are unreadable in the source's format. Between half of that share and the share itself, and
 * before enough lines have come, nothing changes: an alert neither opens nor ends.
 */
export function formatMismatch(
  source: SourceFacts,
  { nowMs }: Facts,
  { 'format-mismatch': { share, leastLines } }: ConditionsSettings,
): ConditionVerdict {
  const { name, window } = source;
  const { parsed, unreadable } = totals(window);
  const lines = parsed + unreadable;
  if (lines < leastLines) return 'undetermined';
  if (unreadable <= share * lines) return unreadable > (share / 2) * lines ? 'undetermined' : undefined;
  return {
    id: 'format-mismatch',
    subject: name,
    source: name,
    severity: 'high',
    sinceMs: nowMs,
    lastMs: nowMs,
    count: 1,
    words: () => {
      const configured = source.format === AUTO ? 'the format of its first lines' : formatFor(source.format).name;
      const others = formatsThatRead(source).filter((it) => it !== configured);
      const meant = others.length === 1 ? others[0] : undefined;
      return {
        title: `Source ${name} is not in the format that it is configured with`,
        explanation:
          `${countInWords(unreadable, 'line')} of the latest ${lines.toLocaleString('en-US')} of source ${name} cannot be read as ${configured}` +
          `${meant === undefined ? '.' : `; they read as ${meant}.`} ` +
          "A line that cannot be read is not judged: a vendor's data may pass in it unseen.",
        nextSteps: [
          meant === undefined
            ? `Compare a line of the log with phi-egress formats; a format string of your own may be needed.`
            : `If the log is ${meant}, write format: ${meant} for source ${name}.`,
          'See phi-egress status for the latest lines that could not be read, masked, and why.',
          'See whether the product that writes the log was updated, or its log format changed.',
          `When it is mended, take the unread time through phi-egress replay --source ${name}.`,
        ],
      };
    },
  };
}

/** The year that a line leaves out makes no difference to whether it can be read. */
const ANY_YEAR_MS = Date.UTC(2100, 0, 1);
/** A line here and there may belong to something else. */
const MOST_UNREAD = 0.1;

/**
 * Names of the formats to which nearly all of the latest lines belong that the source's own could not read. What a format
 * skips belongs to it, as other programs' lines in an auth.log do; one record at least must be among them.
 */
export function formatsThatRead({
  window: { samples },
  timezone,
}: Pick<SourceFacts, 'window' | 'timezone'>): readonly string[] {
  if (samples.length === 0) return [];
  const able = formats.filter((format) => {
    const read = inFileOrder(readerOf(format, { timezone }));
    const kinds = samples.map((text) => read(text, { writtenBeforeMs: ANY_YEAR_MS }).kind);
    const unread = kinds.filter((kind) => kind === 'unreadable').length;
    return kinds.includes('record') && unread <= MOST_UNREAD * samples.length;
  });
  const taken = new Set(able.flatMap(({ insteadOf = [] }) => insteadOf));
  const found = able.filter(({ name }) => !taken.has(name));
  const special = found.filter(({ isGeneral }) => isGeneral !== true);
  return (special.length === 0 ? found : special).map(({ name }) => name);
}
