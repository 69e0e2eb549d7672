import { EHR, staff, UNREGISTERED, VENDORS } from './cast.mjs';
import { at } from './day.mjs';
import { bumpRow, squidRow, tunnelRow } from './squid-row.mjs';

const X12 = 'application/edi-x12';
const PDF = 'application/pdf';
const ZIP = 'application/zip';
const FHIR = 'application/fhir+json';
const FORM = 'multipart/form-data; boundary=----WebKitFormBoundary7MA4YWxkTrZu0gW';

const BUCKEYE = {
  ...VENDORS.buckeye,
  story: 'a vendor that behaves: endpoint in Ohio',
  rule: null,
  because: 'the receiver is in the United States',
};
const SUMMIT_RIDGE = {
  ...VENDORS.summitRidge,
  story: 'a vendor with a US office whose upload endpoint is in India',
  rule: 'phi-outside-territory',
  because: 'charts and claims went to India; the agreement permits the United States and its territories',
};
const LAKEFRONT = {
  ...VENDORS.lakefront,
  story: 'a vendor at an address on which the databases disagree',
  rule: 'location-undetermined',
  because: 'one database says India, the other United States',
};
const CARIBE = {
  ...VENDORS.caribe,
  story: 'a vendor in Puerto Rico',
  rule: null,
  because: 'Puerto Rico is a territory of the United States, and the agreement permits territories',
};
const NOBODYS = {
  ...UNREGISTERED,
  id: null,
  story: 'patient resources to a destination that nobody registered',
  rule: 'phi-to-unregistered-endpoint',
  because: 'FHIR resources from the EHR went to Germany, and no vendor declares the endpoint',
};

const SSN_CHART = '/intake/charts/DOE_JOHN_SSN-078-05-1120_facesheet.pdf';
const MBI_CHART = '/intake/charts/MBI-1EG4-TE5-MK73_encounter_20261120.pdf';

