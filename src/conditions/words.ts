/** `2026-11-25 14:00:00 UTC`. */
export function instantInWords(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

const UNITS = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1_000],
] as const;

/** `2 days 4 hours`, `30 minutes`, `less than a second`: its two largest units, cut, not rounded. */
export function durationInWords(ms: number): string {
  const at = UNITS.findIndex(([, unitMs]) => ms >= unitMs);
  if (at < 0) return 'less than a second';
  let rest = ms;
  const parts = UNITS.slice(at, at + 2).map(([name, unitMs]) => {
    const number = Math.floor(rest / unitMs);
    rest -= number * unitMs;
    return number === 0 ? undefined : `${number} ${name}${number === 1 ? '' : 's'}`;
  });
  return parts.filter((it) => it !== undefined).join(' ');
}

/** `1 line`, `1,204 lines`. */
export function countInWords(count: number, noun: string): string {
  return `${count.toLocaleString('en-US')} ${noun}${count === 1 ? '' : 's'}`;
}
