import { expect, test } from 'vitest';
import type { Location } from '../../src/geo/location.ts';
import type { Permission } from '../../src/geo/residency.ts';
import type { Country } from '../../src/net/country.ts';
import type { Assessment } from '../../src/phi/assessment.ts';
import type { Indicator } from '../../src/phi/indicator.ts';
import type { Finding } from '../../src/rules/finding.ts';
import { judge } from '../../src/rules/judge.ts';
import { bytesInWords, permissionInWords, placement } from '../../src/rules/words.ts';
import {
  access,
  acme,
  assessed,
  disputed,
  IN,
  inIndia,
  masked,
  PH,
  presumed,
  residency,
  settings,
  transfer,
  US,
  unknown,
  unregistered,
} from './cases.ts';

function findingOf(assessment: Assessment): Finding {
  const [finding] = judge(assessment, () => masked(assessment), settings).flatMap(({ finding }) => finding ?? []);
  if (finding === undefined) throw new Error('No rule fired');
  return finding;
}

const explained = (assessment: Assessment) => findingOf(assessment).explanation;
const unsized = (({ bytes: _, ...it }) => it)(transfer);
const undetermined = { residency: residency('undetermined') } as const;
const login = assessed({ activity: access, vendor: { vendor: acme, by: 'account', entry: 'acme_sftp' } });

const said = (...answers: string[]): Location['evidence'] =>
  answers.map((it, index) => ({ step: 'database', source: `database ${index}`, said: it }));

test.each<[string, Location, string]>([
  ['all that were asked', inIndia, '2 databases were asked and place it in India (IN)'],
  [
    'the only one',
    { standing: 'likely', country: IN, evidence: said('IN') },
    'one database was asked and places it in India (IN)',
  ],
  [
    'one of two: the other does not vouch for it',
    { standing: 'likely', country: IN, evidence: said('no entry', 'IN') },
    '1 of 2 databases asked places it in India (IN), the rest cannot tell',
  ],
  [
    'the operator',
    { standing: 'certain', country: IN, evidence: said('US') },
    "it is in India (IN) by the operator's own record",
  ],
  ['nobody in one voice', disputed, 'the databases disagree: the United States (US) or India (IN)'],
  ['nobody, and why', { standing: 'unknown', evidence: said('no entry') }, 'its location cannot be told (no entry)'],
  [
    'nobody: it is in many places',
    { standing: 'edge', evidence: [] },
    'it is an edge, which does not show where the data ends up',
  ],
])('a place is that of %s', (_, location, words) => {
  expect(placement(location)).toBe(words);
});

test.each<[string, Assessment, string]>([
  ['delivered', assessed(), 'PHI left the permitted territory'],
  [
    'attempted',
    assessed({ activity: { ...transfer, reach: 'attempted' } }),
    'PHI may have left the permitted territory',
  ],
  [
    'an indicator',
    assessed({ activity: { ...unsized, vehicle: 'tunnel', protocol: 'tunnel' } }),
    'PHI may have left the permitted territory',
  ],
  ['of concern', assessed({ residency: residency('concern') }), 'PHI went to a country of concern'],
  [
    'of concern, with hardly a sign of PHI',
    assessed({ residency: residency('concern'), phi: { ...presumed, strength: 'possible' } }),
    'PHI may have gone to a country of concern',
  ],
  ['unregistered', unregistered(), 'PHI went to an endpoint that is no registered vendor'],
  [
    'unregistered, attempted',
    unregistered({ activity: { ...transfer, reach: 'attempted' } }),
    'PHI may have gone to an endpoint that is no registered vendor',
  ],
  ['undetermined', assessed({ location: disputed, ...undetermined }), 'It cannot be told where PHI went'],
  [
    'an undetermined login',
    assessed({ activity: access, location: disputed, ...undetermined }),
    'It cannot be told where a vendor logged in from',
  ],
  ['a login', login, 'A vendor logged in from outside the permitted territory'],
])('a title says no more than is proved: %s', (_, assessment, title) => {
  expect(findingOf(assessment).title).toBe(title);
});

test.each<[string, Assessment, string]>([
  [
    'a transfer that was attempted',
    assessed({ activity: { ...transfer, reach: 'attempted' } }),
    'A transfer of 1,048,576 bytes (1.0 MiB) to Acme Medical Coding was attempted over https at upload.acme.example, 203.0.113.9; ',
  ],
  [
    'a tunnel of unknown size',
    assessed({ activity: { ...unsized, vehicle: 'tunnel', protocol: 'tunnel' } }),
    'Acme Medical Coding was sent an unknown number of bytes through a CONNECT tunnel at upload.acme.example, 203.0.113.9; ',
  ],
  [
    'a download by a vendor’s account',
    assessed({
      activity: {
        ...transfer,
        part: 'to-client',
        protocol: 'sftp',
        vehicle: 'file',
        receiver: { ip: '203.0.113.9', user: 'acme_sftp' },
        account: 'acme_sftp',
      },
    }),
    'Acme Medical Coding received 1,048,576 bytes (1.0 MiB) over sftp as account acme_sftp at 203.0.113.9; ',
  ],
  [
    'a receiver without a name',
    unregistered({ activity: { ...transfer, reach: 'attempted', receiver: {} }, location: unknown, ...undetermined }),
    'A transfer of 1,048,576 bytes (1.0 MiB) to somebody whom the log does not name was attempted over https; ',
  ],
  ['a login', login, 'Acme Medical Coding logged in over ssh as account acme_sftp from 203.0.113.9; '],
  [
    'a login that only an address puts to a vendor',
    assessed({ activity: access, vendor: { vendor: acme, by: 'network', entry: '203.0.113.0/24' } }),
    'Somebody at an address of Acme Medical Coding logged in over ssh as account acme_sftp from 203.0.113.9; ',
  ],
  [
    'a login from an address that is not told',
    assessed({
      activity: { ...access, receiver: { user: 'acme_sftp' } },
      vendor: { vendor: acme, by: 'account', entry: 'acme_sftp' },
      location: unknown,
      ...undetermined,
    }),
    'Acme Medical Coding logged in over ssh as account acme_sftp from an address that the log does not tell; ',
  ],
])('what happened, in words: %s', (_, assessment, words) => {
  expect(explained(assessment).slice(0, words.length)).toBe(words);
});

