import { readIso } from '../../../time/iso.ts';
import { countAt, isJsonObject, type JsonObject, jsonObject, textAt } from '../../values/json-object.ts';

/** One event of a CloudWatch log group, out of what it was brought in. */
export interface CloudWatchEvent {
  /** UTC, ms since the epoch. The events of a Transfer Family server carry no time of their own. */
  readonly timeMs?: number;
  readonly event: JsonObject | string;
}

/**
 * Takes an event out of its envelope, in whichever of these forms it stands there:
 *
 *     2026-11-24T04:14:09.747Z {"activity-type":...}          export to S3; `aws logs tail --format short`
 *     2026-11-24T04:14:09.747000+00:00 STREAM {"activity...}  `aws logs tail`
 *     {"timestamp":1795493649747,"message":"{\"activity...}   FilterLogEvents, shippers
 *     {"@timestamp":"2026-11-24T04:14:09.747Z","activity...}  shippers that put both into one object
 *
 * @returns `undefined` for what is none of these
 */
export function openEnvelope(text: string): CloudWatchEvent | undefined {
  if (text.startsWith('{')) return fromObject(text);
  const stamp = readIso(text);
  if (stamp === undefined || text[stamp.end] !== ' ') return undefined;
  const timeMs = stamp.wallMs - (stamp.offsetMs ?? 0);
  const rest = text.slice(stamp.end + 1);
  const brace = rest.startsWith('{') ? 0 : afterStream(rest);
  const object = brace === -1 ? undefined : jsonObject(rest.slice(brace));
  return { timeMs, event: object ?? rest };
}

/** Where an object begins behind the name of a log stream, which holds no blank; -1 where none does. */
function afterStream(text: string): number {
  const blank = text.indexOf(' ');
  return blank !== -1 && text[blank + 1] === '{' ? blank + 1 : -1;
}

function fromObject(text: string): CloudWatchEvent | undefined {
  const outer = jsonObject(text);
  if (outer === undefined) return undefined;
  const timeMs = timeOf(outer);
  const time = timeMs === undefined ? {} : { timeMs };
  if (isEvent(outer)) return { ...time, event: outer };
  const inner = outer.message;
  if (isJsonObject(inner)) return { ...time, event: inner };
  if (typeof inner !== 'string') return undefined;
  const message = inner.trimStart();
  // A relay's own time says when it came by; that of CloudWatch, where the message brings it, says when it happened.
  return { ...time, event: message, ...openEnvelope(message) };
}

/** Of a server, or of a connector. */
function isEvent(object: JsonObject): boolean {
  return 'activity-type' in object || 'connector-id' in object;
}

/** CloudWatch counts milliseconds; shippers write ISO 8601. */
function timeOf(object: JsonObject): number | undefined {
  for (const key of ['timestamp', '@timestamp', 'time']) {
    const count = countAt(object, key);
    if (count !== undefined && count <= LATEST_MS) return count;
    const reading = readIso(textAt(object, key) ?? '');
    if (reading !== undefined) return reading.wallMs - (reading.offsetMs ?? 0);
  }
  return undefined;
}

/** What a `Date` can hold (ECMA-262 section 21.4.1.1). */
const LATEST_MS = 8.64e15;
