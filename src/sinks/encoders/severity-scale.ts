import type { Severity } from '../../rules/severity.ts';

/** One judgement, as each format writes it. They differ in range, and syslog in direction. */
interface Scale {
  /** 0 to 100: the middle of the band that the word stands for. */
  readonly score: number;
  /** CEF implementation standard: 0-3 low, 4-6 medium, 7-8 high, 9-10 very high. */
  readonly cef: number;
  /** LEEF `sev`: 1 to 10. */
  readonly leef: number;
  /** RFC 5424 section 6.2.1: 2 critical, 3 error, 4 warning, 5 notice, 6 informational. */
  readonly syslog: number;
}

export const SEVERITY_SCALES: Readonly<Record<Severity, Scale>> = {
  info: { score: 10, cef: 1, leef: 1, syslog: 6 },
  low: { score: 30, cef: 3, leef: 3, syslog: 5 },
  medium: { score: 55, cef: 5, leef: 5, syslog: 4 },
  high: { score: 80, cef: 8, leef: 8, syslog: 3 },
  critical: { score: 95, cef: 10, leef: 10, syslog: 2 },
};
