import type { OutboxItem } from './queue.ts';
import type { Sink } from './sink.ts';
import { type ItemVerdict, reasonOf, type Verdict } from './verdict.ts';

/** Alerts that are handed over together, and how they are written. */
export interface Batch {
  readonly items: readonly OutboxItem[];
  readonly messages: readonly string[];
}

/** The oldest of these, as many as the destination takes at once; at least one. */
export function packed({ encode, transport: { limits } }: Sink, items: readonly OutboxItem[]): Batch {
  const messages: string[] = [];
  let bytes = 0;
  for (const { alert } of items) {
    const message = encode(alert);
    bytes += Buffer.byteLength(message);
    const isFull = limits !== undefined && (messages.length >= limits.messages || bytes > limits.bytes);
    if (isFull && messages.length > 0) break;
    messages.push(message);
  }
  return { items: items.slice(0, messages.length), messages };
}

/** A transport that breaks its promise and rejects is one that must be tried again. */
export async function handOver({ transport }: Sink, { items, messages }: Batch, signal: AbortSignal): Promise<Verdict> {
  try {
    const eventIds = items.map(({ eventId }) => eventId);
    return await transport.send(messages, signal, eventIds);
  } catch (error) {
    return { kind: 'again', because: reasonOf(error) };
  }
}

/** What becomes of each entry. */
export function outcomes(items: readonly OutboxItem[], verdict: ItemVerdict | Extract<Verdict, { kind: 'each' }>) {
  return items.map((item, at): { readonly item: OutboxItem; readonly verdict: ItemVerdict } => ({
    item,
    verdict: verdict.kind === 'each' ? (verdict.items[at] ?? UNANSWERED) : verdict,
  }));
}

const UNANSWERED: ItemVerdict = { kind: 'again', because: 'the answer leaves out some of the alerts' };
