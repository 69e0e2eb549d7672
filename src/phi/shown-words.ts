import { wordSet } from './word-set.ts';

/**
 * The words that may stand in a masked path, lower case. A name cannot be told by its shape, so that whatever is not in
 * this list is masked. Kept small on purpose, and free of given names and surnames: no `case`, `bill`, `mark`, `post`,
 * `read`, `home`, `page`, `guest`, `person`. A word that is missing costs an analyst a glance; a word too many can cost a
 * patient's name.
 */
export const SHOWN_WORDS = wordSet(
  // Interfaces and their versions
  'api soap graphql oauth oauth2 token login v1 v2 v3 v4 index status search sync submit',
  'upload uploads download downloads export exports import imports',
  // Folders of a file server
  'srv var opt tmp mnt data sftp ftp http https in out inbound outbound inbox outbox incoming outgoing',
  'archive archives backup backups batch batches queue pending processed error',
  'file files folder document documents report reports vendor vendors',
  // FHIR, DICOMweb, IHE
  'fhir dstu2 stu3 r4 r4b r5 metadata history everything patient encounter condition observation procedure coverage',
  'claimresponse explanationofbenefit documentreference diagnosticreport composition bundle binary medicationrequest',
  'allergyintolerance immunization careplan servicerequest imagingstudy relatedperson practitioner organization',
  'valueset codesystem dicom dicomweb wado pacs studies series instances xdsrepository xdsregistry',
  // Records of health care, X12, HL7, identifiers by name
  'patients chart charts claim claims encounters superbill superbills facesheet census discharge remit remittance',
  'eligibility denial denials referral coding medical records 837p 837i 837d 277ca ta1 x12 hl7 ccda',
  'ssn mrn mbi npi dob icd10',
);

/** Shown behind the last dot of a name. */
export const SHOWN_EXTENSIONS = wordSet(
  'pdf csv tsv txt xml json ndjson html htm doc docx xls xlsx zip gz tgz 7z pgp gpg tif tiff jpg jpeg png',
  'dcm hl7 x12 edi 837p 837i 837d ccda bin log php aspx jsp js css',
);

/** The parts of media types (IANA registry) that are shown. */
export const SHOWN_MEDIA_WORDS = wordSet(
  'application audio font image multipart text video x vnd json xml ndjson html plain csv css javascript octet stream',
  'form data www urlencoded related mixed zip gzip tar compressed pdf rtf msword ms excel png jpeg gif tiff svg webp',
  'mpeg mp4 fhir dicom rle hl7 v2 hl7v2 er7 cda edi x12 edifact consent soap pgp encrypted signature pkcs7 mime',
  'openxmlformats officedocument sheet document grpc',
);

/** What products write in their own words: shown in the sample of a line that could not be read. */
export const SHOWN_LOG_WORDS = wordSet(
  'sshd sftp internal session subsystem accepted failed invalid publickey password keyboard interactive from for ssh2',
  'user opened closed open bytes flags written disconnected connection preauth error warning info debug',
  'get put delete options connect propfind http https tcp hit tunnel denied hier direct none squid status request',
  'response client time null',
);
