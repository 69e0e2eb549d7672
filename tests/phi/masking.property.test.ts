import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createMasker, type Masker } from '../../src/phi/masking.ts';
import { SHOWN_EXTENSIONS, SHOWN_LOG_WORDS, SHOWN_MEDIA_WORDS, SHOWN_WORDS } from '../../src/phi/shown-words.ts';
import { login, upload } from './examples.ts';

const masker = createMasker(Buffer.from('a key of this deployment alone'));

/** Common names, and names that are words as well. */
const NAMES = (
  'Smith Johnson Williams Garcia Nguyen Patel Kowalski Fitzgerald Okonkwo Rodriguez Jane Mary Maria James Robert Wei ' +
  'Case Young Long Park Chase Day May April June Rose Grace Bill Mark Will Page Price Post Read Home Church Temple Archer ' +
  'Person Media Guest Webb West North Fields Banks Wells Stone Rivers Woods Forest Brooks Hill Glen Dale Ford Lane Street ' +
  'Carter Cooper Mason Taylor Baker Cook Farmer Fisher Hunter Porter Sawyer Tanner Turner Weaver Wright Judge Bishop Pope ' +
  'King Prince Duke Earl Knight Major Marshall Sergeant Best Good Moody Gray Green Brown White Black Gold Silver Rusty Hope ' +
  'Faith Joy Charity Summer Autumn Winter Dawn Eve Christmas Sunday Monday March August Stow Frames Auth Rest Close Port'
).split(' ');

test('no list of words that are shown has a name in it', () => {
  for (const words of [SHOWN_WORDS, SHOWN_LOG_WORDS, SHOWN_EXTENSIONS, SHOWN_MEDIA_WORDS]) {
    const names = NAMES.filter((name) => words.has(name.toLowerCase()));
    expect(names).toEqual([]);
  }
});

const digits = (length: number) =>
  fc.array(fc.integer({ min: 0, max: 9 }), { minLength: length, maxLength: length }).map((them) => them.join(''));
const ssn = fc
  .tuple(digits(3), digits(2), digits(4), fc.constantFrom('-', '', '_', '.', ' '))
  .map(([area, group, serial, separator]) => [area, group, serial].join(separator));
const LETTERS = 'ACDEFGHJKMNPQRTUVWXY';
const letter = fc.constantFrom(...LETTERS);
const mbi = fc
  .tuple(
    fc.integer({ min: 1, max: 9 }),
    letter,
    letter,
    digits(1),
    letter,
    letter,
    digits(1),
    letter,
    letter,
    digits(2),
  )
  .map((parts) => parts.join(''))
  .chain((plain) => fc.constantFrom(plain, `${plain.slice(0, 4)}-${plain.slice(4, 7)}-${plain.slice(7)}`));
const mrn = fc.integer({ min: 5, max: 10 }).chain(digits);
/** Random letters, as a name of any language may be; not the letters of shapes alone. */
const randomName = fc
  .array(fc.constantFrom(...'abcdefghijklmnopqrstuvwxyzéüßñ王'), { minLength: 4, maxLength: 12 })
  .map((them) => them.join(''))
  .filter(
    (name) => !SHOWN_WORDS.has(name) && !SHOWN_LOG_WORDS.has(name) && !SHOWN_EXTENSIONS.has(name) && !/^x+$/.test(name),
  );
const secret = fc.oneof(ssn, mbi, mrn, randomName, fc.constantFrom(...NAMES));

const inAnyCase = (text: string) => fc.constantFrom(text, text.toUpperCase(), text.toLowerCase());
const percentEncoded = (text: string) =>
  fc
    .array(fc.boolean(), { minLength: text.length, maxLength: text.length })
    .map((encode) => [...text].map((char, at) => (encode[at] ? escaped(char) : encodeURIComponent(char))).join(''));

