import { setImmediate as nextTurn, setTimeout as wait } from 'node:timers/promises';
import { cutEvents } from '../cut-event.ts';
import { listenAddress } from '../describe.ts';
import type { SourceEvent } from '../event.ts';
import type { Line } from '../line.ts';
import type { SyslogSourceSettings } from '../settings.ts';
import type { LineSource, ReadLimits, SourceBatch } from '../source.ts';
import { readCursor, type SyslogCursor, writeCursor } from './cursor.ts';
import { DatagramReception } from './datagrams.ts';
import { MessageQueue, type ReceivedMessage } from './message-queue.ts';
import type { Reception } from './reception.ts';
import { SenderGate } from './sender-gate.ts';
import { SequenceWatch, sequenceIdOf } from './sequence.ts';
import { type SecureOptions, StreamReception } from './streams.ts';
import { readTlsMaterial, type TlsListenSettings } from './tls-material.ts';

export interface SyslogListenerOptions {
  readonly cursor?: string;
  /** Bytes of messages that may wait to be read. Default 16 MiB. */
  readonly queueBytes?: number;
  readonly nowMs?: () => number;
}

const DEFAULT_QUEUE_BYTES = 16 * 1024 * 1024;
const DEFAULT_MAX_LINES = 5_000;
const DEFAULT_MAX_BYTES = 1024 * 1024;
/** Between two tries to get the address, and between two looks at the kernel's counters. */
const AGAIN_MS = 1_000;
/** How long a read waits for senders that were asked to stop. */
const DRAIN_WAIT_MS = 5;

/**
 * A syslog server. Messages are lines as they came, with their priority. It is not pulled as files are: what was received
 * is kept until it is committed, within bounds.
 */
export class SyslogListener implements LineSource {
  readonly #settings: SyslogSourceSettings;
  readonly #nowMs: () => number;
  readonly #queue: MessageQueue;
  readonly #gate: SenderGate;
  readonly #address: string;
  #reception: Reception | undefined;
  #committed: SyslogCursor;
  #next: number;
  #sequences: SequenceWatch;
  /** Why the address cannot be had, as it was told. */
  #trouble: string | undefined;
  #triedMs = Number.NEGATIVE_INFINITY;
  #countedMs = Number.NEGATIVE_INFINITY;
  #isDraining = false;

  constructor(settings: SyslogSourceSettings, options: SyslogListenerOptions = {}) {
    this.#settings = settings;
    this.#nowMs = options.nowMs ?? Date.now;
    this.#queue = new MessageQueue(options.queueBytes ?? DEFAULT_QUEUE_BYTES);
    this.#gate = new SenderGate(settings.name, settings.allow);
    this.#address = listenAddress(settings.listen);
    this.#committed = readCursor(options.cursor);
    this.#next = this.#committed.next;
    this.#sequences = new SequenceWatch(this.#committed.sequences);
  }

  async open(): Promise<void> {
    this.#reception ??= await this.#listen();
  }

  async read(limits: ReadLimits = {}): Promise<SourceBatch> {
    const events: SourceEvent[] = [...(await this.#openIfNeeded())];
    const isLate = this.#isDraining && this.#queue.isEmpty && this.#reception?.isDrained === false;
    if (isLate) await wait(DRAIN_WAIT_MS);
    // Lets what has arrived meanwhile come in, however fast batches follow one another. A reset comes right behind that:
    // what arrived in between would be lost by it.
    await nextTurn();
    this.#reception?.tend(this.#nowMs());
    const messages = this.#queue.take(limits.maxLines ?? DEFAULT_MAX_LINES, limits.maxBytes ?? DEFAULT_MAX_BYTES);
    const lines = messages.map((message) => this.#toLine(message));
    events.push(...this.#gate.takeEvents(), ...cutEvents(lines), ...(await this.#losses(messages)));
    return {
      lines,
      positions: [],
      forgotten: [],
      ...(lines.length > 0 && { cursor: this.#cursor() }),
      events,
      idle: this.#queue.isEmpty && (!this.#isDraining || this.#reception === undefined || this.#reception.isDrained),
    };
  }

  drain(): void {
    this.#isDraining = true;
    this.#reception?.drain();
  }

  committed(): void {
    this.#queue.settle();
    this.#committed = { ...this.#committed, next: this.#next };
  }

  rewind(): void {
    this.#queue.rewind();
    this.#next = this.#committed.next;
  }

  async close(): Promise<void> {
    await this.#reception?.close();
    this.#reception = undefined;
  }

  async #openIfNeeded(): Promise<readonly SourceEvent[]> {
    const nowMs = this.#nowMs();
    if (this.#reception !== undefined || this.#isDraining || nowMs - this.#triedMs < AGAIN_MS) return [];
    this.#triedMs = nowMs;
    const { name: source } = this.#settings;
    const before = this.#trouble;
    try {
      this.#reception = await this.#listen();
      this.#trouble = undefined;
      return before === undefined ? [] : [{ kind: 'readable', source, path: this.#address }];
    } catch (error) {
      this.#trouble = (error as NodeJS.ErrnoException).code ?? 'unknown error';
      if (this.#trouble === before) return [];
      return [{ kind: 'unreadable', source, path: this.#address, code: this.#trouble }];
    }
  }

  async #listen(): Promise<Reception> {
    const { listen } = this.#settings;
    const common = [listen, this.#queue, this.#gate, this.#nowMs] as const;
    const secure = listen.protocol === 'tls' ? await secureOptions(listen) : undefined;
    const reception =
      listen.protocol === 'udp' ? new DatagramReception(...common) : new StreamReception(...common, secure);
    try {
      await reception.open();
      return reception;
    } catch (error) {
      await reception.close();
      throw error;
    }
  }

  #toLine({ text, bytes, cut, sender, receivedMs }: ReceivedMessage): Line {
    const place = { file: this.#committed.epoch, offset: this.#next, bytes };
    this.#next += 1;
    return { source: this.#settings.name, text, place, path: sender, writtenBeforeMs: receivedMs, cut };
  }

  #cursor(): string {
    return writeCursor({ epoch: this.#committed.epoch, next: this.#next, sequences: this.#sequences.next });
  }

  async #losses(messages: readonly ReceivedMessage[]): Promise<readonly SourceEvent[]> {
    if (this.#settings.listen.protocol !== 'udp' || this.#reception === undefined) return [];
    const { name: source } = this.#settings;
    const nowMs = this.#nowMs();
    for (const { text, sender, receivedMs } of messages) {
      const numbered = sequenceIdOf(text);
      if (numbered !== undefined) this.#sequences.note(`${sender} ${numbered.host}`, numbered.id, receivedMs);
    }
    const events = this.#sequences.takeLosses(nowMs).map(
      ({ origin, count }): SourceEvent => ({
        kind: 'datagrams-lost',
        source,
        count,
        because: 'sequence',
        sender: origin,
      }),
    );
    if (nowMs - this.#countedMs < AGAIN_MS) return events;
    this.#countedMs = nowMs;
    const { kernel, buffer } = await this.#reception.takeLosses();
    if (kernel > 0) events.push({ kind: 'datagrams-lost', source, count: kernel, because: 'kernel' });
    if (buffer > 0) events.push({ kind: 'datagrams-lost', source, count: buffer, because: 'buffer' });
    return events;
  }
}

async function secureOptions(listen: TlsListenSettings): Promise<SecureOptions> {
  return { ...(await readTlsMaterial(listen)), maxVersion: `TLSv${listen.maxVersion}` };
}
