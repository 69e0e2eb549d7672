import { expect, test } from 'vitest';
import { createClassifier } from '../../src/phi/classify.ts';
import type { Transfer } from '../../src/transfers/transfer.ts';
import { answer, file, get, noSettings, upload } from './examples.ts';

const classify = createClassifier(noSettings);

/** Classes of indicators, in order of the alphabet. */
function classes(transfer: Transfer): readonly string[] {
  return [...new Set(classify(transfer, undefined).indicators.map((it) => it.class))].sort();
}

const UID = '1.2.840.113619.2.55.3.604688119';

test.each<readonly [string, readonly string[]]>([
  ['https://x.example/api/FHIR/R4/Observation/7', ['fhir-base', 'fhir-resource']],
  ['https://fhir.x.example/Encounter', ['fhir-base', 'fhir-resource']],
  ['http://x.example/baseR4/Claim', ['fhir-resource']],
  ['https://x.example/Patient/8f3b2c', ['fhir-resource']],
  ['https://x.example/fhir/Patient/7/$everything', ['fhir-base', 'fhir-export']],
  ['https://x.example/fhir/%24export', ['fhir-base', 'fhir-export']],
  // No base path, and a type that other software uses, or no id.
  ['https://x.example/Bundle/7', []],
  ['https://x.example/Task/7', []],
  ['https://x.example/Patient', []],
  ['https://x.example/Patient/stories', []],
  ['https://x.example/$export', []],
  // FHIR without a patient.
  ['https://x.example/fhir/R4/CodeSystem/$lookup', ['fhir-base']],
  ['https://x.example/fhir/R4/Practitioner/7', ['fhir-base']],
])('FHIR: posting to %s shows %j', (url, expected) => {
  expect(classes(upload(url))).toEqual(expected);
});

test.each<readonly [string, readonly string[]]>([
  ['https://x.example/fhir/R4/Observation?patient=7', ['fhir-base', 'fhir-reference']],
  ['https://x.example/fhir/R4/Patient?identifier=7', ['fhir-base', 'fhir-search']],
  ['https://x.example/fhir/R4/Patient?_count=5', ['fhir-base']],
  ['https://x.example/fhir/R4/Patient?identifier=', ['fhir-base']],
  ['https://x.example/fhir/R4/Organization?name=x', ['fhir-base']],
])('FHIR: getting %s shows %j', (url, expected) => {
  expect(classes(get(url))).toEqual(expected);
});

test.each<readonly [string, readonly string[]]>([
  [`https://x.example/pacs/studies/${UID}`, ['dicom-object']],
  ['https://x.example/dicomweb/studies', ['dicom-object']],
  ['https://x.example/courses/studies', []],
  ['https://x.example/studies/1.2', []],
  ['https://x.example/studies/1.2.840.0113619', []],
  ['https://x.example/tv/series/7', []],
])('DICOMweb: posting to %s shows %j', (url, expected) => {
  expect(classes(upload(url))).toEqual(expected);
});

test.each<readonly [string, readonly string[]]>([
  [`https://x.example/wado?requestType=WADO&studyUID=${UID}`, ['dicom-reference']],
  ['https://x.example/wado?requestType=WADO&studyUID=7', []],
  ['https://x.example/dicom/studies?PatientID=84736251', ['dicom-query', 'patient-id']],
  ['https://x.example/dicom/studies?00100010=Roe%5EJane', ['dicom-query', 'patient-name']],
  ['https://x.example/dicom/studies?limit=7', []],
])('DICOMweb: getting %s shows %j', (url, expected) => {
  expect(classes(get(url))).toEqual(expected);
});

test('documents of an XDS repository are an indicator when they move', () => {
  expect(classes(upload('https://x.example/services/xdsrepositoryb'))).toEqual(['ihe-documents']);
  expect(classes(get('https://x.example/services/xdsrepositoryb'))).toEqual([]);
});