/** Uploads through the decrypting port: [local time, receiver, sender, method, path, media type, bytes with headers, replies]. */
const UPLOADS = [
  ['06:48:11', BUCKEYE, 'ehr', 'PUT', '/in/837/837I_20261122_0001.x12', X12, 418_233],
  ['06:48:15', BUCKEYE, 'ehr', 'PUT', '/in/837/837P_20261122_0002.x12', X12, 286_904],
  ['08:20:40', BUCKEYE, 'him', 'PUT', '/in/charts/MRN-00518822_ROE_RICHARD_ED_20261121.pdf', PDF, 2_418_116],
  ['08:20:52', BUCKEYE, 'him', 'PUT', '/in/charts/MRN-00519034_encounter_20261121.pdf', PDF, 1_206_480],
  ['09:55:03', BUCKEYE, 'him', 'PUT', '/in/charts/MRN-00519377_op-note_20261121.pdf', PDF, 884_612],
  ['11:31:27', BUCKEYE, 'ehr', 'PUT', '/in/837/837P_20261123_0003.x12', X12, 331_870],
  ['13:44:19', BUCKEYE, 'him', 'PUT', '/in/charts/charts_20261123_am.zip', ZIP, 18_740_233],
  ['15:02:58', BUCKEYE, 'ehr', 'PUT', '/in/837/837I_20261123_0004.x12', X12, 402_519],
  ['17:20:06', BUCKEYE, 'him', 'PUT', '/in/charts/charts_20261123_pm.zip', ZIP, 21_963_870],

  ['07:41:09', SUMMIT_RIDGE, 'ehr', 'PUT', '/intake/837/837P_20261122_0001.x12', X12, 512_644],
  ['07:41:14', SUMMIT_RIDGE, 'ehr', 'PUT', '/intake/837/837I_20261122_0002.x12', X12, 748_310],
  ['08:12:30', SUMMIT_RIDGE, 'him', 'PUT', '/intake/charts/MRN-00482917_DOE_JANE_IP_20261119.pdf', PDF, 3_284_551],
  ['08:12:44', SUMMIT_RIDGE, 'him', 'PUT', '/intake/charts/MRN-00482931_discharge_20261119.pdf', PDF, 1_940_208],
  ['08:12:57', SUMMIT_RIDGE, 'him', 'PUT', SSN_CHART, PDF, 611_382],
  ['09:05:21', SUMMIT_RIDGE, 'him', 'PUT', '/intake/charts/MRN-00483006_op-note_20261120.pdf', PDF, 872_490],
  ['09:05:33', SUMMIT_RIDGE, 'him', 'PUT', MBI_CHART, PDF, 1_118_034],
  ['09:40:02', SUMMIT_RIDGE, 'ehr', 'PUT', '/intake/837/837P_20261123_0003.x12', X12, 498_127],
  ['10:10:48', SUMMIT_RIDGE, 'him', 'POST', '/api/v2/batches', FORM, 9_640_877],
  ['10:38:15', SUMMIT_RIDGE, 'him', 'PUT', '/intake/charts/MRN-00483120_encounter_20261120.pdf', PDF, 1_420_663],
  ['10:38:26', SUMMIT_RIDGE, 'him', 'PUT', '/intake/charts/MRN-00483121_encounter_20261120.pdf', PDF, 1_387_912],
  ['11:15:39', SUMMIT_RIDGE, 'ehr', 'PUT', '/intake/837/837I_20261123_0004.x12', X12, 690_415],
  ['11:52:07', SUMMIT_RIDGE, 'him', 'POST', '/api/v2/batches', FORM, 12_208_340],
  ['12:40:55', SUMMIT_RIDGE, 'him', 'PUT', '/intake/charts/charts_20261123_am.zip', ZIP, 28_417_906],
  ['13:18:20', SUMMIT_RIDGE, 'him', 'PUT', '/intake/charts/MRN-00483344_SMITH_PAT_ED_20261121.pdf', PDF, 742_180],
  ['13:50:44', SUMMIT_RIDGE, 'ehr', 'PUT', '/intake/837/837P_20261123_0005.x12', X12, 503_288],
  ['14:22:31', SUMMIT_RIDGE, 'him', 'PUT', '/intake/charts/MRN-00483391_pathology_20261121.pdf', PDF, 1_018_266],
  ['14:22:40', SUMMIT_RIDGE, 'him', 'PUT', '/intake/charts/MRN-00483392_pathology_20261121.pdf', PDF, 996_031],
  ['15:06:12', SUMMIT_RIDGE, 'him', 'POST', '/api/v2/batches', FORM, 8_115_702],
  ['15:47:03', SUMMIT_RIDGE, 'ehr', 'PUT', '/intake/837/837I_20261123_0006.x12', X12, 721_559],
  ['16:15:50', SUMMIT_RIDGE, 'him', 'PUT', '/intake/charts/MRN-00483470_facesheet_20261122.pdf', PDF, 288_914],
  ['16:58:26', SUMMIT_RIDGE, 'ehr', 'PUT', '/intake/837/837P_20261123_0007.x12', X12, 477_360],
  ['17:33:08', SUMMIT_RIDGE, 'him', 'PUT', '/intake/charts/MRN-00483512_census_20261123.csv', 'text/csv', 84_207],
  ['18:05:41', SUMMIT_RIDGE, 'him', 'PUT', '/intake/charts/charts_20261123_pm.zip', ZIP, 33_706_128],
  ['18:31:17', SUMMIT_RIDGE, 'ehr', 'PUT', '/intake/837/837I_20261123_0008.x12', X12, 655_083],

  ['08:34:10', LAKEFRONT, 'dictation', 'POST', '/v1/dictations', 'audio/x-wav', 4_180_622],
  ['09:21:45', LAKEFRONT, 'dictation', 'POST', '/v1/dictations', 'audio/x-wav', 6_702_118],
  ['10:47:31', LAKEFRONT, 'dictation', 'POST', '/v1/dictations', 'audio/x-wav', 3_355_904],
  ['11:38:02', LAKEFRONT, 'dictation', 'POST', '/v1/dictations', 'audio/x-wav', 5_019_377],
  ['13:29:54', LAKEFRONT, 'dictation', 'POST', '/v1/dictations', 'audio/x-wav', 7_240_015],
  ['14:51:18', LAKEFRONT, 'dictation', 'POST', '/v1/dictations', 'audio/x-wav', 2_887_496],
  ['16:09:36', LAKEFRONT, 'dictation', 'POST', '/v1/dictations', 'audio/x-wav', 4_466_230],

  ['09:12:05', CARIBE, 'ehr', 'PUT', '/drop/837P_20261122_0101.x12', X12, 264_117],
  ['11:02:48', CARIBE, 'ehr', 'PUT', '/drop/837P_20261123_0102.x12', X12, 301_954],
  ['12:16:33', CARIBE, 'ehr', 'PUT', '/drop/837I_20261123_0103.x12', X12, 288_640],
  ['14:37:20', CARIBE, 'ehr', 'PUT', '/drop/837P_20261123_0104.x12', X12, 277_302],
  ['16:41:59', CARIBE, 'ehr', 'PUT', '/drop/835_remit_20261123_0105.x12', X12, 193_481],

  ['10:14:07', NOBODYS, 'interfaces', 'POST', '/fhir/R4/Patient', FHIR, 3644],
  ['10:14:09', NOBODYS, 'interfaces', 'POST', '/fhir/R4/Encounter', FHIR, 2918],
  ['10:14:12', NOBODYS, 'interfaces', 'PUT', '/fhir/R4/Patient/MRN-00482917', FHIR, 3702],
  ['10:14:31', NOBODYS, 'interfaces', 'POST', '/fhir/R4/Bundle', FHIR, 184_266],
  ['14:14:05', NOBODYS, 'interfaces', 'POST', '/fhir/R4/Patient', FHIR, 3589],
  ['14:14:08', NOBODYS, 'interfaces', 'POST', '/fhir/R4/Condition', FHIR, 2240],
  ['14:14:26', NOBODYS, 'interfaces', 'POST', '/fhir/R4/Bundle', FHIR, 201_733],
  ['18:14:06', NOBODYS, 'interfaces', 'POST', '/fhir/R4/DocumentReference', FHIR, 96_418],
  ['18:14:22', NOBODYS, 'interfaces', 'POST', '/fhir/R4/Bundle', FHIR, 157_092],
];

