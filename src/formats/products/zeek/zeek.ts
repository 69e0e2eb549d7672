import type { Format, Sample } from '../../format.ts';
import { zeekReader } from './reader.ts';

function header(path: string, fields: string): readonly Sample[] {
  return [
    '#separator \\x09',
    '#set_separator\t,',
    '#empty_field\t(empty)',
    '#unset_field\t-',
    `#path\t${path}`,
    '#open\t2026-11-24-04-00-00',
    `#fields\t${fields.replaceAll(' ', '\t')}`,
  ].map((line) => ({ line, record: 'skipped' }));
}

const ends = {
  client: { ip: '10.1.2.3', port: 51_514 },
  server: { ip: '192.0.2.9', port: 443 },
} as const;

const samples: readonly Sample[] = [
  ...header(
    'conn',
    'ts uid id.orig_h id.orig_p id.resp_h id.resp_p proto service duration orig_bytes resp_bytes conn_state missed_bytes history orig_pkts orig_ip_bytes resp_pkts resp_ip_bytes',
  ),
  {
    line: '1795493096.168433\tCUv3h84XRk8Z7LrPfb\t10.1.2.3\t51514\t192.0.2.9\t443\ttcp\tssl\t65.190204\t1048840\t312\tSF\t0\tShADadfF\t940\t1097720\t240\t12804',
    record: {
      kind: 'flow',
      time: '2026-11-24T04:04:56.168Z',
      ...ends,
      bytesToServer: 1_048_840,
      bytesToClient: 312,
      durationMs: 65_190,
      session: 'CUv3h84XRk8Z7LrPfb',
      outcome: 'success',
      proxyResult: 'SF',
    },
  },
  {
    line: '1795493097.000000\tCa1b2c3d4e5f6g7h8\t10.1.2.3\t8\t192.0.2.9\t0\ticmp\t-\t-\t-\t-\tOTH\t0\t-\t1\t84\t0\t0',
    record: {
      kind: 'flow',
      time: '2026-11-24T04:04:57.000Z',
      client: { ip: '10.1.2.3' },
      server: { ip: '192.0.2.9' },
      session: 'Ca1b2c3d4e5f6g7h8',
      proxyResult: 'OTH',
    },
  },
  { line: '#close\t2026-11-24-05-00-00', record: 'skipped' },
  ...header(
    'http',
    'ts uid id.orig_h id.orig_p id.resp_h id.resp_p trans_depth method host uri referrer version user_agent request_body_len response_body_len status_code username orig_filenames orig_mime_types resp_mime_types',
  ),
  {
    line: '1795493098.100000\tCh1\t10.1.2.3\t51515\t192.0.2.9\t8080\t1\tPOST\tup.vendor.example\t/in?name=J\\x09D\thttp://portal.hosp.example/\t1.1\tcurl/8.5.0\t66893\t120\t201\tjdoe\tcensus\\xc3\\xa9.csv,other.csv\ttext/plain,text/csv\tapplication/json',
    record: {
      kind: 'http',
      time: '2026-11-24T04:04:58.100Z',
      client: { ip: '10.1.2.3', port: 51_515, user: 'jdoe' },
      server: { ip: '192.0.2.9', port: 8080, host: 'up.vendor.example' },
      bytesToServer: 66_893,
      bytesToClient: 120,
      method: 'POST',
      url: 'http://up.vendor.example:8080/in?name=J\tD',
      status: 201,
      contentType: 'text/plain',
      file: { path: 'censusé.csv', operation: 'write' },
      session: 'Ch1',
      outcome: 'success',
      agent: 'curl/8.5.0',
      referrer: 'http://portal.hosp.example/',
      reached: 'server',
    },
  },
  {
    line: '{"_path":"http","ts":1795493098.5,"uid":"Ch2","id.orig_h":"10.1.2.3","id.orig_p":51516,"id.resp_h":"10.0.0.8","id.resp_p":3128,"trans_depth":1,"method":"CONNECT","host":"up.vendor.example:443","uri":"up.vendor.example:443","request_body_len":0,"response_body_len":0,"status_code":200}',
    record: {
      kind: 'http',
      time: '2026-11-24T04:04:58.500Z',
      client: { ip: '10.1.2.3', port: 51_516 },
      server: { port: 3128, host: 'up.vendor.example' },
      bytesToServer: 0,
      bytesToClient: 0,
      method: 'CONNECT',
      url: 'up.vendor.example:443',
      status: 200,
      session: 'Ch2',
      outcome: 'success',
      reached: 'parent-proxy',
    },
  },
  {
    line: '{"ts":"2026-11-24T04:05:01.250000Z","uid":"Cs1","id":{"orig_h":"10.1.2.3","orig_p":51514,"resp_h":"192.0.2.9","resp_p":443},"version":"TLSv13","cipher":"TLS_AES_256_GCM_SHA384","server_name":"up.vendor.example","resumed":false,"established":true}',
    record: {
      kind: 'flow',
      time: '2026-11-24T04:05:01.250Z',
      client: ends.client,
      server: { ip: '192.0.2.9', port: 443, host: 'up.vendor.example' },
      session: 'Cs1',
      outcome: 'success',
    },
  },
  {
    line: '{"_path":"ssh","ts":1795493102.0,"uid":"Cs2","id.orig_h":"10.1.2.3","id.orig_p":51517,"id.resp_h":"192.0.2.9","id.resp_p":22,"version":2,"auth_success":true,"auth_attempts":1,"client":"SSH-2.0-OpenSSH_9.2","server":"SSH-2.0-OpenSSH_10.0"}',
    record: {
      kind: 'flow',
      time: '2026-11-24T04:05:02.000Z',
      client: { ip: '10.1.2.3', port: 51_517 },
      server: { ip: '192.0.2.9', port: 22 },
      session: 'Cs2',
      outcome: 'success',
      agent: 'SSH-2.0-OpenSSH_9.2',
    },
  },
  ...header(
    'files',
    'ts fuid tx_hosts rx_hosts conn_uids source depth analyzers mime_type filename duration local_orig is_orig seen_bytes total_bytes',
  ),
  {
    line: '1795493103.000000\tF1\t10.1.2.3\t192.0.2.9,192.0.2.10\tCh1\tHTTP\t0\t(empty)\ttext/csv\tcensus.csv\t0.100000\tT\tT\t66893\t66893',
    record: {
      kind: 'flow',
      time: '2026-11-24T04:05:03.000Z',
      client: { ip: '10.1.2.3' },
      server: { ip: '192.0.2.9' },
      bytesToServer: 66_893,
      bytesToClient: 0,
      contentType: 'text/csv',
      file: { path: 'census.csv', operation: 'write' },
      session: 'Ch1',
      outcome: 'success',
    },
  },
  {
    line: '{"_path":"ftp","ts":1795493104.0,"uid":"Cf1","id.orig_h":"192.0.2.17","id.orig_p":40000,"id.resp_h":"10.0.0.5","id.resp_p":21,"user":"coder1","password":"<hidden>","command":"RETR","arg":"ftp://10.0.0.5/out/charts.zip","mime_type":"application/zip","file_size":524288,"reply_code":226,"reply_msg":"Transfer complete"}',
    record: {
      kind: 'flow',
      time: '2026-11-24T04:05:04.000Z',
      client: { ip: '192.0.2.17', port: 40_000, user: 'coder1' },
      server: { ip: '10.0.0.5', port: 21 },
      bytesToServer: 0,
      bytesToClient: 524_288,
      contentType: 'application/zip',
      file: { path: '/out/charts.zip', operation: 'read' },
      session: 'Cf1',
      outcome: 'success',
    },
  },
  { line: '{"_path":"dns","ts":1795493105.0,"uid":"Cd1","query":"up.vendor.example"}', record: 'skipped' },
];