test.each<readonly [string, readonly string[]]>([
  ['application/fhir+json', ['fhir-media-type']],
  ['Application/FHIR+JSON; charset=utf-8', ['fhir-media-type']],
  ['application/fhir+ndjson', ['fhir-bulk-media-type']],
  ['application/dicom+json', ['dicom-media-type']],
  ['application/EDI-X12', ['x12-media-type']],
  ['x-application/hl7-v2+er7', ['hl7-media-type']],
  ['application/json', []],
  ['application/zip', []],
])('media type %s shows %j', (contentType, expected) => {
  expect(classes(upload('https://x.example/in', { contentType }))).toEqual(expected);
});

test('the media type of a reply to a GET says nothing of what went up', () => {
  expect(classes(get('https://x.example/in', { contentType: 'application/fhir+json' }))).toEqual([]);
});

test('a FHIR media type takes the place of a base path', () => {
  const more = { contentType: 'application/fhir+json' };
  expect(classes(upload('https://x.example/Patient', more))).toEqual(['fhir-media-type', 'fhir-resource']);
  expect(classes(upload('https://x.example/Organization', more))).toEqual([]);
});

test.each<readonly [string, readonly string[]]>([
  ['/outbound/ACME_835_20261124.edi', ['dated-file-name', 'edi-file', 'x12-claim-number']],
  ['/outbound/277CA-2026-11-24.txt', ['dated-file-name', 'x12-transaction']],
  ['/outbound/835/a.zip', ['x12-claim-number']],
  ['/outbound/999_ack.x12', ['edi-file', 'x12-acknowledgement']],
  ['/outbound/18375.zip', []],
  ['/outbound/1-837-22.zip', []],
  ['/outbound/ORU_R01.txt', ['hl7-message']],
  ['/outbound/ORUR01.txt', ['hl7-message']],
  ['/outbound/oru.txt', []],
  ['/outbound/summary.ccda', ['clinical-document']],
  ['/outbound/CCD_1.xml', ['clinical-document']],
  ['/outbound/CCD_camera.jpg', ['clinical-document-word']],
  ['/outbound/op-note.pdf', ['patient-document-word']],
  ['/outbound/face_sheet.pdf', ['patient-document-word']],
  ['/outbound/lab/x.pdf', ['health-word']],
  ['/outbound/label.pdf', []],
  ['/outbound/study.dcm', ['dicom-file']],
  ['/outbound/Claim.ndjson', ['fhir-bulk-file']],
  ['/outbound/ValueSet.ndjson', []],
  ['/static/claims.css', []],
  ['/outbound/a.pgp', []],
  ['/outbound/ct series (1).zip', []],
])('the file name %s shows %j', (path, expected) => {
  expect(classes(file(path))).toEqual(expected);
});

test('names in a URL count when a body moved, bare numbers only in the name of a file', () => {
  expect(classes(upload('https://x.example/in/report_270.csv'))).toEqual(['x12-enquiry-number']);
  expect(classes(upload('https://x.example/item/837'))).toEqual([]);
  expect(classes(upload('https://x.example/835/a.zip'))).toEqual([]);
  expect(classes(get('https://x.example/charts/837P.zip'))).toEqual([]);
  expect(classes(answer('/charts/list'))).toEqual(['record-word']);
  expect(classes(answer('/openid/userinfo/claims'))).toEqual([]);
});

test('a host name is no file name', () => {
  expect(classes(upload('https://claims.lab.example/in'))).toEqual([]);
});

