import type { JudgedSubject } from './evaluate.ts';
import type { Facts } from './facts.ts';
import { countInWords, instantInWords } from './words.ts';

const SUBJECT = 'known-answer';

/** A synthetic transfer did not come out as it must: until one does. */
export function knownAnswerMissing({ knownAnswer }: Facts): readonly JudgedSubject[] {
  if (knownAnswer === undefined) return [];
  return [{ subject: SUBJECT, verdict: judge(knownAnswer) }];
}

function judge(facts: NonNullable<Facts['knownAnswer']>): JudgedSubject['verdict'] {
  if (facts === 'undetermined') return 'undetermined';
  const { failures, sinceMs, lastMs, missingIn } = facts;
  if (failures === 0 || sinceMs === undefined || lastMs === undefined) return undefined;
  const since = `since ${instantInWords(sinceMs)}, ${countInWords(failures, 'time')} in a row`;
  return {
    id: 'known-answer-missing',
    subject: SUBJECT,
    severity: 'high',
    sinceMs,
    lastMs,
    count: failures,
    words: () => ({
      title: missingIn === undefined ? 'A known transfer was not recognised' : 'A known transfer was not delivered',
      explanation:
        missingIn === undefined
          ? `A synthetic transfer that must be found was written to a log and not found, ${since}. Real transfers may pass unseen in the same way.`
          : `What was found of a synthetic transfer did not reach ${missingIn.join(', ')}, ${since}. Real alerts wait in the outbox or are lost on the same way.`,
      nextSteps:
        missingIn === undefined
          ? [
              'See the log of the agent for errors, and whether its state directory can be written to.',
              'Take a line of a real log through phi-egress explain, and see whether it comes to what it should.',
              'If phi-egress was updated just now, go back to the version before and report it.',
            ]
          : [
              `Run phi-egress sinks test ${missingIn[0] ?? ''}, which prints what the destination answers.`,
              'See phi-egress status for the alerts that wait.',
            ],
    }),
  };
}
