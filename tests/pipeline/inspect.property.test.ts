import fc from 'fast-check';
import { expect, test } from 'vitest';
import { findingsOf, inspect } from '../../src/pipeline/inspect.ts';
import type { InsideSide } from '../../src/sources/settings.ts';
import { line } from '../transfers/examples.ts';
import { newMemory, PLACES, SQUID_UP, stagesOf, vendor } from './stages.ts';

const VENDORS = [
  vendor('acme', { domains: ['up.acme.example'], accounts: ['acme_*'], networks: ['8.8.4.0/24'] }),
  vendor('mixed', { domains: ['*.mixed.example'] }, { carries: 'mixed' }),
  vendor('none', { domains: ['none.example'] }, { carries: 'none' }),
];
const PHI = { systems: [{ name: 'ehr', networks: ['10.10.0.0/16'], paths: ['/outbound/**'] }] };

const word = fc.string({ unit: 'binary', maxLength: 12 }).map((it) => it.replace(/\s/g, '') || '-');

/** The constants that lead somewhere, now and then anything. */
function mostly(usual: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc.oneof({ weight: 12, arbitrary: usual }, { weight: 1, arbitrary: word });
}

const ip = mostly(fc.constantFrom(...Object.keys(PLACES), '10.10.1.1', '::1', '-', '9.9.9.9'));
const size = mostly(fc.constantFrom('0', '-', '312', '890', '66893', '99999999999999999999'));
const host = mostly(fc.constantFrom('up.acme.example', 'a.mixed.example', 'none.example', 'x.example', '[::1]'));
const path = mostly(
  fc.constantFrom('fhir/R4/Patient/123', 'in/a.837', 'in?ssn=078-05-1120&dx=C50.9', 'studies/1.2.3', '%00%ff%', ''),
);
const time = mostly(fc.constantFrom('1795442400.000', '0.000', '99999999999999.000', '1795442400'));
const user = mostly(fc.constantFrom('-', 'acme_sftp', 'j doe'));

const squidLine = fc
  .tuple(
    time,
    ip,
    fc.constantFrom('TCP_MISS', 'TCP_TUNNEL', 'TCP_MISS_ABORTED', 'NONE_NONE', 'TCP_DENIED', 'TCP_HIT', 'TCP_REDIRECT'),
    fc.constantFrom('000', '200', '201', '302', '403', '407', '503', '-'),
    size,
    fc.constantFrom('GET', 'PUT', 'POST', 'CONNECT', 'HEAD', 'GARBAGE', '-'),
    host,
    path,
    user,
    fc.constantFrom('HIER_DIRECT', 'HIER_NONE', 'FIRSTUP_PARENT', 'ORIGINAL_DST', 'SIBLING_HIT', 'UNHEARD_OF'),
    ip,
    size,
  )
  .map(([at, client, result, status, down, method, to, what, who, code, server, up]) => {
    const target = method === 'CONNECT' ? `${to}:443` : `http://${to}/${what}`;
    return `${at}    151 ${client} ${result}/${status} ${down} ${method} ${target} ${who} ${code}/${server} text/html ${up}`;
  });

const pid = fc.integer({ min: 1, max: 3 });
const sshMessage = fc.oneof(
  fc
    .tuple(user, ip, pid)
    .map(([who, from, port]) => `sshd[9]: Accepted password for ${who} from ${from} port ${port} ssh2`),
  fc
    .tuple(pid, user, ip)
    .map(([id, who, from]) => `internal-sftp[${id}]: session opened for local user ${who} from [${from}]`),
  fc
    .tuple(pid, path, size)
    .map(([id, what, read]) => `internal-sftp[${id}]: close "/outbound/${what}" bytes read ${read} written 0`),
  fc.tuple(pid, path).map(([id, what]) => `internal-sftp[${id}]: forced close "/${what}" bytes read 5 written 7`),
  fc
    .tuple(pid, user, ip)
    .map(([id, who, from]) => `internal-sftp[${id}]: session closed for local user ${who} from [${from}]`),
  fc.tuple(user, ip, pid).map(([who, from, port]) => `sshd[9]: Disconnected from user ${who} ${from} port ${port}`),
);
const sshLine = sshMessage.map((message) => `2026-11-23T14:00:00.000000+00:00 gw1 ${message}`);

const inside = fc.constantFrom<InsideSide>('client', 'server', 'by-address');
const kinds = [
  { name: 'Squid', format: SQUID_UP, aLine: squidLine },
  { name: 'OpenSSH', format: 'openssh', aLine: sshLine },
] as const;

test.each(kinds)(
  'whatever $name lines say, inspecting them never throws, and nothing permitted is found',
  ({ format, aLine }) => {
    const gateways = new Map(
      (['client', 'server', 'by-address'] as const).map((side) => [
        side,
        stagesOf({ format, inside: side, vendors: VENDORS, phi: PHI }),
      ]),
    );
    let found = 0;
    fc.assert(
      fc.property(
        fc.array(fc.oneof({ weight: 9, arbitrary: aLine }, fc.string({ unit: 'binary' })), { maxLength: 12 }),
        inside,
        (lines, side) => {
          const stages = gateways.get(side);
          if (stages === undefined) throw new Error('No such side');
          const memory = newMemory();
          for (const [index, text] of lines.entries()) {
            const trace = inspect(line(text, index * 1000), stages, memory);
            const findings = findingsOf(trace);
            found += findings.length;
            for (const { residency } of findings) expect(['outside', 'concern', 'undetermined']).toContain(residency);
            expect(new Set(findings.map(({ activity }) => JSON.stringify(activity))).size).toBe(findings.length);
            if (trace.kind === 'record') expect(findings.length).toBeLessThanOrEqual(trace.activities.length);
          }
        },
      ),
      { numRuns: 1_000 },
    );
    // So that the promise is not kept by finding nothing.
    expect(found).toBeGreaterThan(100);
  },
);