test('of a login nobody says that it carried PHI, or asks what the files were', () => {
  const { explanation, nextSteps } = findingOf(assessed({ activity: access, location: disputed, ...undetermined }));
  expect(explanation).not.toMatch(/PHI/);
  expect(explanation).toContain('Whoever logs in can read what the account may read.');
  expect(nextSteps.join(' ')).not.toMatch(/files/);
});

test('a login from a country of concern is called that, and no agreement is said to permit it', () => {
  const { explanation } = findingOf({ ...login, residency: residency('concern') });
  expect(explanation).toContain('That is a country of concern');
  expect(explanation).not.toContain('Access is permitted from');
});

test('where the address is missing, the steps are to find it, not to ask another database', () => {
  const nowhere = { ...transfer, receiver: { host: 'upload.acme.example' } };
  const steps = findingOf(assessed({ activity: nowhere, location: unknown, ...undetermined })).nextSteps.join('\n');
  expect(steps).toContain('Look for the address elsewhere');
  expect(steps).not.toMatch(/geo/);
  const located = findingOf(assessed({ location: disputed, ...undetermined })).nextSteps.join('\n');
  expect(located).toContain('geo.overrides');
});

test('a vendor that receives other data too is not said to receive nothing but PHI', () => {
  const mixed: Indicator = {
    class: 'vendor-carries-some-phi',
    axis: 'health-context',
    weight: 0.4,
    seenIn: 'vendor',
    says: 'Acme Medical Coding is declared to receive PHI among other data',
  };
  const file: Indicator = { ...mixed, class: 'record-word', seenIn: 'url-path', says: 'name of a record' };
  const words = explained(assessed({ phi: { ...presumed, indicators: [mixed, file] } }));
  expect(words).toContain(
    'It is presumed to be PHI by all that is known of it together: Acme Medical Coding is declared to receive PHI among other data; name of a record.',
  );
});

test('an exception stands beside what was agreed, not in its place', () => {
  const permission: Permission = {
    kind: 'exception',
    exception: {
      vendor: 'acme',
      country: 'CA' as Country,
      untilMs: 0,
      reason: 'amendment 3',
      approvedBy: 'privacy office',
    },
  };
  expect(permissionInWords(permission)).toBe(
    'CA, besides what is agreed, by exception (amendment 3, approved by privacy office)',
  );
});

test.each([
  [1, '1 byte'],
  [1023, '1,023 bytes'],
  [1024, '1,024 bytes (1.0 KiB)'],
  [1_610_612_736, '1,610,612,736 bytes (1.5 GiB)'],
])('%d is %s', (bytes, words) => {
  expect(bytesInWords(bytes)).toBe(words);
});

test('databases that disagree the other way round make the same alert', () => {
  const key = (countries: readonly [Country, Country]) =>
    findingOf(assessed({ location: { standing: 'disputed', countries, evidence: [] }, ...undetermined })).dedupeKey;
  expect(key([US, PH])).toBe('location-undetermined|acme|PH or US|to-server');
  expect(key([PH, US])).toBe(key([US, PH]));
});

test('the addresses that one machine takes in turn make one alert, and so do those of one account', () => {
  const key = (ip: string, account?: string) =>
    findingOf(unregistered({ activity: { ...transfer, receiver: { ip }, ...(account !== undefined && { account }) } }))
      .dedupeKey;
  expect(key('2001:470:1:2:a::1')).toBe('phi-to-unregistered-endpoint|2001:470:1:2::/64|IN|to-server');
  expect(key('2001:470:1:2:b::9')).toBe(key('2001:470:1:2:a::1'));
  expect(key('2001:470:1:3::1')).not.toBe(key('2001:470:1:2::1'));
  expect(key('9.9.9.9')).toBe('phi-to-unregistered-endpoint|9.9.9.9|IN|to-server');
  expect(key('9.9.9.9', 'xxx~12345678')).toBe('phi-to-unregistered-endpoint|xxx~12345678|IN|to-server');
});

test('an address that was unwrapped is grouped by the one within', () => {
  const wrapped = unregistered({
    activity: { ...transfer, receiver: { ip: '64:ff9b::909:909' } },
    location: { ...inIndia, address: '9.9.9.9' },
  });
  expect(findingOf(wrapped).dedupeKey).toBe('phi-to-unregistered-endpoint|9.9.9.9|IN|to-server');
});

test('whoever is told of an edge is not sent to look for a further database', () => {
  const steps = (location: Location) => findingOf(assessed({ location, ...undetermined })).nextSteps;
  expect(steps({ standing: 'unknown', evidence: [] })[0]).toBe(
    'Ask Acme Medical Coding to state in writing in which country its end of this connection is.',
  );
  expect(steps({ standing: 'unknown', evidence: [] })[1]).toMatch(/^Put a further database, or the range file/);
  expect(steps({ standing: 'edge', evidence: [] }).slice(0, 2)).toEqual([
    'Ask Acme Medical Coding to state in writing in which country the servers behind this edge are.',
    'If the address is known to be in permitted territory, record it under geo.overrides with the reason.',
  ]);
});
