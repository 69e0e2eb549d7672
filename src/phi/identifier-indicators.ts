import { findIdentifiers, type IdentifierClass, identifierByKey } from './identifiers.ts';
import type { Indicator } from './indicator.ts';
import type { Param, Visible, VisiblePath } from './visible.ts';
import { weighed } from './weighed.ts';
import { wordSet } from './word-set.ts';
import { wordsOf } from './words.ts';

/** What identifies a person, in paths, file names and query parameters. The value itself goes nowhere. */
export function identifierIndicators({ paths, params }: Visible): readonly Indicator[] {
  return [...paths.flatMap(inPath), ...params.flatMap(inParam)];
}

function inPath({ seenIn, text, words, nameAt }: VisiblePath): readonly Indicator[] {
  return findIdentifiers(text, words).flatMap(({ kind, start }) =>
    weighed(kind, start >= nameAt && seenIn === 'path' ? 'file-name' : seenIn, SAYS[kind]),
  );
}

function inParam({ key, value }: Param): readonly Indicator[] {
  if (value === '') return [];
  const byKey = identifierByKey(key, value);
  if (byKey !== undefined) return weighed(byKey, 'url-query', SAYS[byKey]);
  if (PATIENT_NAME_KEYS.has(key)) return weighed('patient-name', 'url-query', 'parameter for a patient name');
  if (NAME_KEYS.has(key) && /\p{L}{2}/u.test(value))
    return weighed('person-name', 'url-query', "parameter for a person's name");
  if (key === 'pid' && /^\d{4,10}$/.test(value))
    return weighed('person-number', 'url-query', 'parameter that may be for a patient number');
  return findIdentifiers(value, wordsOf(value)).flatMap(({ kind }) => weighed(kind, 'url-query', SAYS[kind]));
}

const SAYS: Readonly<Record<IdentifierClass, string>> = {
  ssn: 'Social Security number',
  mbi: 'Medicare Beneficiary Identifier',
  mrn: 'medical record number behind its keyword',
  'patient-id': 'patient number behind its keyword',
  'member-id': 'health plan member number behind its keyword',
  'accession-number': 'accession number behind its keyword',
  'birth-date': 'date of birth behind its keyword',
  npi: 'National Provider Identifier behind its keyword',
  'diagnosis-code': 'ICD-10 code',
  'diagnosis-code-with-key': 'ICD-10 code behind its keyword',
};

/** As `Param.key` writes them; the second is DICOM's tag. */
const PATIENT_NAME_KEYS = wordSet('patientname 00100010 patientlastname patientfirstname');
const NAME_KEYS = wordSet('lastname firstname surname familyname givenname family given');
