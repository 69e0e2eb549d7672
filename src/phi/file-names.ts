import { PATIENT_TYPES } from './fhir.ts';
import { EXTENSIONS, isHl7Event, isHl7TypeWithEvent, NUMBERS, SHORT_NAMES, type Token, WORDS } from './hl7-x12.ts';
import type { Indicator } from './indicator.ts';
import type { Visible, VisiblePath } from './visible.ts';
import { weighed } from './weighed.ts';
import { wordSet } from './word-set.ts';
import { isNumber, type Word } from './words.ts';

/**
 * Signs in names of files and folders. There is no standard for them: payers' and vendors' companion guides each set
 * their own. Only where a file or body moved: a GET for `/charts/` carries no chart.
 */
export function fileNameIndicators(visible: Visible): readonly Indicator[] {
  if (visible.moved !== 'content') return [];
  return visible.paths.flatMap(pathIndicators);
}

function pathIndicators(path: VisiblePath): readonly Indicator[] {
  if (WEB_ASSETS.has(path.extension)) return [];
  const found: Indicator[] = [];
  const add = ({ kind, says }: Token, at: number) => found.push(...weighed(kind, placeOf(path, at), says));

  const { words, extension, text } = path;
  const byExtension = EXTENSIONS.get(extension);
  if (byExtension !== undefined) add(byExtension, text.length);
  for (const [index, word] of words.entries()) {
    const isCounted = byExtension !== undefined && word.end === text.length;
    if (isCounted || word.text.length > LONGEST_WORD) continue;
    const token = tokenAt(path, index, word);
    if (token !== undefined && !(token.kind === 'record-word' && isSignIn(path))) add(token, word.start);
  }
  return found;
}

/** Longer than any word of the tables. */
const LONGEST_WORD = 32;

function tokenAt(path: VisiblePath, index: number, { text: word, start }: Word): Token | undefined {
  const { seenIn, words, extension, nameAt } = path;
  const next = words[index + 1]?.text ?? '';
  if (PATIENT_TYPES.has(word)) {
    if (extension === 'ndjson' && start >= nameAt) return FHIR_BULK_FILE;
    // In a URL the name of a FHIR type is judged with what stands around it.
    if (seenIn === 'url-path') return undefined;
  }
  if (isHl7TypeWithEvent(word)) return HL7_MESSAGE;

  const short = SHORT_NAMES.get(word);
  if (short?.kind === 'hl7-type-word' && isHl7Event(next)) return HL7_MESSAGE;
  if (short?.kind === 'clinical-document-word' && extension === 'xml') return CLINICAL_DOCUMENT;
  if (short !== undefined) return short;

  const number = NUMBERS.get(word);
  if (number !== undefined) return standsAlone(path, index) ? number : undefined;
  if (isDate(words, index) && start >= nameAt) return DATED;
  const lower = word.toLowerCase();
  return WORDS.get(lower) ?? WORDS.get(`${lower}${next.toLowerCase()}`);
}

const FHIR_BULK_FILE: Token = { kind: 'fhir-bulk-file', says: 'FHIR bulk data file of a patient-bearing type' };
const HL7_MESSAGE: Token = { kind: 'hl7-message', says: 'HL7 v2 message type with its event' };
const CLINICAL_DOCUMENT: Token = { kind: 'clinical-document', says: 'clinical document in XML' };
const DATED: Token = { kind: 'dated-file-name', says: 'date in the file name' };

/**
 * In a URL a bare number must stand in a file's name (`/item/837` is an item). Beside another number it is a part of
 * that, unless the other is a date.
 */
function standsAlone({ seenIn, words, text, nameAt, extension }: VisiblePath, index: number): boolean {
  const word = words[index];
  if (word === undefined || (seenIn === 'url-path' && (word.start < nameAt || extension === ''))) return false;
  const before = words[index - 1];
  const after = words[index + 1];
  const joins = (from: Word | undefined, to: Word | undefined, other: Word | undefined) =>
    from !== undefined &&
    to !== undefined &&
    other !== undefined &&
    isNumber(other.text) &&
    other.text.length !== DATE_DIGITS &&
    !text.slice(from.end, to.start).includes('/');
  return !joins(before, word, before) && !joins(word, after, after);
}

const DATE_DIGITS = 8;

/** `20261124` or `2026-11-24`; the first word of it. */
function isDate(words: readonly Word[], index: number): boolean {
  const year = words[index]?.text ?? '';
  if (!isNumber(year)) return false;
  const month = words[index + 1]?.text ?? '';
  const day = words[index + 2]?.text ?? '';
  if (/^(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])/.test(year)) return true;
  return /^(?:19|20)\d\d$/.test(year) && /^(?:0[1-9]|1[0-2])$/.test(month) && /^(?:0[1-9]|[12]\d|3[01])$/.test(day);
}

/** What pages are built of: `chart.js` draws diagrams. */
const WEB_ASSETS = wordSet('js mjs css map svg ico woff woff2 ttf');

/** OpenID Connect has claims of its own (OpenID Connect Core, section 5). */
function isSignIn({ seenIn, words }: VisiblePath): boolean {
  return seenIn === 'url-path' && words.some(({ text }) => SIGN_IN.has(text.toLowerCase()));
}

const SIGN_IN = wordSet('oauth oauth2 oidc openid saml jwt userinfo');

function placeOf({ seenIn, nameAt, extension }: VisiblePath, at: number): Indicator['seenIn'] {
  return at >= nameAt && (seenIn === 'path' || extension !== '') ? 'file-name' : seenIn;
}
