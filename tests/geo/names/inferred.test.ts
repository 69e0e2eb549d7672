import { expect, test } from 'vitest';
import { describeLocation, type Location } from '../../../src/geo/location.ts';
import { inferLocation } from '../../../src/geo/names/inferred.ts';
import type { Resolution } from '../../../src/geo/names/resolution.ts';
import { type Country, country } from '../../../src/net/country.ts';

const AT = Date.UTC(2026, 10, 25);

function codeOf(code: string): Country {
  const known = country(code);
  if (known === undefined) throw new Error(`${code} is no country`);
  return known;
}

/** By the address's last number. */
const PLACES: Readonly<Record<string, Location>> = {
  '192.0.2.1': {
    standing: 'certain',
    country: codeOf('US'),
    address: '192.0.2.1',
    evidence: [{ step: 'cloud-range', source: 'ip-ranges.json', said: 'US: us-east-1' }],
  },
  '192.0.2.2': { standing: 'likely', country: codeOf('US'), evidence: [] },
  '192.0.2.3': { standing: 'likely', country: codeOf('IN'), evidence: [] },
  '192.0.2.4': { standing: 'edge', evidence: [] },
  '192.0.2.5': { standing: 'unknown', evidence: [] },
  '192.0.2.6': { standing: 'internal', evidence: [] },
  '192.0.2.7': { standing: 'disputed', countries: [codeOf('US'), codeOf('CA')], evidence: [] },
  '192.0.2.8': { standing: 'unknown', lastKnown: [codeOf('IN')], evidence: [] },
};

function infer(...addresses: readonly string[]): Location {
  const [first = '', ...others] = addresses;
  const resolution: Resolution = { kind: 'answered', addresses: [first, ...others], atMs: AT, by: '10.0.0.53' };
  return inferred(resolution);
}

function inferred(resolution: Resolution | undefined): Location {
  const locate = (ip: string): Location => PLACES[ip] ?? { standing: 'unknown', evidence: [] };
  return inferLocation(resolution, { locate }, { host: 'acme.example', atMs: AT, missing: 'no address' });
}

test.each([
  ['certain for an address is likely for a name', ['192.0.2.1', '192.0.2.2'], 'likely US'],
  ['one address abroad is enough for doubt', ['192.0.2.2', '192.0.2.3'], 'disputed US or IN'],
  ['all abroad', ['192.0.2.3'], 'likely IN'],
  ['one that is an edge hides all', ['192.0.2.2', '192.0.2.4'], 'edge edge'],
  ['one that is unknown', ['192.0.2.2', '192.0.2.5'], 'unknown unknown'],
  ['an address of our own and one that is not', ['192.0.2.2', '192.0.2.6'], 'unknown unknown'],
  ['only addresses of our own', ['192.0.2.6'], 'internal internal'],
  ['a disputed one adds its countries', ['192.0.2.2', '192.0.2.7'], 'disputed US or CA'],
  ['one by data that are too old', ['192.0.2.2', '192.0.2.8'], 'unknown unknown'],
])('%s', (_, addresses, expected) => {
  const location = infer(...addresses);
  expect(`${location.standing} ${describeLocation(location)}`).toBe(expected);
});

test('the evidence tells the resolver, the time and all answers, and is marked as inferred', () => {
  expect(infer('192.0.2.1', '192.0.2.2')).toEqual({
    standing: 'likely',
    country: 'US',
    decidedBy: 'name',
    evidence: [
      { step: 'log', source: 'log', said: 'no address' },
      {
        step: 'name',
        source: 'DNS 10.0.0.53',
        said: 'the name answered 192.0.2.1, 192.0.2.2 at 2026-11-25T00:00:00.000Z',
        inferred: true,
      },
      { step: 'cloud-range', source: 'ip-ranges.json', said: '192.0.2.1: US: us-east-1', inferred: true },
    ],
  });
});

test('what is not known yet, has no address or could not be asked is unknown', () => {
  const of = { atMs: AT, by: '10.0.0.53' };
  expect(inferred(undefined)).toEqual({
    standing: 'unknown',
    evidence: [{ step: 'log', source: 'log', said: 'no address' }],
  });
  expect(inferred({ ...of, kind: 'none' }).standing).toBe('unknown');
  expect(inferred({ ...of, kind: 'failed', because: 'nobody answers' }).evidence.at(-1)?.said).toBe(
    'the name could not be looked up: nobody answers at 2026-11-25T00:00:00.000Z',
  );
});
