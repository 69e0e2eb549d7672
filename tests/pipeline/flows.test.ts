import { expect, test } from 'vitest';
import type { Trace } from '../../src/pipeline/inspect.ts';
import type { FormatChoice } from '../../src/sources/settings.ts';
import { inspectAll, stagesOf, vendor } from './stages.ts';

/** 8.8.1.1 is in India, 8.8.2.1 in the US. */
const ACME = vendor('acme', { domains: ['up.acme.example'], networks: ['8.8.1.0/24', '8.8.2.0/24'] });

/** Every finding in short: rule, severity, claim, direction, bytes. */
function found(traces: readonly Trace[]): readonly string[] {
  return traces.flatMap((trace) => {
    if (trace.kind === 'no-record') return [`${trace.reading.kind}`];
    return trace.activities.flatMap((it) => {
      if (it.kind === 'of-no-interest') return [it.residency.verdict];
      return it.judgements.flatMap(({ finding }) =>
        finding === undefined
          ? []
          : [
              `${finding.rule} ${finding.claim} ${finding.activity.kind} ${it.activity.part} ${finding.bytes ?? 'unknown'}`,
            ],
      );
    });
  });
}

const seen = (format: FormatChoice, lines: readonly string[]) =>
  found(inspectAll(lines, stagesOf({ format, inside: 'by-address', vendors: [ACME] })));

const conn = (client: string, server: string, up: string, down: string, state = 'SF') =>
  `{"_path":"conn","ts":1795442400.0,"uid":"C1","id.orig_h":"${client}","id.orig_p":51514,"id.resp_h":"${server}","id.resp_p":443,"proto":"tcp","duration":1.0,"orig_bytes":${up},"resp_bytes":${down},"conn_state":"${state}"}`;

test.each<[string, string, string[]]>([
  [
    'an upload to a vendor abroad',
    conn('10.1.2.3', '8.8.1.1', '66893', '312'),
    ['phi-outside-territory delivered transfer to-server 66893'],
  ],
  ['an upload to a vendor at home', conn('10.1.2.3', '8.8.2.1', '66893', '312'), ['home']],
  [
    'a vendor abroad that pulls data out of our server',
    conn('8.8.1.1', '10.0.0.5', '312', '66893'),
    ['phi-outside-territory delivered transfer to-client 66893'],
  ],
  [
    'a vendor abroad that was sent no more than a handshake',
    conn('10.1.2.3', '8.8.1.1', '890', '4212'),
    ['phi-outside-territory indicator transfer to-server 890'],
  ],
  [
    'a server abroad that never answered',
    conn('10.1.2.3', '8.8.1.1', '66893', '0', 'S0'),
    ['phi-outside-territory attempted transfer to-server 66893'],
  ],
  ['a connection between our own machines', conn('10.1.2.3', '10.0.0.5', '66893', '312'), ['not-public', 'not-public']],
])('Zeek: %s', (_, line, findings) => {
  expect(seen('zeek', [line])).toEqual(findings);
});

test('a firewall, a flow log and a sensor say the same of one upload', () => {
  const fortigate =
    'date=2026-11-23 time=14:00:00 eventtime=1795442400 type="traffic" subtype="forward" srcip=10.1.2.3 srcport=51514 dstip=8.8.1.1 dstport=443 sessionid=1 action="close" sentbyte=66893 rcvdbyte=312';
  const paloalto =
    '1,2026/11/23 14:00:00,007,TRAFFIC,end,2560,2026/11/23 14:00:00,10.1.2.3,8.8.1.1,0.0.0.0,0.0.0.0,out,,,ssl,vsys1,trust,untrust,e1,e2,siem,x,1,1,51514,443,0,0,0x0,tcp,allow,67205,66893,312,99,2026/11/23 13:59:00,60,any';
  const vpc = '2 1 eni-1 10.1.2.3 8.8.1.1 51514 443 6 99 66893 1795442340 1795442400 ACCEPT OK';
  const suricata =
    '{"timestamp":"2026-11-23T14:00:00.000000+0000","event_type":"flow","src_ip":"10.1.2.3","src_port":51514,"dest_ip":"8.8.1.1","dest_port":443,"proto":"TCP","flow":{"bytes_toserver":66893,"bytes_toclient":312,"state":"closed"}}';
  const expected = ['phi-outside-territory delivered transfer to-server 66893'];
  expect(seen('fortigate', [fortigate])).toEqual(expected);
  expect(seen('paloalto', [paloalto])).toEqual(expected);
  expect(seen('aws-vpc-flow', [vpc])).toEqual(expected);
  expect(seen('suricata', [suricata])).toEqual(expected);
});

