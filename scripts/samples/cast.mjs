import { createHash } from 'node:crypto';

/** `SHA256:` and 43 characters, as ssh-keygen prints it. No such key exists: the fingerprint is the hash of a name. */
function fingerprint(name) {
  return `SHA256:${createHash('sha256').update(`sample key of ${name}`).digest('base64').replace(/=+$/, '')}`;
}

/**
 * Who receives data on the sample day. `country` is what the day is composed to show; tests/samples holds every address
 * against both embedded databases.
 */
export const VENDORS = {
  buckeye: {
    id: 'buckeye-coding',
    host: 'files.buckeye-coding.example',
    ip: '3.135.188.41',
    account: 'buckeye_sftp',
    uid: 1104,
    key: fingerprint('buckeye_sftp'),
    country: 'US',
  },
  summitRidge: { id: 'summit-ridge', host: 'upload.summitridge-coding.example', ip: '13.232.114.36', country: 'IN' },
  lakefront: {
    id: 'lakefront-transcription',
    host: 'dictation.lakefront-transcription.example',
    ip: '144.25.119.25',
    country: 'US or IN',
  },
  caribe: { id: 'caribe-billing', host: 'claims.caribe-billing.example', ip: '66.50.61.20', country: 'PR' },
  cardinalPeak: { id: 'cardinal-peak', account: 'cpc_sftp', uid: 1103, key: fingerprint('cpc_sftp') },
};

/** Nobody registered this one. */
export const UNREGISTERED = { host: 'fhir.befundportal.example', ip: '88.198.20.4', country: 'DE' };

/** Where the accounts on our SFTP server are used from. */
export const CLIENTS = {
  manila: { ip: '112.198.64.10', country: 'PH' },
  cebu: { ip: '136.158.10.22', country: 'PH' },
  dayton: { ip: '65.185.40.17', country: 'US' },
  columbus: { ip: '65.24.60.17', country: 'US' },
};

/** Integration servers of the hospital that hold patient data. */
export const EHR = {
  ehr: '10.10.4.21',
  ehrStandby: '10.10.4.22',
  him: '10.10.4.30',
  interfaces: '10.10.4.40',
  dictation: '10.10.5.12',
};

/** Staff, each at the workstation they use. Invented names. */
export const STAFF = [
  'jdoe',
  'mkeller',
  'tnguyen',
  'aokafor',
  'sramirez',
  'lhoffman',
  'pschmidt',
  'dwashington',
  'kpatel',
  'rjohansson',
  'bcarter',
  'ehughes',
  'fmoretti',
  'gsullivan',
  'hyamada',
  'icastillo',
  'jbaptiste',
  'kfischer',
  'lgreene',
  'mabara',
  'nrosen',
  'odaniels',
  'pkowalski',
  'qharris',
  'rbennett',
  'sivanova',
  'tmurphy',
  'uwallace',
  'vortega',
  'wlindqvist',
  'xcheng',
  'ybrooks',
  'zadams',
  'm ortiz@riverbend.example',
  'nurse.station4',
  'nurse.station7',
  'frontdesk2',
  'pharmacy1',
].map((user, index) => ({ user, ip: `10.20.${1 + (index % 6)}.${31 + index * 3}`, key: fingerprint(user) }));

export function staff(user) {
  const person = STAFF.find((it) => it.user === user);
  if (person === undefined) throw new Error(`no such member of staff: ${user}`);
  return person;
}

/** The account that stages charts on our SFTP server. */
export const STAGING = { user: 'svc_ehr', uid: 998, ip: EHR.ehr, key: fingerprint('svc_ehr') };
