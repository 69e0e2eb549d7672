import { HeldBytes } from '../held-bytes.ts';

/** One entry of the journal, of each field its first value. Values that are no UTF-8 have U+FFFD in them. */
export interface JournalEntry {
  readonly fields: ReadonlyMap<string, string>;
  /** A value was longer than the limit, and only its beginning is there. */
  readonly cut: boolean;
}

const MAX_VALUE_BYTES = 1024 * 1024;
/** systemd.journal-fields(7): at most 64 characters. */
const MAX_NAME_BYTES = 64;
const SIZE_BYTES = 8;

const LF = 0x0a;
const EQUALS = 0x3d;

/**
 * Reads the Journal Export Format of `journalctl -o export`:
 *
 *     __CURSOR=s=...                       NAME=value, ended by LF
 *     MESSAGE                              or NAME, LF,
 *     <8 bytes, little endian><bytes>      the value's length and the value, LF: of a value that holds LF or is binary
 *                                          an empty line ends the entry
 *
 * Unlike its JSON this tells values of any length and any bytes, and a value that is too long can be skipped while it comes.
 */
export class ExportReader {
  readonly #maxValueBytes: number;
  readonly #held = new HeldBytes();
  #expects: 'line' | 'size' | 'value' | 'line end' = 'line';
  /** What is still to come of a value whose length was told. */
  #valueBytes = 0;
  /** The name that was told before a length. */
  #name = '';
  #isLong = false;
  #fields = new Map<string, string>();
  #cut = false;

  constructor(maxValueBytes = MAX_VALUE_BYTES) {
    this.#maxValueBytes = maxValueBytes;
  }

  /** @returns the entries that this piece completes. */
  push(piece: Buffer): readonly JournalEntry[] {
    const entries: JournalEntry[] = [];
    let at = 0;
    while (at < piece.length) {
      if (this.#expects === 'line') at = this.#readLine(piece, at, entries);
      else if (this.#expects === 'size') at = this.#readSize(piece, at);
      else if (this.#expects === 'value') at = this.#readValue(piece, at);
      else {
        at += 1;
        this.#expects = 'line';
      }
    }
    return entries;
  }

  #readLine(piece: Buffer, start: number, entries: JournalEntry[]): number {
    const lf = piece.indexOf(LF, start);
    const end = lf < 0 ? piece.length : lf;
    this.#hold(piece.subarray(start, end), MAX_NAME_BYTES + 1 + this.#maxValueBytes);
    if (lf < 0) return end;
    const isLong = this.#isLong;
    const line = this.#takeHeld();
    const equals = line.indexOf(EQUALS);
    if (line.length === 0) this.#endEntry(entries);
    else if (equals < 0) this.#beginValue(line.toString('latin1', 0, MAX_NAME_BYTES));
    else this.#set(line.toString('latin1', 0, equals), line.subarray(equals + 1), isLong);
    return lf + 1;
  }

  /** Older versions say `-- No entries --` among the entries. */
  #beginValue(name: string): void {
    if (!/^[A-Z0-9_]+$/.test(name)) return;
    this.#name = name;
    this.#expects = 'size';
  }

  #readSize(piece: Buffer, start: number): number {
    const end = Math.min(piece.length, start + SIZE_BYTES - this.#held.length);
    this.#held.add(piece.subarray(start, end));
    if (this.#held.length < SIZE_BYTES) return end;
    this.#valueBytes = Number(this.#held.take().readBigUInt64LE());
    this.#expects = 'value';
    if (this.#valueBytes === 0) this.#endValue();
    return end;
  }

  #readValue(piece: Buffer, start: number): number {
    const end = Math.min(piece.length, start + this.#valueBytes);
    this.#hold(piece.subarray(start, end), this.#maxValueBytes);
    this.#valueBytes -= end - start;
    if (this.#valueBytes === 0) this.#endValue();
    return end;
  }

  #endValue(): void {
    const isLong = this.#isLong;
    this.#set(this.#name, this.#takeHeld(), isLong);
    this.#expects = 'line end';
  }

  #set(name: string, value: Buffer, isLong: boolean): void {
    if (this.#fields.has(name)) return;
    this.#fields.set(name, value.toString('utf8', 0, this.#maxValueBytes));
    this.#cut ||= isLong || value.length > this.#maxValueBytes;
  }

  #endEntry(entries: JournalEntry[]): void {
    if (this.#fields.size > 0) entries.push({ fields: this.#fields, cut: this.#cut });
    this.#fields = new Map();
    this.#cut = false;
  }

  /** Holds no more than `most` bytes; the rest is passed over. */
  #hold(bytes: Buffer, most: number): void {
    const room = most - this.#held.length;
    this.#held.add(bytes.subarray(0, room));
    this.#isLong ||= bytes.length > room;
  }

  #takeHeld(): Buffer {
    this.#isLong = false;
    return this.#held.take();
  }
}
