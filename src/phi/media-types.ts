import { namesNoPatient } from './fhir.ts';
import type { Indicator } from './indicator.ts';
import type { Visible } from './visible.ts';
import { weighed } from './weighed.ts';
import type { IndicatorClass } from './weights.ts';

/**
 * Media types of health data. Proxies mostly log the type of the reply, which tells of the exchange all the same.
 * A FHIR type on a URL that names no patient (`/metadata`) says nothing.
 */
export function mediaTypeIndicators(visible: Visible): readonly Indicator[] {
  const kind = MEDIA_TYPES.get(visible.mediaType);
  if (kind === undefined) return [];
  if (kind === 'fhir-media-type' && namesNoPatient(visible)) return [];
  return weighed(kind, 'content-type', `media type ${visible.mediaType}`);
}

/** IANA media types registry; those marked "in use" are not registered. */
const MEDIA_TYPES: ReadonlyMap<string, IndicatorClass> = new Map([
  ['application/fhir+json', 'fhir-media-type'],
  ['application/fhir+xml', 'fhir-media-type'],
  ['application/fhir+turtle', 'fhir-media-type'], // FHIR R4, "RESTful API"; in use
  ['application/json+fhir', 'fhir-media-type'], // DSTU2; in use
  ['application/xml+fhir', 'fhir-media-type'], // DSTU2; in use
  ['application/fhir+ndjson', 'fhir-bulk-media-type'], // Bulk Data Access IG; in use
  ['application/dicom', 'dicom-media-type'],
  ['application/dicom+json', 'dicom-media-type'],
  ['application/dicom+xml', 'dicom-media-type'],
  ['image/dicom-rle', 'dicom-media-type'],
  ['application/edi-x12', 'x12-media-type'],
  ['application/edifact', 'edifact-media-type'],
  ['application/edi-consent', 'edifact-media-type'],
  ['application/cda+xml', 'cda-media-type'],
  ['text/hl7v2', 'hl7-media-type'],
  ['application/hl7v2+xml', 'hl7-media-type'],
  ['application/hl7-v2', 'hl7-media-type'], // in use
  ['application/hl7-v2+xml', 'hl7-media-type'], // in use
  ['x-application/hl7-v2+er7', 'hl7-media-type'], // HAPI's HL7 over HTTP; in use
]);
