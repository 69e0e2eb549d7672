import { expect, test } from 'vitest';
import type { Assessment } from '../../src/phi/assessment.ts';
import { RULES } from '../../src/rules/catalogue.ts';
import { judge } from '../../src/rules/judge.ts';
import type { RulesSettings } from '../../src/rules/settings.ts';
import {
  access,
  acme,
  assessed,
  disputed,
  masked,
  noPhi,
  presumed,
  residency,
  settings,
  transfer,
  unknown,
  unregistered,
} from './cases.ts';

const findings = (assessment: Assessment, own: Partial<RulesSettings> = {}) =>
  judge(assessment, () => masked(assessment), { ...settings, ...own }).flatMap(({ finding }) => finding ?? []);

const outcome = (assessment: Assessment, own: Partial<RulesSettings> = {}) =>
  findings(assessment, own).map(({ rule, severity, claim }) => `${rule} ${severity} ${claim}`);

test.each<[string, Assessment, string[]]>([
  ['PHI delivered to a vendor outside', assessed(), ['phi-outside-territory high delivered']],
  [
    'PHI whose delivery is not proved',
    assessed({ activity: { ...transfer, reach: 'attempted' } }),
    ['phi-outside-territory medium attempted'],
  ],
  [
    'a tunnel of unknown size',
    assessed({ activity: (({ bytes: _, ...it }) => ({ ...it, vehicle: 'tunnel' as const }))(transfer) }),
    ['phi-outside-territory medium indicator'],
  ],
  [
    'a tunnel that carried no more than a handshake',
    assessed({ activity: { ...transfer, vehicle: 'tunnel', bytes: 1200 } }),
    ['phi-outside-territory medium indicator'],
  ],
  [
    'a tunnel that carried a megabyte',
    assessed({ activity: { ...transfer, vehicle: 'tunnel' } }),
    ['phi-outside-territory high delivered'],
  ],
  ['a vendor outside, nothing that says PHI', assessed({ phi: noPhi }), []],
  ['a vendor outside, PHI below the threshold', assessed({ phi: { ...presumed, strength: 'possible' } }), []],
  ['a vendor at home', assessed({ residency: residency('home') }), []],
  ['a vendor where its terms permit', assessed({ residency: residency('permitted') }), []],
  ['an internal address', assessed({ residency: residency('not-public') }), []],
  [
    'PHI to a country of concern',
    assessed({ residency: residency('concern') }),
    ['phi-to-country-of-concern critical delivered'],
  ],
  [
    'possible PHI to a country of concern, though below the threshold, and unregistered',
    unregistered({ residency: residency('concern'), phi: { ...presumed, strength: 'possible' } }),
    ['phi-to-country-of-concern critical delivered'],
  ],
  ['no PHI to a country of concern', unregistered({ residency: residency('concern'), phi: noPhi }), []],
  [
    'PHI to a vendor at a disputed address',
    assessed({ location: disputed, residency: residency('undetermined') }),
    ['location-undetermined medium delivered'],
  ],
  [
    'a vendor that logs in from an unknown address',
    assessed({ activity: access, location: unknown, residency: residency('undetermined') }),
    ['location-undetermined medium accessed'],
  ],
  ['a vendor that logs in from outside', assessed({ activity: access }), ['vendor-access-from-outside high accessed']],
  [
    'a vendor that logs in from a country of concern',
    assessed({ activity: access, residency: residency('concern') }),
    ['vendor-access-from-outside critical accessed'],
  ],
  [
    'a vendor without PHI that logs in from outside',
    assessed({ activity: access, vendor: { vendor: { ...acme, carries: 'none' }, by: 'account', entry: 'acme_sftp' } }),
    [],
  ],
  ['somebody unregistered who logs in from outside', unregistered({ activity: access }), []],
  ['PHI to an unregistered endpoint abroad', unregistered(), ['phi-to-unregistered-endpoint high delivered']],
  [
    'PHI to an unregistered endpoint at an unknown place',
    unregistered({ location: unknown, residency: residency('undetermined') }),
    ['phi-to-unregistered-endpoint medium delivered'],
  ],
  [
    'PHI to somebody whom the log does not name at all',
    unregistered({
      activity: { ...transfer, receiver: {} },
      location: unknown,
      residency: residency('undetermined'),
    }),
    ['location-undetermined medium delivered'],
  ],
  [
    'a login by nobody’s account from an address that the log does not tell',
    unregistered({
      activity: { ...access, receiver: { user: 'bob' }, account: 'bob' },
      location: unknown,
      residency: residency('undetermined'),
    }),
    [],
  ],
  ['no PHI to an unregistered endpoint abroad', unregistered({ phi: noPhi }), []],
])('%s', (_, assessment, expected) => {
  expect(outcome(assessment)).toEqual(expected);
});