/** Zeek, once Bro. */
export const zeek: Format = {
  name: 'zeek',
  product: 'Zeek conn, http, ssl, ssh, files and ftp logs, tab-separated or JSON',
  manual:
    'Book of Zeek, "Zeek Log Formats and Inspection" and the log references of conn.log, http.log, ssl.log, ssh.log, files.log, ftp.log',
  tells: {
    kind: 'always',
    timeMs: 'always',
    client: 'always',
    server: 'always',
    bytesToServer: 'sometimes',
    bytesToClient: 'sometimes',
    durationMs: 'sometimes',
    method: 'sometimes',
    url: 'sometimes',
    status: 'sometimes',
    contentType: 'sometimes',
    file: 'sometimes',
    session: 'sometimes',
    outcome: 'sometimes',
    agent: 'sometimes',
    referrer: 'sometimes',
    proxyResult: 'sometimes',
    reached: 'sometimes',
  },
  blindSpots: [
    {
      missing: 'the name of the server in conn.log, and the sizes in ssl.log',
      consequence:
        'a vendor that is declared by domains alone is found in ssl.log with no size: declare its networks too',
    },
    {
      missing: 'the content of what is encrypted',
      consequence: 'such a connection shows its ends and sizes',
    },
    {
      missing: 'connections before they end',
      consequence: 'a tunnel that stays open for days is seen days later',
      remedy: { file: '/opt/zeek/share/zeek/site/local.zeek', line: '@load policy/protocols/conn/long-connections' },
    },
    {
      missing: 'bytes that the sensor missed (missed_bytes, capture loss)',
      consequence: 'sizes are too small there, and of a connection in the state OTH they are not to be trusted',
      remedy: { file: '/opt/zeek/share/zeek/site/local.zeek', line: '@load misc/capture-loss' },
    },
    {
      missing: 'the server behind a forward proxy',
      consequence: "the address is the proxy's: such receivers have a name and no location",
    },
  ],
  samples,
  reader: zeekReader,
};
