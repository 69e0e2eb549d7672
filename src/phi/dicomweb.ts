import type { Indicator } from './indicator.ts';
import type { Visible } from './visible.ts';
import { weighed } from './weighed.ts';
import { wordSet } from './word-set.ts';

/**
 * Signs of DICOM web services (DICOM PS3.18): STOW-RS stores under `/studies`, WADO-RS retrieves by UID, QIDO-RS searches
 * by attribute, WADO-URI names everything in its query. `/studies` alone occurs on any university's website.
 */
export function dicomwebIndicators(visible: Visible): readonly Indicator[] {
  const found: Indicator[] = [];
  if (isWadoUri(visible)) found.push(...objectIndicators(visible, 'url-query', 'DICOM WADO-URI retrieval'));

  const at = visible.segments.findIndex((it) => COLLECTIONS.has(it));
  if (at === -1) return found;
  const uid = visible.segments[at + 1];
  const hasUid = uid !== undefined && isUid(uid);
  const hasBase = saysDicom(visible, at);
  if (!hasUid && !hasBase) return found;
  if (visible.method === 'POST' && visible.segments[at] === 'studies')
    found.push(...objectIndicators(visible, 'url-path', 'DICOM images stored (STOW-RS)'));
  else if (hasUid) found.push(...objectIndicators(visible, 'url-path', 'DICOM study by its UID'));
  if (visible.params.some(({ key, value }) => value !== '' && QUERY_ATTRIBUTES.has(key)))
    found.push(...weighed('dicom-query', 'url-query', 'DICOM search by what identifies a patient'));
  return found;
}

function objectIndicators({ moved }: Visible, seenIn: Indicator['seenIn'], says: string): readonly Indicator[] {
  return weighed(moved === 'content' ? 'dicom-object' : 'dicom-reference', seenIn, says);
}

function isWadoUri({ params }: Visible): boolean {
  return (
    params.some(({ key, value }) => key === 'requesttype' && value.toUpperCase() === 'WADO') &&
    params.some(({ key, value }) => key === 'studyuid' && isUid(value))
  );
}

function saysDicom({ host, segments, mediaType }: Visible, before: number): boolean {
  if (host.includes('dicom') || host.includes('pacs') || mediaType.includes('dicom')) return true;
  return segments.slice(0, before).some((it) => it.length <= LONGEST_BASE && BASE.test(it));
}

const LONGEST_BASE = 64;
const BASE = /dicom|wado|stow|qido|pacs/i;
const COLLECTIONS = wordSet('studies series instances');

/**
 * DICOM PS3.5 section 9.1: at most 64 characters, components without leading zeros. Every root in use has four
 * components or more, so that a version number is none.
 */
function isUid(text: string): boolean {
  if (text.length > 64) return false;
  const [root, ...rest] = text.split('.');
  return (
    root !== undefined && /^[0-2]$/.test(root) && rest.length >= 3 && rest.every((it) => /^(?:0|[1-9]\d*)$/.test(it))
  );
}

/** PatientID, PatientName, PatientBirthDate, AccessionNumber, by keyword and by tag (PS3.6), as `Param.key` writes them. */
const QUERY_ATTRIBUTES = wordSet(
  'patientid 00100020 patientname 00100010 patientbirthdate 00100030 accessionnumber 00080050',
);