test('the severity of an undetermined location is the operator’s', () => {
  const somewhere = assessed({ location: disputed, residency: residency('undetermined') });
  expect(outcome(somewhere, { onDisputed: 'high' })).toEqual(['location-undetermined high delivered']);
});

test('a rule can be turned off, and given another severity', () => {
  expect(outcome(assessed(), { rules: { 'phi-outside-territory': { enabled: false } } })).toEqual([]);
  expect(outcome(assessed(), { rules: { 'phi-outside-territory': { enabled: true, severity: 'low' } } })).toEqual([
    'phi-outside-territory low delivered',
  ]);
});

test('without its own rule a country of concern is one outside, not one that is let pass', () => {
  const off = { rules: { 'phi-to-country-of-concern': { enabled: false } } };
  expect(outcome(assessed({ residency: residency('concern') }), off)).toEqual(['phi-outside-territory high delivered']);
  expect(outcome(unregistered({ residency: residency('concern') }), off)).toEqual([
    'phi-to-unregistered-endpoint high delivered',
  ]);
});

test('no activity gets two findings, so that one transfer is one alert', () => {
  const verdicts = ['home', 'permitted', 'outside', 'concern', 'undetermined', 'not-public'] as const;
  for (const verdict of verdicts)
    for (const activity of [transfer, access])
      for (const make of [assessed, unregistered])
        expect(findings(make({ activity, residency: residency(verdict) })).length).toBeLessThanOrEqual(1);
});

test('nothing is masked where no rule fires', () => {
  const atHome = assessed({ residency: residency('home') });
  const mask = () => {
    throw new Error('there is nothing to show');
  };
  expect(judge(atHome, mask, settings).flatMap(({ finding }) => finding ?? [])).toEqual([]);
});

test('every rule that stays silent says why', () => {
  const judgements = judge(assessed(), () => masked(assessed()), settings);
  expect(judgements).toHaveLength(RULES.length);
  for (const { verdict } of judgements) expect(verdict.because.length).toBeGreaterThan(10);
});

test('the explanation says what, where, how sure, what was permitted and why it is called PHI', () => {
  const [finding] = findings(assessed());
  expect(finding?.explanation).toBe(
    'Acme Medical Coding received 1,048,576 bytes (1.0 MiB) over https at upload.acme.example, 203.0.113.9; ' +
      '2 databases were asked and place it in India (IN). ' +
      'Permitted is us-and-territories (default: the vendor has no terms). ' +
      'It is presumed to be PHI because this vendor is declared to receive nothing else; the log does not show the content.',
  );
});

test('a finding id depends on rule, place in the log and the time it tells, on nothing else', () => {
  // printf 'phi-outside-territory\n1\nsquid\n00112233445566ff\n4096\n1795442400000\nto-server' | sha256sum
  expect(findings(assessed())[0]?.id).toBe('f-486c4008bb7519fd2cc0c76d');
  const elsewhere = assessed({ activity: { ...transfer, place: { ...transfer.place, offset: 4097 } } });
  expect(findings(elsewhere)[0]?.id).not.toBe('f-486c4008bb7519fd2cc0c76d');
});

test('alerts are grouped by rule, vendor, place and direction', () => {
  expect(findings(assessed())[0]?.dedupeKey).toBe('phi-outside-territory|acme|IN|to-server');
  expect(findings(unregistered())[0]?.dedupeKey).toBe('phi-to-unregistered-endpoint|upload.acme.example|IN|to-server');
});
