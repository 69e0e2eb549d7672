import type { ClockReading } from '../coverage/clock-jump.ts';

/** The clocks by which the agent watches itself, handed in so that tests need not wait. */
export interface AgentClock {
  read(): ClockReading;
}

export const SYSTEM_CLOCKS: AgentClock = { read: () => ({ wallMs: Date.now(), steadyMs: performance.now() }) };
