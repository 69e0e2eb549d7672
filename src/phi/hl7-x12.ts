import type { IndicatorClass } from './weights.ts';

/** What a word or an extension in a file name tells, and how to say it. */
export interface Token {
  readonly kind: IndicatorClass;
  readonly says: string;
}

/** Extensions, lower case, and what a file of that kind holds. */
export const EXTENSIONS: ReadonlyMap<string, Token> = new Map([
  ...tokens('x12-transaction', 'X12 claim or remittance file', '837 837p 837i 837d 835'),
  ...tokens('edi-file', 'EDI file', 'edi x12'),
  ...tokens('hl7-file', 'HL7 v2 message file', 'hl7'),
  ...tokens('dicom-file', 'DICOM image file', 'dcm dicom'),
  ...tokens('clinical-document', 'clinical document (CDA) file', 'ccd ccda cda'),
]);

/**
 * Words that stand for themselves, lower case. Transaction sets of ASC X12N (HIPAA, 45 CFR 162 subparts K to S) with the
 * letter of their kind, documents of HL7 CDA, records of a patient.
 */
export const WORDS: ReadonlyMap<string, Token> = new Map([
  ...tokens('x12-transaction', 'X12 837 claim', '837p 837i 837d'),
  ...tokens('x12-transaction', 'X12 277CA claim acknowledgement', '277ca'),
  ...tokens('clinical-document', 'C-CDA clinical document', 'ccda'),
  ...tokens('patient-document-word', 'document of one patient', 'superbill superbills facesheet facesheets'),
  ...tokens('patient-document-word', 'explanation of benefits', 'eob eobs'),
  ...tokens('patient-document-word', 'operative note', 'opnote opnotes'),
  ...tokens('record-word', 'word for patient records', 'chart charts encounter encounters patient patients census'),
  ...tokens('record-word', 'word for patient records', 'discharge discharges referral referrals'),
  ...tokens('record-word', 'word for claims', 'claim claims denial denials remit remits remittance'),
  ...tokens(
    'health-word',
    'word from health care',
    'coding rx lab labs pathology radiology hcc riskadj medical clinical diagnosis',
  ),
]);

/**
 * X12 transaction sets by number alone. Any number can be one of these by chance: they count only where no other number
 * stands beside them (`837-555-0100`).
 */
export const NUMBERS: ReadonlyMap<string, Token> = new Map([
  ...tokens('x12-claim-number', 'number of an X12 claim or remittance set', '837 835'),
  ...tokens(
    'x12-enquiry-number',
    'number of an X12 eligibility, status, referral or enrolment set',
    '270 271 276 277 278 834',
  ),
  ...tokens('x12-acknowledgement', 'number of an X12 acknowledgement or payment set', '820 999'),
]);

/**
 * Message types of HL7 v2 (table 0076) and short names of clinical documents, upper case only: a word of three letters
 * can mean anything (ADT is an alarm company, CCD a camera's chip).
 */
export const SHORT_NAMES: ReadonlyMap<string, Token> = new Map([
  ...tokens('hl7-type-word', 'name of an HL7 v2 message type', 'ADT ORU ORM MDM DFT SIU VXU'),
  ...tokens('clinical-document-word', 'short name of a clinical document', 'CCD CDA C32'),
  ...tokens('x12-acknowledgement', 'X12 interchange acknowledgement', 'TA1'),
]);

/** HL7 v2 table 0003, event types: a letter and two digits, as in `ADT_A01`. */
export function isHl7Event(word: string): boolean {
  return /^[A-Z]\d\d$/.test(word);
}

/** `ADT` and its event in one word: `ADTA01`. */
export function isHl7TypeWithEvent(word: string): boolean {
  return /^(?:ADT|ORU|ORM|MDM|DFT|SIU|VXU)[A-Z]\d\d$/.test(word);
}

/** @param names with a space between. */
function tokens(kind: IndicatorClass, says: string, names: string): readonly (readonly [string, Token])[] {
  return names.split(' ').map((name) => [name, { kind, says }]);
}