/** Tunnels that the proxy cannot look into: [local time of the end, receiver, member of staff, bytes up, bytes down, seconds]. */
const TUNNELS = [
  ['08:03:27', BUCKEYE, 'tnguyen', 1_284_400, 9240, 41],
  ['10:27:12', BUCKEYE, 'aokafor', 2_906_118, 11_873, 77],
  ['14:09:50', BUCKEYE, 'tnguyen', 1_770_365, 10_022, 58],
  ['16:33:21', BUCKEYE, 'aokafor', 948_207, 8866, 36],
  ['07:58:46', SUMMIT_RIDGE, 'sramirez', 2_117_904, 10_418, 63],
  ['09:27:15', SUMMIT_RIDGE, 'lhoffman', 4_830_266, 12_907, 118],
  ['11:29:33', SUMMIT_RIDGE, 'sramirez', 1_562_810, 9720, 52],
  ['13:33:58', SUMMIT_RIDGE, 'lhoffman', 3_408_195, 11_664, 94],
  ['15:24:42', SUMMIT_RIDGE, 'sramirez', 2_655_037, 10_981, 71],
  ['17:11:09', SUMMIT_RIDGE, 'lhoffman', 1_903_448, 9902, 60],
  ['10:05:24', LAKEFRONT, 'pschmidt', 3_012_775, 10_340, 66],
  ['15:38:17', LAKEFRONT, 'pschmidt', 2_448_091, 9811, 55],
  ['13:07:40', CARIBE, 'dwashington', 812_633, 8410, 33],
];

/** Every exchange with the vendors of the day, and with the one that should be in the register and is not. */
export function vendorWeb(random) {
  return [
    ...UPLOADS.flatMap((it) => upload(random, it)),
    ...TUNNELS.map((it) => tunnel(random, it)),
    ...notDelivered(random),
  ];
}

