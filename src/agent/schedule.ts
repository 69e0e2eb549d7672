import { createTask, type ScheduledTask } from 'node-cron';
import type { Logger } from './logger.ts';
import { causeOf } from './report.ts';

/** Work that is done now and then. */
export interface Recurring {
  /** For the log: `geo update`. */
  readonly name: string;
  /** crontab(5), five fields, in the host's time zone. */
  readonly schedule: string;
  /** It begins up to so many ms later. */
  readonly jitterMs: number;
  readonly work: (signal: AbortSignal) => Promise<void>;
}

/** Runs recurring work beside the daemon. What fails is logged, and comes round again; nothing overlaps itself. */
export class Schedule {
  readonly #tasks: readonly ScheduledTask[];
  readonly #stopping = new AbortController();
  readonly #running = new Set<Promise<void>>();

  constructor(all: readonly Recurring[], logger: Logger) {
    this.#tasks = all.map(({ name, schedule, jitterMs, work }) =>
      createTask(schedule, () => this.#run(name, work, logger), {
        name,
        noOverlap: true,
        maxRandomDelay: jitterMs,
        suppressMissedWarning: true,
        logger: SILENT,
      }),
    );
  }

  start(): void {
    for (const task of this.#tasks) void task.start();
  }

  /** Aborts what is running and waits for it. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    for (const task of this.#tasks) await task.destroy();
    await Promise.allSettled(this.#running);
  }

  async #run(name: string, work: Recurring['work'], logger: Logger): Promise<void> {
    const { signal } = this.#stopping;
    if (signal.aborted) return;
    const running = work(signal).catch((error: unknown) => {
      if (!signal.aborted) logger.error({ task: name, because: causeOf(error) }, 'scheduled work failed');
    });
    this.#running.add(running);
    await running.finally(() => this.#running.delete(running));
  }
}

/** What it has to say, our own log says. */
const SILENT = { info: () => {}, warn: () => {}, error: () => {}, debug: () => {} };
