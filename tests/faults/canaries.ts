import { expect } from 'vitest';

/** What must never come out again, in any spelling. None belongs to anybody. */
export const CANARIES = {
  ssn: '078-05-1120',
  ssnBare: '219099999',
  mbi: '1EG4-TE5-MK73',
  mbiBare: '1EG4TE5MK73',
  mrn: '84736251',
  family: 'Quillfeather',
  given: 'Thessaly',
  born: '19480229',
};

const { ssn, ssnBare, mbi, mbiBare, mrn, family, given, born } = CANARIES;

export const SQUID_LINES = [
  // Query strings, of a GET and of an upload.
  `1795442400.001     10 10.1.2.3 TCP_MISS/200 312 GET http://upload.abroad.example/fhir/R4/Patient?identifier=${mrn}&family=${family}&ssn=${ssn} - HIER_DIRECT/192.0.2.9 application/fhir+json`,
  `1795442400.002     10 10.1.2.3 TCP_MISS/201 312 POST http://upload.abroad.example/in?mbi=${mbi}&given=${given}#${family} - HIER_DIRECT/192.0.2.9 -`,
  // Paths: as names, as identifiers, percent-encoded, in capitals.
  `1795442400.003     10 10.1.2.3 TCP_MISS/201 312 PUT http://upload.abroad.example/charts/${family.toUpperCase()}_${given}_${born}_MRN${mrn}.pdf - HIER_DIRECT/192.0.2.9 -`,
  `1795442400.004     10 10.1.2.3 TCP_MISS/201 312 PUT http://upload.abroad.example/charts/${family}%2C%20${given}/${ssn}.hl7 - HIER_DIRECT/192.0.2.9 -`,
  `1795442400.005     10 10.1.2.3 TCP_MISS/201 312 PUT http://upload.abroad.example/charts/%51uillfeather/${mbiBare}/${ssnBare} - HIER_DIRECT/192.0.2.9 -`,
  // The user, and a host name.
  `1795442400.006     10 10.1.2.3 TCP_MISS/201 312 PUT http://upload.abroad.example/a.837 ${given}.${family} HIER_DIRECT/192.0.2.9 -`,
  `1795442400.007     10 10.1.2.3 TCP_MISS/201 312 POST http://mrn${mrn}.unknown.example/fhir/R4/Patient/${mrn} - HIER_DIRECT/192.0.2.10 application/fhir+json`,
  // A line that cannot be read.
  `${family} ${given} ${ssn} ${mbi} MRN ${mrn} [[[`,
];

export const SSH_LINES = [
  `2026-11-23T14:00:00.000000+00:00 gw1 sshd[1]: Accepted password for abroad_sftp from 192.0.2.77 port 50000 ssh2`,
  `2026-11-23T14:00:01.000000+00:00 gw1 internal-sftp[2]: session opened for local user abroad_sftp from [192.0.2.77]`,
  `2026-11-23T14:00:02.000000+00:00 gw1 internal-sftp[2]: open "/outbound/${family}, ${given} ${born}.pdf" flags READ mode 0666`,
  `2026-11-23T14:00:03.000000+00:00 gw1 internal-sftp[2]: close "/outbound/${family}, ${given} ${born}.pdf" bytes read 66893 written 0`,
  `2026-11-23T14:00:04.000000+00:00 gw1 internal-sftp[3]: session opened for local user ${given}.${family} from [192.0.2.78]`,
  `2026-11-23T14:00:05.000000+00:00 gw1 internal-sftp[3]: close "/outbound/837P_MRN-${mrn}_${ssn}.x12" bytes read 100 written 0`,
  // A session whose beginning is not in the log, and a message that is cut.
  `2026-11-23T14:00:06.000000+00:00 gw1 internal-sftp[4]: close "/outbound/${mbi}.pdf" bytes read 100 written 0`,
  `2026-11-23T14:00:07.000000+00:00 gw1 internal-sftp[4]: close "/outbound/${family} ${ssn}`,
];

/** @param canaries what must not stand in the text, in any spelling. */
export function expectClean(text: string, where: string, canaries: Readonly<Record<string, string>> = CANARIES): void {
  const plain = decoded(text).toLowerCase();
  for (const [name, canary] of Object.entries(canaries))
    expect(plain.includes(canary.toLowerCase()), `${name} is in ${where}`).toBe(false);
}

function decoded(text: string): string {
  return text.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}