function upload(random, [clock, vendor, sender, method, path, requestType, up]) {
  const client = EHR[sender];
  const user = userOf(sender);
  const ms = 240 + Math.round(up / random.between(900, 2400));
  const endMs = at(clock) + ms + random.between(0, 999);
  const created = method === 'POST' || random.chance(0.8);
  return [
    bumpRow({ endMs: endMs - ms - random.between(1, 8), ms: random.between(11, 30), client, host: vendor.host, user }),
    squidRow({
      endMs,
      ms,
      client,
      result: 'TCP_MISS',
      status: created ? 201 : 204,
      down: random.between(238, 640),
      method,
      url: `https://${vendor.host}${path}`,
      user,
      peer: `HIER_DIRECT/${vendor.ip}`,
      type: created ? (requestType === FHIR ? FHIR : 'application/json') : '-',
      up,
      requestType,
      truth: truthOf(vendor, up, 'delivered'),
    }),
  ];
}

function tunnel(random, [clock, vendor, user, up, down, seconds]) {
  const ms = seconds * 1000 + random.between(0, 999);
  return tunnelRow({
    endMs: at(clock) + random.between(0, 999),
    ms,
    client: staff(user).ip,
    host: vendor.host,
    ip: vendor.ip,
    user,
    down,
    up,
    truth: truthOf(vendor, up, 'delivered'),
  });
}

/** Four tries to send to India that did not arrive: turned away twice, broken off, refused. */
function notDelivered(random) {
  const vendor = SUMMIT_RIDGE;
  const base = { client: EHR.him, user: 'svc_him', method: 'PUT', peer: `HIER_DIRECT/${vendor.ip}` };
  const connect = { method: 'CONNECT', url: `${vendor.host}:443`, result: 'TCP_DENIED', type: 'text/html' };
  const turnedAway = {
    story: vendor.story,
    kind: 'denied',
    vendor: vendor.id,
    receiver: { host: vendor.host },
    claim: null,
    rule: null,
    because: 'the proxy turned the request away: nothing reached the vendor',
  };
  const brokenOff = at('11:20:14') + random.between(0, 999);
  const refused = at('16:02:33') + random.between(0, 999);
  return [
    squidRow({
      ...connect,
      endMs: at('09:31:52'),
      ms: 1,
      client: staff('bcarter').ip,
      status: 403,
      down: 3917,
      user: 'bcarter',
      up: 246,
      truth: turnedAway,
    }),
    squidRow({
      ...connect,
      endMs: at('12:08:05'),
      ms: 0,
      client: EHR.him,
      status: 407,
      down: 3566,
      up: 178,
      truth: turnedAway,
    }),
    bumpRow({ endMs: brokenOff - 31_204, ms: 18, client: EHR.him, host: vendor.host, user: 'svc_him' }),
    squidRow({
      ...base,
      endMs: brokenOff,
      ms: 31_190,
      result: 'TCP_MISS_ABORTED',
      status: 0,
      down: 0,
      url: `https://${vendor.host}/intake/charts/charts_20261122_backlog.zip`,
      up: 2_162_688,
      requestType: ZIP,
      truth: attempt(vendor, 2_162_688, 'the client broke the upload off: it was attempted, not delivered'),
    }),
    bumpRow({ endMs: refused - 412, ms: 15, client: EHR.him, host: vendor.host, user: 'svc_him' }),
    squidRow({
      ...base,
      endMs: refused,
      ms: 398,
      result: 'TCP_MISS',
      status: 503,
      down: 3440,
      url: `https://${vendor.host}/intake/charts/MRN-00483466_encounter_20261122.pdf`,
      type: 'text/html',
      up: 61_877,
      requestType: PDF,
      truth: attempt(vendor, 61_877, 'answered 503: it was attempted, not provably delivered'),
    }),
  ];
}

function attempt(vendor, bytes, because) {
  return { ...truthOf(vendor, bytes, 'attempted'), because };
}

function truthOf({ story, id, ip, host, country, rule, because }, bytes, claim) {
  return { story, kind: 'transfer', vendor: id, receiver: { ip, host }, country, bytes, claim, rule, because };
}

function userOf(sender) {
  return { ehr: 'svc_ehr', him: 'svc_him', interfaces: 'svc_interface', dictation: 'svc_dictation' }[sender];
}