function escaped(char: string): string {
  return [...new TextEncoder().encode(char)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
}

const around = fc.constantFrom(
  '',
  '/',
  '/srv/sftp/outbound/',
  'charts/',
  'MRN_',
  'chart ',
  '_',
  '-',
  '.',
  'mrn=',
  'a~',
);
const behind = fc.constantFrom('', '/', '.pdf', '_20261124.pdf', '~1234', '/claims', ';v=1', ',', ' (1)');

/** As the analyst reads it, without tokens: a planted value may by chance be part of one. */
function readable(masked: string): string {
  return masked.replace(/~[0-9a-f]{8}/g, '').toLowerCase();
}

function expectGone(masked: string, value: string): void {
  const shown = readable(masked);
  expect(shown).not.toContain(value.toLowerCase());
  expect(shown).not.toContain(encodeURIComponent(value).toLowerCase());
}

const planted = secret.chain((value) =>
  fc.record({
    value: fc.constant(value),
    written: fc.oneof(inAnyCase(value), percentEncoded(value)),
    before: around,
    after: behind,
  }),
);

test('what is planted in a path, URL or user never comes out', () => {
  fc.assert(
    fc.property(planted, ({ value, written, before, after }) => {
      const text = `${before}${written}${after}`;
      expectGone(masker.maskPath(text), value);
      expectGone(masker.maskUser(text), value);
      expectGone(masker.maskLine(text), value);
      expectGone(masker.maskUrl(`https://upload.vendor.example/${text}`), value);
      expectGone(masker.maskUrl(`https://upload.vendor.example/in?q=${text}`), value);
      expectGone(masker.maskUrl(`https://${encodeURIComponent(text)}@upload.vendor.example/in#${text}`), value);
      expectGone(masker.maskUrl(text), value);
    }),
    { numRuns: 2000 },
  );
});

test('numbers and identifiers never come out of host names', () => {
  fc.assert(
    fc.property(fc.oneof(ssn, mbi, mrn), fc.constantFrom('', 'p', 'mrn-', 'a.'), (value, before) => {
      expectGone(masker.maskHost(`${before}${value}.vendor.example`), value);
      expectGone(masker.maskUrl(`http://${before}${value}.vendor.example/in`), value);
    }),
    { numRuns: 1000 },
  );
});

test('what is planted never comes out of a masked activity', () => {
  fc.assert(
    fc.property(planted, ({ value, written, before, after }) => {
      const text = `${before}${written}${after}`;
      const transfer = upload(`https://h.example/${text}?a=${text}`, {
        path: text,
        method: text,
        sender: { user: text },
        receiver: { user: text, ip: '203.0.113.9' },
        account: text,
        key: text,
      });
      const shown = { ...masker.maskActivity(transfer, { accountIsVendors: false }), time: '', bytes: 0, status: 0 };
      expectGone(JSON.stringify({ ...shown, receiver: { user: shown.receiver.user } }), value);
    }),
    { numRuns: 1000 },
  );
});

test('identifiers never come out of the account of a vendor', () => {
  fc.assert(
    fc.property(fc.oneof(ssn, mbi, mrn), (value) => {
      const account = `acme_${value}`;
      expectGone(masker.maskActivity({ ...login, account }, { accountIsVendors: true }).account ?? '', value);
    }),
  );
});

const anyText = fc.string({ unit: 'binary', maxLength: 300 });
const methods: readonly (readonly [string, (masker: Masker, text: string) => string])[] = [
  ['maskUrl', (it, text) => it.maskUrl(text)],
  ['maskPath', (it, text) => it.maskPath(text)],
  ['maskUser', (it, text) => it.maskUser(text)],
  ['maskHost', (it, text) => it.maskHost(text)],
  ['maskLine', (it, text) => it.maskLine(text)],
];

test.each(methods)('%s takes any text, gives printable characters only, and the same each time', (_, mask) => {
  fc.assert(
    fc.property(anyText, (text) => {
      const masked = mask(masker, text);
      expect(masked).toMatch(/^[\x20-\x7e…]*$/);
      expect(mask(masker, text)).toBe(masked);
      // Masked again it is masked again, and nothing worse.
      expect(mask(masker, masked)).toMatch(/^[\x20-\x7e…]*$/);
    }),
    { numRuns: 1000 },
  );
});

test('tokens are the same for the same text and differ between keys', () => {
  const other = createMasker(Buffer.from('the key of another deployment'));
  fc.assert(
    fc.property(randomName, (name) => {
      const [token] = /~[0-9a-f]{8}$/.exec(masker.maskPath(name)) ?? [];
      expect(token).toBeDefined();
      expect(masker.maskPath(`/outbound/${name}`).endsWith(token ?? 'none')).toBe(true);
      expect(masker.maskUser(name).endsWith(token ?? 'none')).toBe(true);
      expect(other.maskPath(name).endsWith(token ?? 'none')).toBe(false);
    }),
  );
});
