import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readPublicKey, refuseSignature } from '../../../src/geo/updates/minisign.ts';

/** Made by minisign 0.11: `minisign -S -m file.txt`, with `-l` for the legacy form. */
const read = (name: string) => readFileSync(new URL(`../../fixtures/minisign/${name}`, import.meta.url));
const FILE = read('file.txt');
const SIGNATURE = read('file.txt.minisig').toString();
const KEY = keyIn('signer.pub');

function keyIn(name: string) {
  const key = readPublicKey(read(name).toString().split('\n')[1] ?? '');
  if (key === undefined) throw new Error(`${name} holds no key`);
  return key;
}

test.each(['file.txt.minisig', 'file.txt.legacy.minisig'])('what minisign signed is taken: %s', (name) => {
  expect(refuseSignature(FILE, read(name).toString(), [keyIn('other.pub'), KEY])).toBeUndefined();
});

test('another file is refused', () => {
  expect(refuseSignature(Buffer.from('carried on a stick!\n'), SIGNATURE, [KEY])).toBe('its signature does not match');
});

test("another's signature is refused", () => {
  const signature = read('file.txt.other.minisig').toString();
  expect(refuseSignature(FILE, signature, [KEY])).toBe(
    'it is signed with a key that geo.update.signed-by does not list',
  );
});

test('a comment that was changed after signing is refused', () => {
  const changed = SIGNATURE.replace('for the test', 'for the tast');
  expect(refuseSignature(FILE, changed, [KEY])).toBe('its signature does not match');
});

test('a signature in which any one character was changed is refused', () => {
  // The untrusted comment is what its name says, and what comes after the last line is nothing.
  const signed = SIGNATURE.indexOf('\n') + 1;
  const last = SIGNATURE.trimEnd().length - 1;
  fc.assert(
    fc.property(fc.integer({ min: signed, max: last }), fc.constantFrom('A', 'z', '/', ' ', '\n'), (at, letter) => {
      fc.pre(SIGNATURE[at] !== letter);
      const changed = SIGNATURE.slice(0, at) + letter + SIGNATURE.slice(at + 1);
      return refuseSignature(FILE, changed, [KEY]) !== undefined;
    }),
    { numRuns: 500 },
  );
});

test('whatever stands in place of a signature or a key is refused, and nothing throws', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(refuseSignature(FILE, text, [KEY])).toBe('its signature is not of minisign');
      expect(readPublicKey(text)).toBeUndefined();
    }),
  );
});
