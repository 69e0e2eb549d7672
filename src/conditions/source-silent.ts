import type { ConditionVerdict } from './evaluate.ts';
import type { Facts, SourceFacts } from './facts.ts';
import { durationInWords, instantInWords } from './words.ts';

/**
 * No line for as long as the source's `silence`. After a start the silence from before it is not known, so that an alert
 * which was open stays so until a line comes.
 */
export function sourceSilent(source: SourceFacts, { nowMs }: Facts): ConditionVerdict {
  const { name, silenceMs, quietMs, hasSpoken } = source;
  if (silenceMs === undefined) return undefined;
  if (quietMs < silenceMs) return hasSpoken ? undefined : 'undetermined';
  const sinceMs = nowMs - quietMs;
  return {
    id: 'source-silent',
    subject: name,
    source: name,
    severity: 'medium',
    sinceMs,
    lastMs: nowMs,
    count: 1,
    words: () => ({
      title: `Source ${name} has fallen silent`,
      explanation:
        `No line has come from source ${name} since ${instantInWords(sinceMs)}; ` +
        `${durationInWords(silenceMs)} without one are told. ` +
        'Either nothing happens there, or what happens is not logged where we read: ' +
        "a vendor's data that moves through it leaves unseen until the next line comes.",
      nextSteps: [
        'Look at what the source reads: is the log still written to, under the same name, and may we read it?',
        'Look at the product that writes it: is it running, is its disk full, was its logging changed or sent elsewhere?',
        `See phi-egress coverage --source ${name} for gaps, and phi-egress status for lines that could not be read.`,
        `If the source is rightly quiet at this hour, raise silence of source ${name} in the configuration.`,
      ],
    }),
  };
}
