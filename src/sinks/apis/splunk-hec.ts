import { randomUUID } from 'node:crypto';
import type { DeliveryClock } from '../clock.ts';
import type { Api, Ask } from '../http/api.ts';
import { type HttpAnswer, type HttpRequest, jsonOf } from '../http/exchange.ts';
import { statusInWords, verdictByStatus } from '../http/status.ts';
import { below } from '../http/url.ts';
import type { SplunkHecSettings } from '../settings.ts';
import { STORED, type Verdict } from '../verdict.ts';

/** Agents keep to 1 MB a request; Splunk itself takes far more. */
const LIMITS = { messages: 1_000, bytes: 1_000_000 };

/** ms before each question whether an indexer has the events; the last one repeats, some five minutes in all. */
const POLLS_MS = [1_000, 2_000, 4_000, 8_000, ...Array<number>(28).fill(10_000)];

/**
 * Splunk HTTP Event Collector: "HTTP Event Collector REST API endpoints" and "About HTTP Event Collector Indexer
 * Acknowledgment" of Splunk Enterprise. Without acknowledgement, the answer says that the events could be parsed; with it,
 * they count as stored once an indexer has them.
 */
export function splunkHec(settings: SplunkHecSettings, clock: Pick<DeliveryClock, 'wait'>): Api {
  const { url, token, acknowledge } = settings;
  // Acknowledgements belong to a channel, which is one sender's.
  const channel = randomUUID();
  const post = (parts: readonly string[], body: string): HttpRequest => ({
    url: below(url, 'services', 'collector', ...parts),
    headers: {
      authorization: `Splunk ${token.reveal()}`,
      'content-type': 'application/json',
      ...(acknowledge && { 'x-splunk-request-channel': channel }),
    },
    body,
    gzip: true,
  });
  return {
    limits: LIMITS,
    deliver: async ({ messages }, ask, signal) => {
      const answer = await ask(post(['event'], messages.map((it) => it.trimEnd()).join('\n')));
      const verdict = readAnswer(answer);
      if (verdict.kind !== 'stored' || !acknowledge) return verdict;
      const { ackId } = (jsonOf(answer) ?? {}) as { readonly ackId?: unknown };
      if (typeof ackId !== 'number')
        return {
          kind: 'hold',
          because: 'the token has no indexer acknowledgement: turn it on there, or acknowledge off',
        };
      return acknowledged(ackId, (body) => ask(post(['ack'], body)), clock, signal);
    },
  };
}

/** An id is said to be `true` once, and then forgotten. */
async function acknowledged(
  ackId: number,
  poll: (body: string) => ReturnType<Ask>,
  clock: Pick<DeliveryClock, 'wait'>,
  signal: AbortSignal,
): Promise<Verdict> {
  for (const waitMs of POLLS_MS) {
    await clock.wait(waitMs, signal);
    if (signal.aborted) break;
    const answer = await poll(JSON.stringify({ acks: [ackId] }));
    if (answer.status !== 200) return readAnswer(answer);
    const { acks } = (jsonOf(answer) ?? {}) as { readonly acks?: Readonly<Record<string, unknown>> };
    if (acks?.[ackId] === true) return STORED;
  }
  return { kind: 'again', because: 'no indexer acknowledged the alerts' };
}

type Kind = 'again' | 'hold' | 'split' | 'never';

/** Codes of the document's table "Possible error codes"; what has none of these is judged by its status. */
const CODES: Readonly<Record<number, readonly [kind: Kind, because: string]>> = {
  1: ['hold', 'the token is disabled'],
  2: ['hold', 'a token is required'],
  3: ['hold', 'the authorization is invalid'],
  4: ['hold', 'the token is not known'],
  5: ['never', 'no data'],
  6: ['never', 'the data format is invalid'],
  7: ['hold', 'the index is wrong, or the token may not write to it'],
  8: ['again', 'internal server error'],
  9: ['again', 'the server is busy'],
  10: ['hold', 'the token has indexer acknowledgement: write acknowledge: true'],
  11: ['hold', 'the channel is invalid'],
  12: ['never', 'the event field is required'],
  13: ['never', 'the event field is blank'],
  14: ['hold', 'the token has no indexer acknowledgement: turn it on there, or acknowledge off'],
};

function readAnswer(answer: HttpAnswer): Verdict {
  const { code } = (jsonOf(answer) ?? {}) as { readonly code?: unknown };
  if (answer.status === 200 && code === 0) return STORED;
  const [kind, words] = (typeof code === 'number' ? CODES[code] : undefined) ?? [];
  if (kind === undefined || words === undefined)
    return answer.status === 200
      ? { kind: 'again', because: 'the answer is not that of an event collector' }
      : verdictByStatus(answer);
  const because = `${statusInWords(answer.status).split(':')[0]}: ${words}`;
  const { retryAfterMs } = answer;
  return kind === 'again' && retryAfterMs !== undefined ? { kind, because, afterMs: retryAfterMs } : { kind, because };
}
