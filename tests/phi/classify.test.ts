import { expect, test } from 'vitest';
import { createClassifier } from '../../src/phi/classify.ts';
import type { PhiAssessment } from '../../src/phi/indicator.ts';
import type { Transfer } from '../../src/transfers/transfer.ts';
import { answer, file, get, login, noSettings, tunnel, upload, vendor } from './examples.ts';

const classify = createClassifier(noSettings);
const withSystems = createClassifier({
  ...noSettings,
  systems: [
    { name: 'ehr', networks: ['10.10.0.0/16', '2001:db8:10::/48'], paths: [] },
    { name: 'staging', networks: [], paths: ['/srv/sftp/outbound/**'] },
  ],
});
const ehr = { sender: { ip: '10.10.7.7' } };

function verdict({ strength, basis }: PhiAssessment): string {
  return basis === undefined ? strength : `${strength} by ${basis}`;
}

test('a vendor that carries PHI is presumed to receive PHI in bodies, tunnels and files', () => {
  for (const transfer of [upload('https://x.example/in'), tunnel(900), tunnel(undefined), file('/a.zip')])
    expect(verdict(classify(transfer, vendor('phi')))).toBe('likely by vendor-presumption');
});

test('nothing is presumed of a URL alone', () => {
  expect(verdict(classify(get('https://x.example/status'), vendor('phi')))).toBe('none');
});

test('nothing is presumed of an error, a redirection or the answer to HEAD', () => {
  expect(verdict(classify(answer('/x'), vendor('phi')))).toBe('likely by vendor-presumption');
  for (const more of [{ status: 404 }, { status: 302 }, { method: 'HEAD' }]) {
    expect(verdict(classify(answer('/x', more), vendor('phi')))).toBe('none');
    expect(verdict(withSystems(answer('/x', { ...more, ...ehr }), undefined))).toBe('none');
  }
  // A request that the foreign server refused had been sent all the same.
  expect(verdict(classify(upload('https://x.example/in', { status: 403 }), vendor('phi')))).toBe(
    'likely by vendor-presumption',
  );
});

test('what can be read in a URL to a vendor counts by itself', () => {
  expect(verdict(classify(get('https://x.example/fhir/a?mrn=12345678'), vendor('phi')))).toBe(
    'likely by content-indicator',
  );
});

test('content makes the presumption of a vendor certain, and is named as the basis where it suffices', () => {
  // (1 - .5 x .3) x (1 - .1 x .1)
  const claim = classify(upload('https://x.example/in/837P'), vendor('phi'));
  expect(claim.score).toBeCloseTo(0.8415, 9);
  expect(verdict(claim)).toBe('certain by content-indicator');
  // (1 - .5 x .1) x (1 - .1 x .85)
  const number = classify(upload('https://x.example/in?ssn=078051120'), vendor('phi'));
  expect(number.score).toBeCloseTo(0.86925, 9);
  expect(verdict(number)).toBe('certain by vendor-presumption');
});

test('the indicators of the basis come first', () => {
  const { indicators } = classify(upload('https://x.example/in?ssn=078051120'), vendor('phi'));
  expect(indicators.map((it) => it.class)).toEqual(['vendor-carries-phi', 'vendor-carries-phi', 'ssn', 'ssn']);
});

test('a vendor with mixed data needs other indicators', () => {
  expect(verdict(classify(upload('https://x.example/in'), vendor('mixed')))).toBe('none');
  // (1 - .8 x .75) x (1 - .6 x .5)
  const claims = classify(upload('https://x.example/v2/claims'), vendor('mixed'));
  expect(claims.score).toBeCloseTo(0.28, 9);
  // 1 - .8 x .2, and 1 - .6 x .55
  const number = classify(upload('https://x.example/in?mrn=12345678'), vendor('mixed'));
  expect(number.score).toBeCloseTo(0.84 * 0.67, 9);
  expect(verdict(number)).toBe('likely by vendor-presumption');
});

test('of a vendor without PHI nothing is presumed, while content still counts', () => {
  expect(verdict(classify(tunnel(1_000_000), vendor('none')))).toBe('none');
  expect(verdict(classify(upload('https://x.example/in/a.837'), vendor('none')))).toBe('likely by content-indicator');
});

test('a system that holds PHI sends PHI in bodies, files and tunnels of 16 KiB', () => {
  expect(verdict(withSystems(upload('https://x.example/in', ehr), undefined))).toBe('likely by phi-system');
  expect(verdict(withSystems({ ...tunnel(16_384), ...ehr }, undefined))).toBe('likely by phi-system');
  expect(verdict(withSystems({ ...tunnel(16_383), ...ehr }, undefined))).toBe('none');
  expect(verdict(withSystems({ ...tunnel(undefined), ...ehr }, undefined))).toBe('possible by phi-system');
  expect(verdict(withSystems(get('https://x.example/', ehr), undefined))).toBe('none');
  expect(verdict(withSystems(file('/srv/sftp/outbound/a/b.zip'), undefined))).toBe('likely by phi-system');
  expect(verdict(withSystems(file('/srv/sftp/inbound/b.zip'), undefined))).toBe('none');
  expect(verdict(withSystems(upload('https://x.example/', { sender: { ip: '2001:db8:10::7' } }), undefined))).toBe(
    'likely by phi-system',
  );
  expect(verdict(withSystems(upload('https://x.example/', { sender: { ip: '10.11.0.1' } }), undefined))).toBe('none');
});

