import * as z from 'zod';
import { type HttpAnswer, jsonOf } from '../http/exchange.ts';
import { type ItemVerdict, STORED, type Verdict } from '../verdict.ts';

/** What is read of an answer with status 200: "Bulk API", response body. Items stand in the order of the request. */
const bulkAnswer = z.object({
  items: z.array(z.object({ create: z.object({ status: z.int() }) })),
});

/** Status 200 says nothing: each document has a status of its own. */
export function readBulkAnswer(answer: HttpAnswer, sent: number): Verdict {
  const parsed = bulkAnswer.safeParse(jsonOf(answer));
  if (!parsed.success || parsed.data.items.length !== sent)
    return { kind: 'again', because: 'the answer is not that of a bulk request' };
  const statuses = parsed.data.items.map(({ create }) => create.status);
  const barred = statuses.find((it) => BARRED.has(it));
  // All are for the same stream, with the same credentials: what bars one bars all. Those stored are known by their ids.
  if (barred !== undefined)
    return { kind: 'hold', because: `status ${barred} of a document: see the data stream and the privileges on it` };
  return { kind: 'each', items: statuses.map(verdictOn) };
}

const BARRED: ReadonlySet<number> = new Set([401, 403, 404]);

function verdictOn(status: number): ItemVerdict {
  const because = `status ${status} of the document`;
  // 409: it is there already.
  if (status === 200 || status === 201 || status === 409) return STORED;
  return { kind: status === 429 || status >= 500 ? 'again' : 'never', because };
}
