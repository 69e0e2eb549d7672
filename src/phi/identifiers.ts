import { plainKey } from './visible.ts';
import { wordSet } from './word-set.ts';
import { isNumber, type Word } from './words.ts';

/** The classes whose position in a text is found, so that they can be masked by their name. */
export type IdentifierClass =
  | 'ssn'
  | 'mbi'
  | 'mrn'
  | 'patient-id'
  | 'member-id'
  | 'accession-number'
  | 'birth-date'
  | 'npi'
  | 'diagnosis-code'
  | 'diagnosis-code-with-key';

/** `end` is exclusive. */
export interface FoundIdentifier {
  readonly kind: IdentifierClass;
  readonly start: number;
  readonly end: number;
}

/**
 * Identifiers in a path, a file name or a value. Digits alone are never taken for one: nine random digits pass for a
 * Social Security number in 89 of 100 cases, so that without delimiters a keyword must stand before them.
 */
export function findIdentifiers(text: string, words: readonly Word[]): readonly FoundIdentifier[] {
  const found: FoundIdentifier[] = [];
  for (let index = 0; index < words.length; index++) {
    const word = words[index];
    if (word === undefined || !HAS_DIGIT.test(word.text)) continue;
    const identifier =
      keyedWord(words, index, word) ??
      delimitedSsn(text, words, index, word) ??
      mbi(text, words, index, word) ??
      dottedDiagnosis(text, word, words[index + 1]);
    if (identifier === undefined) continue;
    found.push(identifier);
    while ((words[index + 1]?.end ?? Number.POSITIVE_INFINITY) <= identifier.end) index++;
  }
  return found;
}

interface KeyedRule {
  readonly kind: IdentifierClass;
  readonly accepts: (value: string) => boolean;
}

/** What a value is by the key before it, if it has the shape. Keys as `plainKey` writes them. */
export function identifierByKey(key: string, value: string): IdentifierClass | undefined {
  const rule = KEYED.get(key);
  return rule?.accepts(value) === true ? rule.kind : undefined;
}

/** `mrn_12345678`, `MRN12345678`, `/patient-id/12345678`: a keyword, then the value in the next word or the same. */
function keyedWord(words: readonly Word[], index: number, word: Word): FoundIdentifier | undefined {
  if (word.text.length > LONGEST_KEYED) return undefined;
  const digitAt = word.text.search(HAS_DIGIT);
  const own = identifierByKey(plainKey(word.text.slice(0, digitAt)), word.text.slice(digitAt));
  if (own !== undefined) return { kind: own, start: word.start, end: word.end };

  const before = words[index - 1]?.text ?? '';
  const beforeThat = words[index - 2]?.text ?? '';
  if (before.length > LONGEST_KEYED || beforeThat.length > LONGEST_KEYED) return undefined;
  for (const key of [before, `${beforeThat}${before}`]) {
    const rule = KEYED.get(plainKey(key));
    if (rule === undefined) continue;
    const end = valueEnd(words, index, rule);
    if (end !== undefined) return { kind: rule.kind, start: word.start, end };
  }
  return undefined;
}

/** A value can be written in up to three pieces, the later ones all digits: `dob_1980-01-02`. */
function valueEnd(words: readonly Word[], index: number, { accepts }: KeyedRule): number | undefined {
  let value = '';
  for (const word of words.slice(index, index + 3)) {
    if (value !== '' && !isNumber(word.text)) return undefined;
    value += word.text;
    if (accepts(value)) return word.end;
  }
  return undefined;
}

const LONGEST_KEYED = 40;
const HAS_DIGIT = /\d/;

/** Three, two and four digits with one separator, the same twice. Letters may stand before and after, digits may not. */
function delimitedSsn(text: string, words: readonly Word[], index: number, area: Word): FoundIdentifier | undefined {
  const group = words[index + 1];
  const serial = words[index + 2];
  if (group === undefined || serial === undefined) return undefined;
  if (group.text.length !== 2 || area.text.length > LONGEST_KEYED || serial.text.length > LONGEST_KEYED)
    return undefined;
  const separator = text.slice(area.end, group.start);
  if (separator.length !== 1 || !SSN_SEPARATORS.includes(separator)) return undefined;
  if (text.slice(group.end, serial.start) !== separator) return undefined;
  const areaDigits = /(?:^|[^\d])(\d{3})$/.exec(area.text)?.[1];
  const serialDigits = /^(\d{4})(?:$|[^\d])/.exec(serial.text)?.[1];
  if (areaDigits === undefined || serialDigits === undefined) return undefined;
  if (isContinued(text, area, words[index - 1], separator) || isContinued(text, words[index + 3], serial, separator))
    return undefined;
  if (!isSsn(`${areaDigits}${group.text}${serialDigits}`)) return undefined;
  return { kind: 'ssn', start: area.end - 3, end: serial.start + 4 };
}

/** `1-123-45-6789` is one longer number. */
function isContinued(text: string, later: Word | undefined, earlier: Word | undefined, separator: string): boolean {
  if (later === undefined || earlier === undefined) return false;
  if (text.slice(earlier.end, later.start) !== separator || separator === '_') return false;
  return /\d$/.test(earlier.text) && /^\d/.test(later.text);
}

const SSN_SEPARATORS = '-._ ';

