import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createClassifier } from '../../src/phi/classify.ts';
import { createMasker } from '../../src/phi/masking.ts';
import { file, get, noSettings, upload } from './examples.ts';

const classify = createClassifier({
  ...noSettings,
  systems: [{ name: 'staging', networks: [], paths: ['/srv/**/outbound/*.zip'] }],
});
const masker = createMasker(Buffer.from('a key of this deployment alone'));
const LENGTH = 64 * 1024;

/** Pieces that tables, scanners and expressions look for, over and over. */
const PIECES = [
  ...['/', 'a', '0', '%', '%4', '%41', '%ff', '-', '.', '_', '&', '=', '?', '#', '*', '\\', '\0', '\ud800', 'é', '😀'],
  ...[
    'mrn_',
    'mrn=1&',
    'mrn1',
    'ssn-',
    '078-05-',
    '078-05-1120',
    '1EG4-TE5-',
    '1EG4',
    'E11.',
    'dob=19',
    '837_',
    '837-',
    'ADT_',
  ],
  ...[
    'Patient/',
    'fhir/',
    '$export/',
    'studies/',
    'studies/1.',
    '1.',
    '2026-',
    '20261124',
    'op-',
    'http://',
    '://',
    '@',
    ':443',
  ],
];

test.each(PIECES)('64 KiB of "%s" are classified and masked in time proportionate to their length', (piece) => {
  const hostile = piece.repeat(Math.ceil(LENGTH / piece.length));
  const before = performance.now();
  classify(upload(hostile, { path: hostile, contentType: hostile, dlp: { engine: hostile } }), undefined);
  classify(get(`https://x.example/${hostile}?${hostile}`), undefined);
  classify(file(`/srv/${hostile}`), undefined);
  masker.maskUrl(hostile);
  masker.maskUrl(`https://${hostile}/${hostile}`);
  masker.maskPath(hostile);
  masker.maskHost(hostile);
  masker.maskUser(hostile);
  masker.maskLine(hostile);
  expect(performance.now() - before).toBeLessThan(1000);
});

test('any text is classified, with a score and axes from 0 to 1 and a basis exactly when it is called PHI', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 200 }),
    fc.array(fc.constantFrom(...PIECES), { maxLength: 30 }).map((pieces) => pieces.join('')),
  );
  fc.assert(
    fc.property(text, text, text, (url, path, contentType) => {
      const { strength, basis, score, axes, indicators } = classify(upload(url, { path, contentType }), undefined);
      for (const value of [score, axes.identifier, axes.healthContext]) {
        expect(value).toBeGreaterThanOrEqual(0);
        expect(value).toBeLessThanOrEqual(1);
      }
      expect(basis === undefined).toBe(strength === 'none');
      const names = indicators.map((it) => `${it.class} ${it.axis}`);
      expect(new Set(names).size).toBe(names.length);
    }),
    { numRuns: 2000 },
  );
});

test('what stands behind the first 8 KiB is not examined', () => {
  const padding = 'a'.repeat(8192);
  expect(classify(get(`https://x.example/${padding}/1EG4TE5MK73`), undefined).strength).toBe('none');
  expect(classify(get(`https://x.example/1EG4TE5MK73/${padding}`), undefined).strength).toBe('likely');
});
