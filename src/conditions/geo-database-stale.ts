import type { JudgedSubject } from './evaluate.ts';
import type { Facts } from './facts.ts';
import { countInWords, instantInWords } from './words.ts';

/** What addresses are located by is older than the operator allows: until newer files are taken up. */
export function geoDatabaseStale({ staleFiles, nowMs }: Facts): readonly JudgedSubject[] {
  const [oldest] = staleFiles;
  if (oldest === undefined) return [];
  const names = staleFiles.map(({ name, builtMs }) => `${name}, built ${new Date(builtMs).toISOString().slice(0, 10)}`);
  return [
    {
      subject: 'geo',
      verdict: {
        id: 'geo-database-stale',
        subject: 'geo',
        severity: 'medium',
        sinceMs: Math.min(...staleFiles.map(({ sinceMs }) => sinceMs)),
        lastMs: nowMs,
        count: staleFiles.length,
        words: () => ({
          title: 'The databases that addresses are located by are too old',
          explanation:
            `${countInWords(staleFiles.length, 'file')} older than geo.stale-after permits since ` +
            `${instantInWords(oldest.sinceMs)}: ${names.join('; ')}. ` +
            'Networks change hands and countries: old data may still accuse, and clear nobody, so that what would be at home by them is unknown.',
          nextSteps: [
            'Run phi-egress geo update, or put newer files into geo.directory; the alert closes when they are taken up.',
            'See phi-egress validate for every file with its age.',
            'If a file is of no use any more, remove it from geo.directory.',
          ],
        }),
      },
    },
  ];
}
