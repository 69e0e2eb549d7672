import { validate } from 'node-cron';
import { field, quote, type Refuse } from '../errors/field.ts';
import { nearest } from '../errors/nearest.ts';

const MS_PER_UNIT = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const DAY_MS = MS_PER_UNIT.d;
const DATE = { pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}$', examples: ['2026-12-31'] };

/** `90d` in the file, ms past this line. Never 0. */
export const durationMs = field(
  (text, refuse) => {
    const [, digits, unit] = /^([1-9]\d{0,5})([smhd])$/.exec(text) ?? [];
    if (digits === undefined) return refuse(`${quote(text)} is no duration`, 'write a number and s, m, h or d: 15m');
    return Number(digits) * MS_PER_UNIT[unit as keyof typeof MS_PER_UNIT];
  },
  { pattern: '^[1-9][0-9]{0,5}[smhd]$', examples: ['30s', '15m', '24h', '90d'] },
);

/** A time-table as crontab(5) has it, five fields, in the time zone of the host. */
export const cronSchedule = field(
  (text, refuse) => {
    const fields = text.trim().split(/\s+/);
    if (fields.length === 5 && validate(text)) return fields.join(' ');
    return refuse(
      `${quote(text)} is no schedule`,
      'write minute, hour, day of month, month and day of week: 17 4 * * 3 is Wednesdays at 04:17',
    );
  },
  { examples: ['17 4 * * 3', '*/30 * * * *'] },
);

/** The first instant of a day, UTC, in ms since the epoch. */
export const dayStartMs = field(startOfDay, DATE);

/** The first instant after a day, UTC, in ms since the epoch: whatever holds until a day holds all through it. */
export const dayEndMs = field((text, refuse) => startOfDay(text, refuse) + DAY_MS, DATE);

/** An IANA time zone. */
export const timeZone = field((text, refuse) => {
  if (text === 'UTC' || (/[A-Za-z]/.test(text) && isTimeZone(text))) return text;
  const meant = nearest(text, Intl.supportedValuesOf('timeZone'));
  return refuse(
    `Cannot find time zone ${quote(text)}`,
    `write ${meant === undefined ? 'UTC or an IANA name such as America/New_York' : `"${meant}"`}`,
  );
});

function startOfDay(text: string, refuse: Refuse): number {
  const timeMs = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  const exists = !Number.isNaN(timeMs) && new Date(timeMs).toISOString().startsWith(text);
  return exists ? timeMs : refuse(`${quote(text)} is no date`, 'write year, month and day: 2026-12-31');
}

function isTimeZone(text: string): boolean {
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: text });
    return true;
  } catch {
    return false;
  }
}