test.each<readonly [string, readonly string[]]>([
  // Social Security numbers: delimited, or behind a keyword; never a run of nine digits.
  ['ssn=078051120', ['ssn']],
  ['SSN=078-05-1120', ['ssn']],
  ['q=078-05-1120', ['ssn']],
  ['q=078+05+1120', ['ssn']],
  ['q=078051120', []],
  ['q=078-05.1120', []],
  ['q=1-078-05-1120', []],
  ['q=078-05-11205', []],
  ['q=000-05-1120', []],
  ['q=666-05-1120', []],
  ['q=978-05-1120', []],
  ['q=078-00-1120', []],
  ['q=078-05-0000', []],
  ['ssn=978051120', []],
  // Medicare Beneficiary Identifiers: CMS's sample; letters S L O I B Z do not occur.
  ['q=1EG4-TE5-MK73', ['mbi']],
  ['q=1EG4TE5MK73', ['mbi']],
  ['q=1eg4te5mk73', []],
  ['mbi=1eg4-te5-mk73', ['mbi']],
  ['q=1SG4TE5MK73', []],
  ['q=0EG4TE5MK73', []],
  ['q=1EG4TE5MK733', []],
  // Record numbers only behind a key.
  ['mrn=84736251', ['mrn']],
  ['mrn=HX-84736251', ['mrn']],
  ['q=mrn%3A84736251', ['mrn']],
  ['mrn=24DE123456789012M8', []],
  ['q=84736251', []],
  ['patient_id=84736251', ['patient-id']],
  ['patientId=84736251', ['patient-id']],
  ['pid=84736', ['person-number']],
  ['memberId=W84736251', ['member-id']],
  // 1234567893 passes the check, 1234567890 does not.
  ['npi=1234567893', ['npi']],
  ['npi=1234567890', []],
  ['q=1234567893', []],
  // Dates of birth and names only behind a key.
  ['dob=1980-01-02', ['birth-date']],
  ['birthdate=ge1980-01-02', ['birth-date']],
  ['dob=01%2F02%2F1980', ['birth-date']],
  ['dob=1780-01-02', []],
  ['date=1980-01-02', []],
  ['lastName=Roe', ['person-name']],
  ['PatientName=Roe', ['patient-name']],
  ['lastName=', []],
  ['name=Roe', []],
  // ICD-10 with its dot, or behind a key.
  ['q=E11.9', ['diagnosis-code']],
  ['q=W85.XXXA', ['diagnosis-code']],
  ['dx=E119', ['diagnosis-code-with-key']],
  ['q=E119', []],
  ['q=A10.PDF', []],
  ['q=B2B', []],
])('the query %s shows %j', (query, expected) => {
  expect(classes(get(`https://x.example/find?${query}`))).toEqual(expected);
});

test('identifiers are found in paths and file names, percent-encoded once', () => {
  expect(classes(get('https://x.example/a/078%2D05%2D1120'))).toEqual(['ssn']);
  expect(classes(get('https://x.example/a/078%252D05%252D1120'))).toEqual([]);
  expect(classes(get('https://x.example/mrn/84736251'))).toEqual(['mrn']);
  expect(classes(get('https://x.example/patient-id/84736251'))).toEqual(['patient-id']);
  expect(classes(file('/a/scan078-05-1120x.pdf'))).toEqual(['ssn']);
  expect(classes(file('/a/ssn_078051120.pdf'))).toEqual(['ssn']);
  expect(classes(file('/a/dob_1980-01-02.pdf'))).toEqual(['birth-date', 'dated-file-name']);
});

test('an indicator says where it was seen', () => {
  const seen = (transfer: Transfer) => classify(transfer, undefined).indicators.map((it) => it.seenIn);
  expect(seen(get('https://x.example/a?ssn=078051120'))).toEqual(['url-query', 'url-query']);
  expect(seen(get('https://x.example/1EG4TE5MK73/a'))).toEqual(['url-path', 'url-path']);
  expect(seen(file('/1EG4TE5MK73/a.zip'))).toEqual(['path', 'path']);
  expect(seen(file('/a/1EG4TE5MK73.zip'))).toEqual(['file-name', 'file-name']);
  expect(seen(upload('https://x.example/in/a.837'))).toEqual(['file-name', 'file-name']);
  expect(seen(upload('https://x.example/in', { contentType: 'text/hl7v2' }))).toEqual(['content-type', 'content-type']);
});
