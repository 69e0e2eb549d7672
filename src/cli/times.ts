import { quote } from '../errors/field.ts';
import { OperatorError } from '../errors/problem.ts';

/** What an option says: a day or an instant. @returns ms since the epoch. @throws OperatorError `cli.bad-argument` */
export function parseTime(option: string, text: string): number {
  const isTime = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d))?$/.test(text);
  const ms = isTime ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(ms)) return ms;
  const what = `${option} ${quote(text)} is no time`;
  throw new OperatorError([{ code: 'cli.bad-argument', what, todo: 'write 2026-11-23 or 2026-11-23T14:00:00Z' }]);
}

/** `2026-11-23 12:41:10`. */
export function seconds(ms: number): string {
  return new Date(ms).toISOString().slice(0, 19).replace('T', ' ');
}
