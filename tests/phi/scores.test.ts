import { expect, test } from 'vitest';
import { createClassifier } from '../../src/phi/classify.ts';
import type { Strength } from '../../src/phi/indicator.ts';
import type { Transfer } from '../../src/transfers/transfer.ts';
import { answer, file, get, noSettings, upload } from './examples.ts';

const classify = createClassifier(noSettings);
const UID = '1.2.840.113619.2.55.3.604688119';

/** Worked out by hand from the weights: identifier axis, times health-context axis. */
const EXAMPLES: readonly (readonly [string, Transfer, number, Strength])[] = [
  [
    'FHIR Patient posted with its media type: (1 - .25 x .5) x (1 - .4 x .1 x .2)',
    upload('https://x.example/fhir/R4/Patient/123', { contentType: 'application/fhir+json' }),
    0.868,
    'certain',
  ],
  ['FHIR Patient posted: .75 x (1 - .4 x .1)', upload('https://x.example/fhir/R4/Patient'), 0.72, 'likely'],
  [
    'FHIR Bundle posted to a base: .5 x (1 - .2 x .4)',
    upload('https://x.example/fhir/R4', { contentType: 'application/fhir+json' }),
    0.46,
    'likely',
  ],
  ['FHIR Patient read by URL: .3 x (1 - .4 x .4)', get('https://x.example/fhir/R4/Patient/123'), 0.252, 'possible'],
  ['FHIR Patient answered: .75 x .96', answer('/fhir/R4/Patient/123'), 0.72, 'likely'],
  ['FHIR Patient refused: as a reference', answer('/fhir/R4/Patient/123', { status: 403 }), 0.252, 'possible'],
  [
    'FHIR search by name and birth date: (1 - .4 x .6 x .6) x (1 - .25 x .4)',
    get('https://x.example/fhir/R4/Patient?family=Smith&birthdate=1980-01-02'),
    0.7704,
    'likely',
  ],
  ['FHIR bulk export answered: .7 x .96', answer('/fhir/R4/Group/7/$export', { status: 202 }), 0.672, 'likely'],
  ['FHIR capability statement asked for', get('https://x.example/fhir/R4/metadata'), 0, 'none'],
  ['metadata without a base', get('https://x.example/metadata'), 0, 'none'],
  [
    'FHIR capability statement answered',
    answer('/fhir/R4/metadata', { contentType: 'application/fhir+json' }),
    0,
    'none',
  ],
  [
    'FHIR terminology posted',
    upload('https://x.example/fhir/ValueSet', { contentType: 'application/fhir+json' }),
    0,
    'none',
  ],
  ['FHIR Organization posted', upload('https://x.example/fhir/R4/Organization/9'), 0, 'none'],
  ['a clinic website', upload('https://clinic.example/Patient/experience'), 0, 'none'],
  [
    'medical record number to FHIR: .8 x (1 - .55 x .4)',
    get('https://x.example/fhir/find?mrn=12345678'),
    0.624,
    'likely',
  ],
  ['medical record number alone: .8 x .45', get('https://x.example/find?mrn=12345678'), 0.36, 'possible'],
  ['SSN alone: .9 x .15', get('https://x.example/find?ssn=078-05-1120'), 0.135, 'possible'],
  ['MBI in a path: .85 x .5', get('https://x.example/find/1EG4-TE5-MK73'), 0.425, 'likely'],
  ['images stored: .65 x .9', upload('https://x.example/dicom-web/studies'), 0.585, 'likely'],
  [
    'images stored with their media type: (1 - .35 x .4) x (1 - .1 x .1)',
    upload('https://x.example/dicom-web/studies', { contentType: 'application/dicom' }),
    0.8514,
    'certain',
  ],
  ['image read by URL: .25 x .8', get(`https://x.example/studies/${UID}/series`), 0.2, 'possible'],
  ['case studies', upload('https://university.example/studies'), 0, 'none'],
  ['claims posted: .25 x .5', upload('https://x.example/v2/claims'), 0.125, 'possible'],
  ['claims of a sign-in', upload('https://idp.example/oauth2/v1/claims'), 0, 'none'],
  ['HL7 v2 posted: .7 x .9', upload('https://x.example/in', { contentType: 'text/hl7v2' }), 0.63, 'likely'],
  ['claim file put: .7 x .9', upload('https://x.example/in/a.837', { method: 'PUT' }), 0.63, 'likely'],
  ['837P: (1 - .3 x .65 x .9) x (1 - .1 x .5)', file('/outbound/ACME_837P_20261124.x12'), 0.783275, 'likely'],
  ['837 alone: .5 x .5', file('/outbound/ACME_837_a.pgp'), 0.25, 'possible'],
  ['837 in a telephone number', file('/outbound/837-555-0100.txt'), 0, 'none'],
  ['a number of an eligibility set: .4 x .45', file('/outbound/report_270.csv'), 0.18, 'possible'],
  ['eligibility EDI: (1 - .6 x .65) x (1 - .55 x .5)', file('/outbound/report_270.edi'), 0.44225, 'likely'],
  ['HL7 admission: (1 - .35 x .4 x .9) x (1 - .15 x .2)', file('/outbound/ADT_A01_20261124.hl7'), 0.84778, 'certain'],
  ['the alarm company: .25 x .35', file('/outbound/ADT_invoice.pdf'), 0.0875, 'none'],
  [
    'chart by record number: (1 - .75 x .2 x .9) x (1 - .5 x .55)',
    file('/outbound/charts_MRN12345678_20261124.pdf'),
    0.627125,
    'likely',
  ],
  ['superbill: (1 - .5 x .9) x .75', file('/outbound/superbill_20261124.pdf'), 0.4125, 'likely'],
  ['bulk data file: .75 x .9', file('/outbound/Patient.ndjson'), 0.675, 'likely'],
  ['an archive', file('/outbound/batch.zip'), 0, 'none'],
  ['a script', answer('/static/chart.js'), 0, 'none'],
  ['a lab on the web', get('https://lab.example/path/index.html'), 0, 'none'],
];

test.each(EXAMPLES)('scores %s', (_, transfer, score, strength) => {
  const assessment = classify(transfer, undefined);
  expect(assessment.score).toBeCloseTo(score, 9);
  expect(assessment.strength).toBe(strength);
  expect(assessment.basis).toBe(strength === 'none' ? undefined : 'content-indicator');
});
