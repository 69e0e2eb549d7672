/** RFC 5424 section 7.3.1: ids count from 1, and begin again at 1 behind this. */
const HIGHEST_ID = 2_147_483_647;
/** Datagrams may overtake one another: one that is missing is lost when it has not come within this time. */
const PATIENCE_MS = 2_000;
/** An id that lies so little behind is an echo; one further behind says that its sender was started anew. */
const ECHO = 64;
/** A leap beyond this says nothing about loss. */
const MOST_LOST = 1_000_000;
const MOST_ORIGINS = 256;
const MOST_GAPS = 64;

/** Ids that did not come, both ends included. */
interface Gap {
  readonly from: number;
  readonly to: number;
  readonly sinceMs: number;
}

interface Progress {
  /** The id that comes next. */
  readonly next: number;
  readonly gaps: readonly Gap[];
}

export interface Loss {
  /** As it was given to `note`. */
  readonly origin: string;
  readonly count: number;
}

/** Finds what is missing in the numbers that senders give their messages. What a sender sends first is never missed. */
export class SequenceWatch {
  readonly #origins = new Map<string, Progress>();

  /** @param next what `next` gave before: then it is noticed too what was missed in between. */
  constructor(next: Readonly<Record<string, number>> = {}) {
    for (const [origin, id] of Object.entries(next)) this.#origins.set(origin, { next: id, gaps: [] });
  }

  /** The id that each origin sends next. */
  get next(): Readonly<Record<string, number>> {
    return Object.fromEntries([...this.#origins].map(([origin, { next }]) => [origin, next]));
  }

  note(origin: string, id: number, nowMs: number): void {
    const before = this.#origins.get(origin);
    // Removed first, so that whoever was silent for longest stands at the front.
    this.#origins.delete(origin);
    this.#origins.set(origin, before === undefined ? { next: following(id), gaps: [] } : advanced(before, id, nowMs));
    const [longestSilent] = this.#origins.keys();
    if (this.#origins.size > MOST_ORIGINS && longestSilent !== undefined) this.#origins.delete(longestSilent);
  }

  /** What is lost for certain by now. Told once. */
  takeLosses(nowMs: number): readonly Loss[] {
    return [...this.#origins].flatMap(([origin, { next, gaps }]) => {
      const excess = gaps.length - MOST_GAPS;
      const lost = gaps.filter(({ sinceMs }, at) => at < excess || nowMs - sinceMs >= PATIENCE_MS);
      if (lost.length === 0) return [];
      this.#origins.set(origin, { next, gaps: gaps.filter((gap) => !lost.includes(gap)) });
      return [{ origin, count: lost.reduce((sum, { from, to }) => sum + to - from + 1, 0) }];
    });
  }
}

function advanced({ next, gaps }: Progress, id: number, nowMs: number): Progress {
  const leap = id - next;
  if (leap === 0) return { next: following(id), gaps };
  if (leap > 0 && leap <= MOST_LOST)
    return { next: following(id), gaps: [...gaps, { from: next, to: id - 1, sinceMs: nowMs }] };
  if (gaps.some(({ from, to }) => id >= from && id <= to))
    return { next, gaps: gaps.flatMap((gap) => without(gap, id)) };
  const isEcho = leap < 0 && leap >= -ECHO && id !== 1;
  return isEcho ? { next, gaps } : { next: following(id), gaps };
}

/** A gap in which one id has come late. */
function without(gap: Gap, id: number): readonly Gap[] {
  if (id < gap.from || id > gap.to) return [gap];
  return [
    { ...gap, to: id - 1 },
    { ...gap, from: id + 1 },
  ].filter(({ from, to }) => from <= to);
}

function following(id: number): number {
  return id >= HIGHEST_ID ? 1 : id + 1;
}

export interface SequenceId {
  /** HOSTNAME of the message: a relay passes on the numbers of many. */
  readonly host: string;
  readonly id: number;
}

/** Structured data that begins later is not looked for. */
const MAX_HEADER = 1_024;

/** The `[meta sequenceId="N"]` of an RFC 5424 message, if its sender numbers its messages. */
export function sequenceIdOf(text: string): SequenceId | undefined {
  const header = text.slice(0, MAX_HEADER);
  const [, host, data] = /^<\d{1,3}>1 [^ ]+ ([^ ]+) [^ ]+ [^ ]+ [^ ]+ (\[.*)/s.exec(header) ?? [];
  if (host === undefined || data === undefined) return undefined;
  const start = data.startsWith('[meta ') ? 0 : data.indexOf('][meta ') + 1;
  if (start === 0 && !data.startsWith('[meta ')) return undefined;
  const element = data.slice(start, data.indexOf(']', start));
  const [, digits] = / sequenceId="([1-9]\d{0,9})"/.exec(element) ?? [];
  const id = Number(digits);
  return digits === undefined || id > HIGHEST_ID ? undefined : { host, id };
}