test('two presumptions together are not certain: nothing of the content was seen', () => {
  // (1 - .5 x .5) x (1 - .1 x .1)
  const assessment = withSystems(upload('https://x.example/in', ehr), vendor('phi'));
  expect(assessment.score).toBeCloseTo(0.7425, 9);
  expect(verdict(assessment)).toBe('likely by phi-system');
});

test.each(['HIPAA', 'PCI|HIPAA', 'Custom Patient Engine'])('a verdict of the DLP engine %s is certain', (engine) => {
  for (const transfer of [get('https://x.example/'), tunnel(undefined), upload('https://x.example/')])
    expect(verdict(classify({ ...transfer, dlp: { engine } }, vendor('phi')))).toBe('certain by dlp-verdict');
});

test.each(['None', 'NA', '-', '', 'none', 'PCI', 'PCI|GLBA'])(
  'a DLP engine of "%s" is no verdict on patients',
  (engine) => {
    expect(verdict(classify(get('https://x.example/', { dlp: { engine } }), undefined))).toBe('none');
  },
);

test('ignored hosts receive no PHI, unless a vendor is known or the DLP says otherwise', () => {
  const ignoring = createClassifier({ ...noSettings, ignoreHosts: ['*.windowsupdate.com', 'exact.example'] });
  const to = (host: string, more: Partial<Transfer> = {}) =>
    upload(`https://${host}/fhir/R4/Patient`, { receiver: { host }, ...more });
  expect(ignoring(to('a.b.windowsupdate.com'), undefined)).toEqual({
    strength: 'none',
    score: 0,
    axes: { identifier: 0, healthContext: 0 },
    indicators: [],
  });
  expect(verdict(ignoring(to('exact.example'), undefined))).toBe('none');
  expect(verdict(ignoring(to('windowsupdate.com'), undefined))).toBe('likely by content-indicator');
  expect(verdict(ignoring(to('notwindowsupdate.com'), undefined))).toBe('likely by content-indicator');
  expect(verdict(ignoring(to('sub.exact.example'), undefined))).toBe('likely by content-indicator');
  expect(verdict(ignoring(to('exact.example'), vendor('none')))).toBe('likely by content-indicator');
  expect(verdict(ignoring(to('exact.example', { dlp: { engine: 'HIPAA' } }), undefined))).toBe(
    'certain by dlp-verdict',
  );
});

test("an operator's pattern scores its own weight", () => {
  const own = (place: 'url' | 'path' | 'file' | 'contentType', regex: RegExp, weight: number) =>
    createClassifier({ ...noSettings, patterns: [{ name: 'own', in: place, regex, weight }] });
  const url = own('url', /\/hims%20x\/|\/hims x\/\d/u, 0.64)(upload('https://x.example/hims%20x/7'), undefined);
  expect(url.score).toBeCloseTo(0.64, 9);
  expect(verdict(url)).toBe('likely by content-indicator');
  expect(url.indicators.map((it) => it.class)).toEqual(['pattern:own', 'pattern:own']);
  expect(own('path', /^\/outbound\//u, 0.81)(file('/outbound/x.zip'), undefined).score).toBeCloseTo(0.81, 9);
  expect(own('file', /^ACME/u, 0.5)(file('/outbound/ACME.zip'), undefined).score).toBeCloseTo(0.5, 9);
  expect(own('file', /^ACME/u, 0.5)(file('/ACME/x.zip'), undefined).score).toBe(0);
  expect(
    own('contentType', /x-ours/u, 0.5)(upload('/', { contentType: 'application/x-ours' }), undefined).score,
  ).toBeCloseTo(0.5, 9);
  expect(own('contentType', /x-ours/u, 0.5)(get('/', { contentType: 'application/x-ours' }), undefined).score).toBe(0);
});

test("a pattern's regular expression keeps no memory between transfers", () => {
  const sticky = createClassifier({
    ...noSettings,
    patterns: [{ name: 'own', in: 'path', regex: /outbound/g, weight: 0.5 }],
  });
  const scores = [1, 2, 3].map(() => sticky(file('/outbound/x.zip'), undefined).strength);
  expect(scores).toEqual(['likely', 'likely', 'likely']);
});

test('a login by an account of a vendor that carries PHI makes PHI possible', () => {
  expect(verdict(classify(login, vendor('phi')))).toBe('possible by vendor-presumption');
  expect(verdict(classify(login, vendor('mixed')))).toBe('none');
  expect(verdict(classify(login, undefined))).toBe('none');
});

test('no indicator holds a value that was seen', () => {
  const url = 'https://x.example/fhir/R4/Patient?identifier=mrn|84736251&ssn=078-05-1120&family=Quillfeather';
  const assessments = [
    classify(get(url), undefined),
    classify(answer(url), vendor('phi')),
    classify(file('/outbound/Quillfeather_1EG4-TE5-MK73_E11.9_MRN84736251.pdf'), undefined),
  ];
  const said = JSON.stringify(assessments).toLowerCase();
  for (const value of ['84736251', '078-05-1120', 'quillfeather', '1eg4', 'e11.9'])
    expect(said.includes(value), value).toBe(false);
  expect(said).toContain('social security number');
});
