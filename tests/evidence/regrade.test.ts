import { expect, test } from 'vitest';
import { type Present, regrade } from '../../src/evidence/regrade.ts';
import type { Location } from '../../src/geo/location.ts';
import type { Locator } from '../../src/geo/locator.ts';
import { type Country, country } from '../../src/net/country.ts';
import type { Finding } from '../../src/rules/finding.ts';
import type { Vendor } from '../../src/vendors/vendor.ts';
import { finding } from '../alerts/findings.ts';

function codeOf(code: string): Country {
  const known = country(code);
  if (known === undefined) throw new Error(`${code} is no country`);
  return known;
}

function likely(code: string): Location {
  return { standing: 'likely', country: codeOf(code), address: '13.232.1.9', evidence: [] };
}

function acme(...codes: readonly string[]): Vendor {
  return {
    id: 'acme',
    name: 'Acme',
    terms: [{ territory: { name: 'agreed', countries: new Set(codes.map(codeOf)) }, covers: new Set(['storage']) }],
    declared: { networks: [], asns: [] },
    endpoints: { domains: ['acme.example'], networks: [], accounts: [], keys: [] },
    carries: 'phi',
  };
}

/** Where everything is at `place` now. */
function present(place: Location, ...vendors: readonly Vendor[]): Present {
  return {
    locator: { locate: () => place, databases: [], ranges: [] },
    vendors: new Map(vendors.map((it) => [it.id, it])),
    exceptions: [],
    residency: { default: { name: 'us', countries: new Set([codeOf('US')]) }, concern: new Set([codeOf('CN')]) },
  };
}

const OUTSIDE: Finding = {
  ...finding({ id: 'f-1', dedupeKey: 'acme' }),
  vendor: { id: 'acme', name: 'Acme', matched: 'domain acme.example' },
  location: likely('IN'),
  residency: 'outside',
};
const DISPUTED: Location = { standing: 'disputed', countries: [codeOf('US'), codeOf('IN')], evidence: [] };
const TURNED: Location = { standing: 'disputed', countries: [codeOf('IN'), codeOf('US')], evidence: [] };
const UNDETERMINED: Finding = { ...OUTSIDE, location: DISPUTED, residency: 'undetermined' };
const OVERRIDDEN: Location = { standing: 'certain', country: codeOf('US'), decidedBy: 'override', evidence: [] };

test.each<[string, Finding, Present, object]>([
  ['the databases say what they said', OUTSIDE, present(likely('IN'), acme()), { kind: 'same' }],
  ['they say another country that is not permitted either', OUTSIDE, present(likely('PH'), acme()), { kind: 'moved' }],
  ['they say home', OUTSIDE, present(likely('US'), acme()), { kind: 'flips', to: 'home', by: 'databases' }],
  [
    'they say a country of concern',
    OUTSIDE,
    present(likely('CN'), acme()),
    { kind: 'flips', to: 'concern', by: 'databases' },
  ],
  ['they disagree now', OUTSIDE, present(DISPUTED, acme()), { kind: 'flips', to: 'undetermined', by: 'databases' }],
  ['they disagreed, and agree now', UNDETERMINED, present(likely('IN'), acme()), { kind: 'flips', to: 'outside' }],
  ['they disagree the other way round', UNDETERMINED, present(TURNED, acme()), { kind: 'same' }],
  [
    'the operator has said since where it is',
    OUTSIDE,
    present(OVERRIDDEN, acme()),
    { kind: 'flips', to: 'home', by: 'override' },
  ],
  [
    'only the terms are others',
    OUTSIDE,
    present(likely('IN'), acme('IN')),
    { kind: 'flips', to: 'permitted', by: 'terms' },
  ],
  ['the vendor is gone', OUTSIDE, present(likely('IN')), { kind: 'cannot' }],
])('%s', (_, stored, now, outcome) => {
  expect(regrade(stored, now)).toMatchObject(outcome);
});

test('a finding without an address cannot be judged again: names point elsewhere today', () => {
  const { ip: _, ...receiver } = OUTSIDE.activity.receiver;
  const nameless = { ...OUTSIDE, activity: { ...OUTSIDE.activity, receiver } };
  expect(regrade(nameless, present(likely('US'), acme()))).toEqual({
    kind: 'cannot',
    because: 'the log had no address, and where a name points now says nothing about then',
  });
});

test('the address is located at the time of the finding', () => {
  const asked: unknown[] = [];
  const locator: Locator = {
    locate: (...question) => {
      asked.push(question.slice(0, 2));
      return likely('IN');
    },
    databases: [],
    ranges: [],
  };
  regrade(OUTSIDE, { ...present(likely('IN'), acme()), locator });
  expect(asked).toEqual([[OUTSIDE.activity.receiver.ip, OUTSIDE.timeMs]]);
});