test('what a firewall refused moved nothing, and the answer half of a flow log goes to nobody outside', () => {
  const refused =
    'date=2026-11-23 time=14:00:00 eventtime=1795442400 type="traffic" subtype="forward" srcip=10.1.2.3 dstip=8.8.1.1 action="deny" sentbyte=0 rcvdbyte=0';
  expect(seen('fortigate', [refused])).toEqual([]);
  const answer = '2 1 eni-1 8.8.1.1 10.1.2.3 443 51514 6 9 312 1795442340 1795442400 ACCEPT OK';
  expect(seen('aws-vpc-flow', [answer])).toEqual([]);
});

test('a file that a sensor saw on its way abroad is judged by its name, whoever the receiver is', () => {
  const file =
    '{"timestamp":"2026-11-23T14:00:00.000000+0000","event_type":"fileinfo","src_ip":"10.1.2.3","src_port":51514,"dest_ip":"8.8.1.2","dest_port":80,"fileinfo":{"filename":"claims-batch.837","state":"CLOSED","size":66893}}';
  const traces = inspectAll([file], stagesOf({ format: 'suricata', inside: 'by-address' }));
  expect(found(traces)).toEqual(['phi-to-unregistered-endpoint delivered transfer to-server 66893']);
});

test('a DLP verdict of the gateway itself makes it PHI, whoever the receiver is', () => {
  const zscaler =
    '{"epochtime":"1795442400","proto":"HTTPS","eurl":"drop.example/x","action":"Allowed","reqmethod":"POST","reqsize":"66893","respsize":"90","respcode":"200","cip":"10.1.2.3","sip":"8.8.1.2","ehost":"drop.example","dlpeng":"HIPAA","dlpdict":"Medical Information"}';
  const [trace] = inspectAll([zscaler], stagesOf({ format: 'zscaler', inside: 'client' }));
  const [activity] = trace?.kind === 'record' ? trace.activities : [];
  expect(activity?.kind === 'judged' && activity.assessment.phi).toMatchObject({ basis: 'dlp-verdict' });
  expect(found(trace === undefined ? [] : [trace])).toEqual([
    'phi-to-unregistered-endpoint delivered transfer to-server 66893',
  ]);
});

test('the locator hears how fast the receiver answered, and of a client that took data it hears nothing', () => {
  const heard: unknown[] = [];
  const stages = stagesOf({
    format: { haproxy: '%ci:%cp [%t] %s %Tw/%Tc/%Tt %U %B %ts %si:%sp' },
    inside: 'by-address',
  });
  const locator: typeof stages.locator = {
    ...stages.locator,
    locate: (ip, atMs, sighting) => {
      heard.push([ip, sighting]);
      return stages.locator.locate(ip, atMs);
    },
  };
  const line = (client: string, server: string) =>
    `${client}:55102 [24/Nov/2026:04:08:19.062] v1 1/3/151 66893 2273 -- ${server}:443`;
  inspectAll([line('10.1.2.3', '8.8.1.1'), line('8.8.1.1', '10.0.0.5')], { ...stages, locator });
  expect(heard).toEqual([
    ['8.8.1.1', { connectMs: 4 }],
    ['8.8.1.1', undefined],
  ]);
});
