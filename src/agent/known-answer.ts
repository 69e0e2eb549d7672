import { appendFile, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { knownAnswer, knownAnswerId } from '../alerts/test-alert.ts';
import type { Facts, KnownAnswerFacts } from '../conditions/facts.ts';
import type { Settings } from '../config/settings.ts';
import type { LedgerHead } from '../evidence/ledger.ts';
import type { Locator } from '../geo/locator.ts';
import type { Masker } from '../phi/masking.ts';
import { isForPrograms } from '../sinks/audience.ts';
import type { CommitBatch, StoredState } from '../store/batch.ts';
import type { Store } from '../store/store.ts';
import { FollowedSource } from './followed-source.ts';
import {
  isKnownAnswer,
  KnownAnswerPen,
  knownAnswerSettings,
  knownAnswerSource,
  type Question,
} from './known-answer-line.ts';
import { type Memory, toStore } from './memory.ts';
import { stagesFrom } from './stages.ts';

/** From the line to the last sink. A sink that is down for a moment is tried again within that. */
const ANSWER_WITHIN_MS = 60_000;
/** The file of synthetic lines is begun anew beyond this. */
const MOST_BYTES = 64 * 1024;

/** A question and how far its answer has come. */
interface Asked extends Question {
  /** By the steady clock. */
  readonly deadlineMs: number;
  /** The answer, once it is on its way to these sinks. */
  readonly sent?: { readonly eventId: string; readonly sinks: readonly string[] };
}

interface Clocks {
  readonly wallMs: number;
  readonly steadyMs: number;
}

/**
 * A synthetic transfer, from a line in a file to the sinks, by the parts that real ones go through: tail, format, location,
 * vendor, classification, rules, store, outbox, encoder, transport. What must come of it is known; whatever else comes, or
 * nothing, is an alarm. Its finding is not stored: what is told of it is a test, and is counted nowhere.
 */
export class KnownAnswer {
  readonly source: FollowedSource;
  readonly #settings: Settings;
  readonly #store: Pick<Store, 'trackedAlert' | 'queries'>;
  readonly #path: string;
  readonly #pen: KnownAnswerPen;
  #asked: Asked | undefined;
  /** Of the questions that were decided; `undefined` before the first. */
  #facts: KnownAnswerFacts | undefined;

  constructor(settings: Settings, store: Store, state: StoredState, locator: Locator, masker: Masker) {
    this.#settings = settings;
    this.#store = store;
    this.#path = join(settings.agent.state, 'known-answer.log');
    this.#pen = new KnownAnswerPen(store.maskingKey);
    const stagesOf = stagesFrom(knownAnswerSettings(settings), locator, masker);
    this.source = new FollowedSource(knownAnswerSource(this.#path), stagesOf, state);
  }

  /** Writes the line, unless the one before still waits for its answer. */
  async ask({ wallMs, steadyMs }: Clocks): Promise<void> {
    if (this.#asked !== undefined) return;
    const question = { atMs: wallMs, deadlineMs: steadyMs + ANSWER_WITHIN_MS };
    this.#asked = question;
    const size = await stat(this.#path).then(
      (it) => it.size,
      () => 0,
    );
    if (size > MOST_BYTES) await rename(this.#path, `${this.#path}.1`);
    await appendFile(this.#path, this.#pen.write(question), { mode: 0o600 });
  }

  /** What there is to store of what was read since; nothing if nothing was. Call `source.committed` when it is stored. */
  async read(memory: Memory, nowMs: number): Promise<CommitBatch | undefined> {
    const batch = await this.source.read(false);
    const asked = this.#asked;
    const lines = batch.lines.filter(({ text }) => asked !== undefined && this.#pen.wrote(text, asked));
    const inspected = this.source.inspect({ ...batch, lines }, memory);
    if (inspected === undefined) return undefined;
    const { counts: _, samples: __, ...toStore } = inspected.toStore;
    const isAnswered = asked !== undefined && inspected.findings.some((it) => isKnownAnswer(it, asked));
    return isAnswered ? { ...toStore, ...this.#answer(asked, memory.ledgerHead, nowMs) } : toStore;
  }

  /** Looks whether the answer has arrived, or is late. @returns what there is to say, for the conditions to be judged by. */
  look(clocks: Clocks): Required<Pick<Facts, 'knownAnswer'>> {
    if (this.#asked !== undefined) this.#decide(this.#asked, clocks);
    return { knownAnswer: this.#facts ?? 'undetermined' };
  }

  #decide(asked: Asked, { wallMs, steadyMs }: Clocks): void {
    const missing = this.#missing(asked);
    if (missing.length > 0 && steadyMs < asked.deadlineMs) return;
    this.#asked = undefined;
    if (missing.length === 0) this.#facts = { failures: 0 };
    else {
      const { failures = 0, sinceMs = asked.atMs } = this.#facts ?? {};
      this.#facts = {
        failures: failures + 1,
        sinceMs: failures === 0 ? asked.atMs : sinceMs,
        lastMs: wallMs,
        ...(asked.sent !== undefined && { missingIn: missing }),
      };
    }
  }

  /** After a commit that failed, what was read is read again. */
  async restart(state: StoredState): Promise<void> {
    if (this.#asked !== undefined) {
      const { atMs, deadlineMs } = this.#asked;
      this.#asked = { atMs, deadlineMs };
    }
    await this.source.restart(state);
  }

  #answer(asked: Asked, ledger: LedgerHead, nowMs: number): CommitBatch {
    const { name: gateway } = this.#settings.agent;
    const before = this.#store.trackedAlert(knownAnswerId(gateway));
    const lastNumber = before?.alert.count ?? 0;
    const alert = knownAnswer({ gateway, nowMs, askedMs: asked.atMs, lastNumber, ledger });
    const told = { count: alert.count, severity: alert.severity, atMs: nowMs };
    const tracked = { alert, told, openedMs: before?.openedMs ?? nowMs, touchedMs: nowMs };
    const sinks = this.#settings.sinks.filter(isForPrograms);
    const changes = { alerts: [tracked], notices: [{ kind: 'opened', because: 'first', alert }] } as const;
    const batch = toStore(changes, sinks);
    const entries = batch.outbox ?? [];
    const eventId = entries[0]?.eventId ?? '';
    this.#asked = { ...asked, sent: { eventId, sinks: entries.map(({ sink }) => sink) } };
    return batch;
  }

  /** Where the answer has not arrived; a name for nowhere while there is none. */
  #missing({ sent }: Asked): readonly string[] {
    if (sent === undefined) return ['nowhere'];
    const arrived = new Set(this.#store.queries.deliveredTo(sent.eventId));
    return sent.sinks.filter((it) => !arrived.has(it));
  }
}
