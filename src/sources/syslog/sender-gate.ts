import { parseAddress } from '../../net/address.ts';
import { contains, type Network, parseNetwork } from '../../net/network.ts';
import type { SourceEvent } from '../event.ts';

type Refused = Extract<SourceEvent, { kind: 'sender-refused' }>;

/** One sender that goes on knocking is told of this often. */
const TELL_AGAIN_MS = 10 * 60_000;
/** Senders whose refusal is remembered, and refusals that are told of at once. A flood of them says no more. */
const MOST_REMEMBERED = 200;
const MOST_VERDICTS = 10_000;

/** Decides who may send, and tells who tried. */
export class SenderGate {
  readonly #source: string;
  /** `undefined`: everyone. */
  readonly #networks: readonly Network[] | undefined;
  readonly #verdicts = new Map<string, boolean>();
  readonly #toldMs = new Map<string, number>();
  #events: Refused[] = [];

  /** @param allow CIDR, as the configuration has checked it. */
  constructor(source: string, allow: readonly string[] | undefined) {
    this.#source = source;
    this.#networks = allow?.flatMap((text) => {
      const reading = parseNetwork(text);
      return 'network' in reading ? [reading.network] : [];
    });
  }

  /** Whether this address, as a socket gives it, may send. One that may not is told of. */
  admits(address: string, nowMs: number): boolean {
    if (this.#networks === undefined) return true;
    const isAllowed = this.#verdicts.get(address) ?? this.#judge(address, this.#networks);
    if (!isAllowed) this.refuse(address, 'not-allowed', nowMs);
    return isAllowed;
  }

  refuse(address: string, because: Refused['because'], nowMs: number): void {
    const sender = parseAddress(address)?.text ?? 'unknown';
    const key = `${because} ${sender}`;
    const toldMs = this.#toldMs.get(key);
    if (toldMs !== undefined && nowMs - toldMs < TELL_AGAIN_MS) return;
    if (this.#events.length >= MOST_REMEMBERED) return;
    dropOldest(this.#toldMs, MOST_REMEMBERED);
    this.#toldMs.set(key, nowMs);
    this.#events.push({ kind: 'sender-refused', source: this.#source, sender, because });
  }

  takeEvents(): readonly SourceEvent[] {
    const events = this.#events;
    this.#events = [];
    return events;
  }

  #judge(text: string, networks: readonly Network[]): boolean {
    const address = parseAddress(text);
    const isAllowed = address !== undefined && networks.some((it) => contains(it, address));
    dropOldest(this.#verdicts, MOST_VERDICTS);
    this.#verdicts.set(text, isAllowed);
    return isAllowed;
  }
}

function dropOldest(map: Map<string, unknown>, most: number): void {
  const [oldest] = map.keys();
  if (map.size >= most && oldest !== undefined) map.delete(oldest);
}