/** SSA, "Social Security Number Randomization" (2011): what is never assigned. There is no check digit. */
function isSsn(digits: string): boolean {
  return /^(?!000|666|9)\d{3}(?!00)\d{2}(?!0000)\d{4}$/.test(digits);
}

/** Upper case, or behind a keyword; written in one word or 4-3-4. */
function mbi(text: string, words: readonly Word[], index: number, first: Word): FoundIdentifier | undefined {
  const second = words[index + 1];
  const third = words[index + 2];
  if (first.text.length === 11)
    return isMbi(first.text) ? { kind: 'mbi', start: first.start, end: first.end } : undefined;
  if (first.text.length !== 4 || second?.text.length !== 3 || third?.text.length !== 4) return undefined;
  if (text[first.end] !== '-' || text[second.end] !== '-' || third.end - first.start !== 13) return undefined;
  const plain = `${first.text}${second.text}${third.text}`;
  const keyed = MBI_KEYS.has(plainKey(words[index - 1]?.text ?? ''));
  return isMbi(keyed ? plain.toUpperCase() : plain) ? { kind: 'mbi', start: first.start, end: third.end } : undefined;
}

const MBI_KEYS = wordSet('mbi medicare medicareid hicn');

/** CMS, "Understanding the Medicare Beneficiary Identifier (MBI) Format": letters without S, L, O, I, B and Z. */
function isMbi(plain: string): boolean {
  return /^[1-9][AC-HJKMNP-RT-Y][0-9AC-HJKMNP-RT-Y]\d[AC-HJKMNP-RT-Y][0-9AC-HJKMNP-RT-Y]\d[AC-HJKMNP-RT-Y]{2}\d{2}$/.test(
    plain,
  );
}

/** `E11.9`. Behind the dot must follow a digit or a placeholder X, or `A10.PDF` would be one. */
function dottedDiagnosis(text: string, category: Word, rest: Word | undefined): FoundIdentifier | undefined {
  if (category.text.length !== 3 || rest === undefined || rest.start !== category.end + 1) return undefined;
  if (text[category.end] !== '.' || rest.text.length > 4) return undefined;
  if (!/^[A-Z]\d[0-9AB]$/.test(category.text) || !/^[0-9X][0-9A-Z]{0,3}$/.test(rest.text)) return undefined;
  return { kind: 'diagnosis-code', start: category.start, end: rest.end };
}

/** ICD-10-CM with or without its dot; only where a key says so. */
function isDiagnosis(value: string): boolean {
  return /^[A-Za-z]\d[0-9ABab]\.?[0-9A-Za-z]{0,4}$/.test(value);
}

/** Ten digits beginning with 1 or 2 and a Luhn check over `80840` before them (CMS, NPI check digit). */
function isNpi(value: string): boolean {
  if (!/^[12]\d{9}$/.test(value)) return false;
  const digits = [...`80840${value}`].map(Number).reverse();
  const sum = digits.reduce((total, digit, at) => total + (at % 2 === 0 ? digit : digit * 2 - (digit > 4 ? 9 : 0)), 0);
  return sum % 10 === 0;
}

/** Year first or year last, from 1900 on, whatever separates; FHIR puts a prefix (`ge`) before it. */
function isBirthDate(value: string): boolean {
  if (value.length > 14) return false;
  const digits = value.replace(/^[a-z]{2}/, '').replace(/[-/. ]/g, '');
  return /^(?:(?:19|20)\d\d[01]\d[0-3]\d|[0-3]\d[0-3]\d(?:19|20)\d\d)$/.test(digits);
}

/** Numbers are local: five to ten digits, with or without a prefix of up to three letters. */
function isRecordNumber(value: string): boolean {
  return /^[A-Za-z]{0,3}-?\d{5,10}$/.test(value);
}

function isUndelimitedSsn(value: string): boolean {
  return isSsn(value.replace(/[-. _]/g, ''));
}

const KEYED: ReadonlyMap<string, KeyedRule> = new Map([
  ...keyed('ssn', isUndelimitedSsn, 'ssn social socialsecurity socialsecuritynumber ssnumber'),
  ...keyed('mbi', (value) => isMbi(value.toUpperCase().replaceAll('-', '')), 'mbi medicare medicareid hicn'),
  ...keyed('mrn', isRecordNumber, 'mrn medrec medrecnum medicalrecordnumber medicalrecord'),
  ...keyed('patient-id', isRecordNumber, 'patientid patid ptid patientidentifier patientnumber patientno'),
  ...keyed('patient-id', isRecordNumber, '00100020'),
  ...keyed('member-id', isRecordNumber, 'memberid subscriberid beneficiaryid'),
  ...keyed('accession-number', isRecordNumber, 'accession accessionnumber 00080050'),
  ...keyed('birth-date', isBirthDate, 'dob birthdate dateofbirth patientbirthdate 00100030'),
  ...keyed('npi', isNpi, 'npi'),
  ...keyed('diagnosis-code-with-key', isDiagnosis, 'dx icd icd10 icd10cm diagnosis diagnosiscode'),
]);

/** @param keys with a space between. */
function keyed(
  kind: IdentifierClass,
  accepts: KeyedRule['accepts'],
  keys: string,
): readonly (readonly [string, KeyedRule])[] {
  return keys.split(' ').map((key) => [key, { kind, accepts }]);
}
