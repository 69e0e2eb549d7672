import type { JudgedSubject } from './evaluate.ts';
import type { Facts, SinkFacts } from './facts.ts';
import { countInWords } from './words.ts';

/** A destination refused alerts for good: until the operator has sent them again or dropped them. */
export function alertsRefused({ sinks }: Facts): readonly JudgedSubject[] {
  return sinks.map((sink) => ({ subject: sink.name, verdict: judge(sink) }));
}

function judge({ name, refused }: SinkFacts): JudgedSubject['verdict'] {
  if (refused === undefined) return undefined;
  const { count, sinceMs, lastMs, because } = refused;
  return {
    id: 'alerts-refused',
    subject: name,
    severity: 'high',
    sinceMs,
    lastMs,
    count,
    words: () => ({
      title: `Sink ${name} has refused alerts`,
      explanation:
        `The destination of sink ${name} has refused ${countInWords(count, 'alert')} for good, the latest because of: ${because}. ` +
        'They are kept aside and are not tried again by themselves: whoever watches this sink alone does not know of them.',
      nextSteps: [
        `See phi-egress sinks dead-letters list --sink ${name} for the alerts and the reason of each.`,
        `Mend what the destination objects to, then send them again: phi-egress sinks dead-letters retry --sink ${name}.`,
        'What is known otherwise can be dropped with phi-egress sinks dead-letters drop; that it was refused stays on record.',
      ],
    }),
  };
}
