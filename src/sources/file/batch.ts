import type { SourceEvent } from '../event.ts';
import type { Line } from '../line.ts';
import type { ReadLimits } from '../source.ts';
import type { Unreadable } from './lookout.ts';

const DEFAULT_MAX_LINES = 5_000;
const DEFAULT_MAX_BYTES = 1024 * 1024;

/** A batch while it is being filled. */
export class Batch {
  readonly lines: Line[] = [];
  readonly events: SourceEvent[];
  readonly unreadable: Unreadable[];
  readonly endsAtIdle: boolean;
  idle = true;
  readonly #maxLines: number;
  #bytesLeft: number;

  constructor(limits: ReadLimits, events: readonly SourceEvent[], unreadable: readonly Unreadable[]) {
    this.events = [...events];
    this.unreadable = [...unreadable];
    this.endsAtIdle = limits.endsAtIdle ?? false;
    this.#maxLines = limits.maxLines ?? DEFAULT_MAX_LINES;
    this.#bytesLeft = limits.maxBytes ?? DEFAULT_MAX_BYTES;
  }

  get room(): { readonly maxLines: number; readonly maxBytes: number } {
    return { maxLines: this.#maxLines - this.lines.length, maxBytes: this.#bytesLeft };
  }

  get isFull(): boolean {
    return this.lines.length >= this.#maxLines || this.#bytesLeft <= 0;
  }

  /** `bytes`: what these lines took up in their file, with whatever was skipped. */
  take(lines: readonly Line[], bytes: number): void {
    this.#bytesLeft -= bytes;
    for (const line of lines) {
      this.lines.push(line);
      if (line.cut) this.events.push(cutEvent(line));
    }
  }
}

function cutEvent({ source, path, place }: Line): SourceEvent {
  return { kind: 'line-cut', source, path, offset: place.offset, keptBytes: place.bytes };
}
