/** Two clocks, read together. */
export interface ClockReading {
  /** The time of day, ms since the epoch. It can be set, and runs on while the machine sleeps. */
  readonly wallMs: number;
  /** ms since some moment. It cannot be set, and stands still while the machine sleeps (clock_gettime(2), CLOCK_MONOTONIC). */
  readonly steadyMs: number;
}

/** The clock went by another amount than time did. */
export interface ClockJump {
  readonly kind: 'clock-forward' | 'clock-backward';
  /** The span that was left out, or that came twice: ms since the epoch, by the clock. */
  readonly fromMs: number;
  readonly untilMs: number;
}

/** NTP slews below half a second or so and steps above; what is less than this is of no weight in a log. */
export const LEAST_JUMP_MS = 5_000;

/** Whether the clock was set between two readings, or the machine slept. */
export function jumpBetween(before: ClockReading, now: ClockReading): ClockJump | undefined {
  const expectedMs = Math.round(before.wallMs + (now.steadyMs - before.steadyMs));
  if (Math.abs(now.wallMs - expectedMs) < LEAST_JUMP_MS) return undefined;
  return now.wallMs > expectedMs
    ? { kind: 'clock-forward', fromMs: expectedMs, untilMs: now.wallMs }
    : { kind: 'clock-backward', fromMs: now.wallMs, untilMs: expectedMs };
}
