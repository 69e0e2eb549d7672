import type { JudgedSubject } from './evaluate.ts';
import type { Facts, SinkFacts } from './facts.ts';
import type { ConditionsSettings } from './settings.ts';
import { instantInWords } from './words.ts';

/**
 * A sink that takes no alerts: at once where the operator must mend something, else after a while, for most failures pass
 * by themselves. It is told through the other sinks, and through this one when it is mended.
 */
export function sinkFailing({ sinks, nowMs }: Facts, settings: ConditionsSettings): readonly JudgedSubject[] {
  return sinks.map((sink) => ({ subject: sink.name, verdict: judge(sink, nowMs, settings['sink-failing'].afterMs) }));
}

function judge({ name, isKnown, trouble }: SinkFacts, nowMs: number, afterMs: number): JudgedSubject['verdict'] {
  if (!isKnown) return 'undetermined';
  if (trouble === undefined) return undefined;
  const { isHeld, because, sinceMs } = trouble;
  // What was told before a restart stays so until the sink takes alerts again.
  if (!isHeld && nowMs - sinceMs < afterMs) return 'undetermined';
  return {
    id: 'sink-failing',
    subject: name,
    severity: 'high',
    sinceMs,
    lastMs: nowMs,
    count: 1,
    words: () => ({
      title: `Sink ${name} takes no alerts`,
      explanation:
        `No alert has reached sink ${name} since ${instantInWords(sinceMs)}: ${because}. ` +
        `${isHeld ? 'This does not pass by itself. ' : ''}` +
        'Alerts wait in the outbox and are sent in their order when the sink takes them again; whoever watches this sink alone sees nothing meanwhile.',
      nextSteps: [
        isHeld
          ? `Mend what is said of sink ${name} in the configuration or at the destination, then send the daemon SIGHUP; it tries again by itself every five minutes.`
          : `See whether the destination of sink ${name} is running and can be reached from this host.`,
        'See phi-egress status for how many alerts wait, and phi-egress alerts list for what they say.',
        'If it lasts, see that agent.outbox is large enough: beyond it, alerts of the least severity are dropped first.',
      ],
    }),
  };
}
