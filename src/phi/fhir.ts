import type { Indicator } from './indicator.ts';
import type { Param, Visible } from './visible.ts';
import { weighed } from './weighed.ts';
import { wordSet } from './word-set.ts';

/**
 * Signs of FHIR RESTful exchange: `{base}/{Type}[/{id}]`, operations and searches (HL7 FHIR R4, "RESTful API"; Bulk Data
 * Access IG). A type's name alone is no sign, as `/Patient` occurs on any clinic's website: a base path (`/fhir/R4`) must
 * stand before it, or an id behind it.
 */
export function fhirIndicators(visible: Visible): readonly Indicator[] {
  const { base, type, hasId, operation } = readFhir(visible);
  const found: Indicator[] = [];
  if (base === 'named') found.push(...weighed('fhir-base', 'url-path', 'FHIR base path'));

  const known = base !== undefined || hasId;
  if (operation !== undefined && known) {
    const kind = visible.moved === 'content' ? 'fhir-export' : 'fhir-reference';
    found.push(...weighed(kind, 'url-path', `FHIR operation ${operation}`));
  } else if (type !== undefined && known) {
    const kind = visible.moved === 'content' ? 'fhir-resource' : 'fhir-reference';
    if (visible.moved === 'content' || hasId)
      found.push(...weighed(kind, 'url-path', `FHIR ${type} resource${hasId ? ' with an id' : ''}`));
  }
  if (type !== undefined && base !== undefined) found.push(...searchIndicators(visible.params));
  return found;
}

/** @returns true for a FHIR URL that names a type or endpoint without any patient: metadata, terminology, directories. */
export function namesNoPatient(visible: Visible): boolean {
  const { base, type, operation, other } = readFhir(visible);
  return base !== undefined && type === undefined && operation === undefined && other;
}

interface FhirUrl {
  /** `named`: host or path says "fhir". `implied`: the path says `R4`, or the media type is FHIR's. */
  readonly base?: 'named' | 'implied';
  /** Patient-bearing. */
  readonly type?: string;
  readonly hasId: boolean;
  readonly operation?: string;
  /** A type without patients stands there. */
  readonly other: boolean;
}

function readFhir({ host, segments, mediaType }: Visible): FhirUrl {
  let base = baseByHostOrType(host, mediaType);
  let other = false;
  for (const [at, segment] of segments.entries()) {
    const operation = OPERATIONS.has(segment) ? segment : undefined;
    if (operation !== undefined) return { ...(base && { base }), hasId: false, operation, other };
    if (PATIENT_TYPES.has(segment)) {
      const next = segments[at + 1];
      const deed = segments.slice(at + 1, at + 3).find((it) => OPERATIONS.has(it));
      const hasId = next !== undefined && isId(next) && (base !== undefined || isDistinctive(segment, next));
      return { ...(base && { base }), type: segment, hasId, ...(deed && { operation: deed }), other };
    }
    if (OTHER_TYPES.has(segment)) other = true;
    else if (base !== 'named') base = baseOf(segment) ?? base;
  }
  return { ...(base && { base }), hasId: false, other };
}

function baseByHostOrType(host: string, mediaType: string): FhirUrl['base'] {
  if (host.includes('fhir')) return 'named';
  return mediaType.includes('fhir') ? 'implied' : undefined;
}

function baseOf(segment: string): FhirUrl['base'] {
  if (segment.length > LONGEST_BASE) return undefined;
  const lower = segment.toLowerCase();
  if (lower.includes('fhir')) return 'named';
  return VERSIONS.has(lower) ? 'implied' : undefined;
}

const LONGEST_BASE = 64;
const VERSIONS = wordSet('dstu2 stu3 r2 r3 r4 r4b r5 basedstu2 basedstu3 baser4 baser4b baser5');

/** FHIR R4 datatypes, `id`: `[A-Za-z0-9\-\.]{1,64}`. */
function isId(segment: string): boolean {
  return /^[A-Za-z0-9.-]{1,64}$/.test(segment);
}

/** Without a base path the type must mean nothing else, and the id must look like one: `/Patient/experience` does not. */
function isDistinctive(type: string, id: string): boolean {
  return !EVERYDAY_WORDS.has(type) && /\d/.test(id);
}

function searchIndicators(params: readonly Param[]): readonly Indicator[] {
  if (params.some(({ key, value }) => value !== '' && IDENTIFYING_PARAMS.has(key)))
    return weighed('fhir-search', 'url-query', 'FHIR search by what identifies a patient');
  if (params.some(({ key, value }) => value !== '' && REFERENCE_PARAMS.has(key)))
    return weighed('fhir-reference', 'url-query', 'FHIR search by a reference to a patient');
  return [];
}

/** FHIR R4 Patient search parameters, and chained ones (`subject.identifier`), as `Param.key` writes them. */
const IDENTIFYING_PARAMS = wordSet(
  'identifier birthdate family given name phone email telecom address patientidentifier subjectidentifier',
  'patientbirthdate patientname patientfamily subjectname',
);
const REFERENCE_PARAMS = wordSet('patient subject beneficiary id');

const OPERATIONS = wordSet('$export $everything $match $submit $summary $docref');

/** Members of the Patient compartment (HL7 FHIR R4, "CompartmentDefinition patient") that exchanges are made of. */
export const PATIENT_TYPES = wordSet(
  'Patient RelatedPerson Person Encounter EpisodeOfCare Appointment Condition Observation Procedure Claim',
  'ClaimResponse ExplanationOfBenefit Coverage CoverageEligibilityRequest CoverageEligibilityResponse',
  'DocumentReference DiagnosticReport Composition Bundle Binary MedicationRequest MedicationStatement',
  'MedicationDispense MedicationAdministration AllergyIntolerance Immunization CarePlan CareTeam ServiceRequest',
  'ImagingStudy Specimen ClinicalImpression RiskAssessment FamilyMemberHistory QuestionnaireResponse',
  'Communication Consent ChargeItem Invoice Media NutritionOrder DeviceRequest AdverseEvent Task',
);

/** Those that other software uses as well. */
const EVERYDAY_WORDS = wordSet(
  'Person Appointment Condition Observation Procedure Claim Coverage Composition Bundle Binary Communication',
  'Consent Invoice Media Specimen Task',
);

const OTHER_TYPES = wordSet(
  'metadata .well-known Organization Practitioner PractitionerRole Location HealthcareService Endpoint',
  'InsurancePlan ValueSet CodeSystem ConceptMap NamingSystem StructureDefinition SearchParameter',
  'OperationDefinition CapabilityStatement ImplementationGuide Library Measure Questionnaire PlanDefinition',
  'ActivityDefinition Medication Substance TerminologyCapabilities',
);
