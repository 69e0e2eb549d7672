import type { Axis } from './indicator.ts';

/** Raised whenever a weight changes: the same log then scores otherwise. */
export const WEIGHTS_VERSION = 1;

/**
 * How much one class of indicator says on each axis, by itself: 0 to 1, exclusive of both.
 *
 * What holds a patient record by its nature (a FHIR Patient, an 837 claim) speaks on both axes. A number alone identifies
 * and says nothing of health; a word alone says health and identifies nobody. Order of magnitude: 0.9 leaves little
 * doubt, 0.5 is an even chance, 0.2 is a hint. `tests/phi/scores.test.ts` works out what follows for real examples.
 */
export const WEIGHTS = {
  // FHIR R4, Bulk Data Access
  'fhir-resource': { identifier: 0.75, 'health-context': 0.9 },
  'fhir-export': { identifier: 0.7, 'health-context': 0.9 },
  'fhir-search': { identifier: 0.6, 'health-context': 0.75 },
  'fhir-reference': { identifier: 0.3, 'health-context': 0.6 },
  'fhir-base': { 'health-context': 0.6 },
  'fhir-bulk-file': { identifier: 0.75, 'health-context': 0.9 },

  // DICOMweb (PS3.18), IHE XDS
  'dicom-object': { identifier: 0.65, 'health-context': 0.9 },
  'dicom-reference': { identifier: 0.25, 'health-context': 0.8 },
  'dicom-query': { identifier: 0.7, 'health-context': 0.8 },
  'dicom-file': { identifier: 0.6, 'health-context': 0.9 },
  'ihe-documents': { identifier: 0.65, 'health-context': 0.9 },

  // Media types. FHIR's covers catalogues too, X12's and EDIFACT's purchase orders.
  'fhir-media-type': { identifier: 0.5, 'health-context': 0.8 },
  'fhir-bulk-media-type': { identifier: 0.7, 'health-context': 0.9 },
  'dicom-media-type': { identifier: 0.6, 'health-context': 0.9 },
  'hl7-media-type': { identifier: 0.7, 'health-context': 0.9 },
  'cda-media-type': { identifier: 0.7, 'health-context': 0.9 },
  'x12-media-type': { identifier: 0.4, 'health-context': 0.6 },
  'edifact-media-type': { identifier: 0.2, 'health-context': 0.3 },

  // Names of files and folders
  'x12-transaction': { identifier: 0.7, 'health-context': 0.9 },
  'x12-claim-number': { identifier: 0.5, 'health-context': 0.5 },
  'x12-enquiry-number': { identifier: 0.4, 'health-context': 0.45 },
  'x12-acknowledgement': { 'health-context': 0.2 },
  'edi-file': { identifier: 0.35, 'health-context': 0.5 },
  'hl7-message': { identifier: 0.65, 'health-context': 0.85 },
  'hl7-type-word': { identifier: 0.25, 'health-context': 0.35 },
  'hl7-file': { identifier: 0.6, 'health-context': 0.8 },
  'clinical-document': { identifier: 0.65, 'health-context': 0.8 },
  'clinical-document-word': { identifier: 0.25, 'health-context': 0.35 },
  'patient-document-word': { identifier: 0.5, 'health-context': 0.75 },
  'record-word': { identifier: 0.25, 'health-context': 0.5 },
  'health-word': { 'health-context': 0.35 },
  'dated-file-name': { identifier: 0.1 },

  // Identifiers. 164.514(b)(2)(i). An MBI tells of Medicare, a medical record number of a record; an SSN that passes a
  // covered entity's gateway is more often a patient's than not, which is a hint of context and no more.
  ssn: { identifier: 0.9, 'health-context': 0.15 },
  mbi: { identifier: 0.85, 'health-context': 0.5 },
  mrn: { identifier: 0.8, 'health-context': 0.45 },
  'patient-id': { identifier: 0.75, 'health-context': 0.6 },
  'patient-name': { identifier: 0.5, 'health-context': 0.5 },
  'accession-number': { identifier: 0.5, 'health-context': 0.5 },
  'member-id': { identifier: 0.4, 'health-context': 0.2 },
  'person-number': { identifier: 0.3 },
  'person-name': { identifier: 0.4 },
  'birth-date': { identifier: 0.4 },
  npi: { 'health-context': 0.3 },
  'diagnosis-code': { 'health-context': 0.35 },
  'diagnosis-code-with-key': { 'health-context': 0.6 },

  // Not from the content. Two presumptions together stay below `certain`: nothing of the content was seen.
  'vendor-carries-phi': { identifier: 0.5, 'health-context': 0.9 },
  'vendor-carries-some-phi': { identifier: 0.2, 'health-context': 0.4 },
  'vendor-login': { identifier: 0.2, 'health-context': 0.9 },
  'phi-system': { identifier: 0.5, 'health-context': 0.9 },
  'phi-system-unknown-size': { identifier: 0.2, 'health-context': 0.9 },
  'dlp-verdict': { identifier: 0.95, 'health-context': 0.95 },
} as const satisfies Readonly<Record<string, Readonly<Partial<Record<Axis, number>>>>>;

export type IndicatorClass = keyof typeof WEIGHTS;
