import { authLog } from './auth-log.mjs';
import { cron, scanners } from './auth-noise.mjs';
import { CLIENTS, STAGING, staff, VENDORS } from './cast.mjs';
import { startUs } from './day.mjs';
import { login, logout, sftpSession } from './sshd-session.mjs';

const CARDINAL_PEAK = { ...VENDORS.cardinalPeak, user: VENDORS.cardinalPeak.account };
const BUCKEYE = { ...VENDORS.buckeye, user: VENDORS.buckeye.account };
const ADMIN = { ...staff('mkeller'), uid: 1010 };
const HIM = { ...staff('tnguyen'), uid: 1012 };

/** Chroot and forced command of the vendors' group. */
const VENDOR = { starts: "forced-command (config) 'internal-sftp -l INFO'" };
const STAFF_SFTP = { starts: "subsystem 'sftp'" };

const OFFSHORE_STORY = "a vendor's account is used from the Philippines during Manila's working day";
const OHIO_STORY = 'the same account and key, used from Ohio in the evening';
const BEHAVING_STORY = 'a vendor that behaves: its account is used from Ohio';

/** Charts that Cardinal Peak takes: [path in its jail, bytes]. Read from the Philippines, the first two lists; then from Ohio. */
const FIRST_NIGHT = [
  ['/outbound/charts/20261122/MRN-00481377_DOE_JANE_IP_20261120.pdf', 3_118_402],
  ['/outbound/charts/20261122/MRN-00481402_discharge_20261120.pdf', 1_884_655],
  ['/outbound/charts/20261122/MRN-00481419_op-note_20261120.pdf', 942_310],
  ['/outbound/charts/20261122/ROE_RICHARD_SSN-219-09-9999_facesheet.pdf', 402_877],
  ['/outbound/charts/20261122/MRN-00481455_encounter_20261121.pdf', 1_207_944],
  ['/outbound/charts/20261122/MBI-1EG4-TE5-MK73_encounter_20261121.pdf', 1_350_216],
  ['/outbound/charts/20261122/MRN-00481460_pathology_20261121.pdf', 815_093],
  ['/outbound/claims/837I_20261122_0003.x12', 603_518],
];
const SECOND_NIGHT = [
  ['/outbound/charts/20261122/MRN-00481502_SMITH_PAT_ED_20261121.pdf', 1_911_037],
  ['/outbound/charts/20261122/MRN-00481509_census_20261121.csv', 77_204],
  ['/outbound/charts/20261122/MRN-00481511_encounter_20261121.pdf', 1_108_460],
  ['/outbound/claims/837P_20261122_0004.x12', 488_271],
  ['/outbound/charts/20261122/MRN-00481533_discharge_20261121.pdf', 2_040_766],
];
const CUT_SHORT = ['/outbound/charts/20261122/charts_20261122_backlog.zip', 18_874_368];
const EVENING = [
  ['/outbound/charts/20261123/MRN-00483602_discharge_20261122.pdf', 1_733_810],
  ['/outbound/charts/20261123/MRN-00483611_op-note_20261122.pdf', 904_227],
  ['/outbound/charts/20261123/MRN-00483625_encounter_20261122.pdf', 1_288_053],
  ['/outbound/charts/20261123/charts_20261123_pm.zip', 24_602_114],
  ['/outbound/claims/837I_20261123_0005.x12', 571_940],
];
const LATE_EVENING = [
  ['/outbound/charts/20261123/MRN-00483640_facesheet_20261123.pdf', 266_918],
  ['/outbound/charts/20261123/MRN-00483644_encounter_20261123.pdf', 1_174_502],
  ['/outbound/claims/837P_20261123_0006.x12', 440_685],
];
const BUCKEYE_MORNING = [
  ['/outbound/charts/MRN-00519502_encounter_20261122.pdf', 1_322_706],
  ['/outbound/charts/MRN-00519514_discharge_20261122.pdf', 1_609_248],
  ['/outbound/claims/837I_20261122_0008.x12', 388_120],
];
const BUCKEYE_AFTERNOON = [
  ['/outbound/charts/MRN-00519533_op-note_20261123.pdf', 877_341],
  ['/outbound/claims/837P_20261123_0009.x12', 295_667],
];

const get = ([path, bytes]) => ['get', path, bytes];
const put = ([path, bytes]) => ['put', path, bytes];

/** /var/log/auth.log of the whole day, from midnight to midnight in Columbus. @returns lines in order, with what was meant */
export function sftpDay(random) {
  const log = authLog(random);
  cron(log);
  scanners(log);
  cardinalPeak(log);
  buckeye(log);
  hospital(log);
  return log.lines.sort((a, b) => a.us - b.us);
}

function cardinalPeak(log) {
  const vendor = CARDINAL_PEAK;
  const person = { ...VENDOR, person: vendor, jail: '/srv/sftp/cpc_sftp' };
  const offshore = {
    ...person,
    bytesPerSecond: 1_900_000,
    truth: access(OFFSHORE_STORY, vendor, 'PH'),
    moved: transfer(OFFSHORE_STORY, vendor, 'PH'),
  };
  const ohio = {
    ...person,
    bytesPerSecond: 8_500_000,
    client: CLIENTS.dayton,
    truth: access(OHIO_STORY, vendor, 'US'),
    moved: transfer(OHIO_STORY, vendor, 'US'),
  };

  // 01:12 in Columbus is 14:12 in Manila.
  sftpSession(log, {
    ...offshore,
    startUs: startUs(log.random, '01:12:04'),
    client: CLIENTS.manila,
    actions: [
      ['list', '/outbound/charts/20261122'],
      ...FIRST_NIGHT.map(get),
      ['wait', 1460],
      ['put', '/inbound/coded/coded_20261122_a.csv.part', 48_210],
      ['rename', '/inbound/coded/coded_20261122_a.csv.part', '/inbound/coded/coded_20261122_a.csv'],
    ],
  });
  sftpSession(log, {
    ...offshore,
    startUs: startUs(log.random, '03:40:31'),
    client: CLIENTS.cebu,
    actions: [['list', '/outbound/charts/20261122'], ...SECOND_NIGHT.map(get), ['cut', ...CUT_SHORT]],
  });
  sftpSession(log, {
    ...offshore,
    startUs: startUs(log.random, '04:31:18'),
    client: CLIENTS.manila,
    moved: undefined,
    truth: { ...offshore.truth, story: 'a login from the Philippines in which nothing moves' },
    actions: [['list', '/outbound/charts/20261123']],
  });
  sftpSession(log, {
    ...ohio,
    startUs: startUs(log.random, '18:40:52'),
    actions: [
      ['list', '/outbound/charts/20261123'],
      ...EVENING.map(get),
      ['put', '/inbound/coded/coded_20261123_b.csv', 51_877],
    ],
  });
  sftpSession(log, { ...ohio, startUs: startUs(log.random, '21:55:07'), actions: LATE_EVENING.map(get) });
}

function buckeye(log) {
  const vendor = BUCKEYE;
  const session = {
    ...VENDOR,
    person: vendor,
    jail: '/srv/sftp/buckeye_sftp',
    client: CLIENTS.columbus,
    bytesPerSecond: 11_000_000,
    truth: access(BEHAVING_STORY, vendor, 'US'),
    moved: transfer(BEHAVING_STORY, vendor, 'US'),
  };
  sftpSession(log, {
    ...session,
    startUs: startUs(log.random, '08:10:22'),
    actions: [['list', '/outbound/charts'], ...BUCKEYE_MORNING.map(get)],
  });
  sftpSession(log, {
    ...session,
    startUs: startUs(log.random, '13:20:44'),
    actions: [...BUCKEYE_AFTERNOON.map(get), ['put', '/inbound/coded/coded_20261123.csv', 62_904]],
  });
  sftpSession(log, {
    ...session,
    startUs: startUs(log.random, '16:45:09'),
    actions: [
      ['list', '/outbound/charts'],
      ['put', '/inbound/coded/coded_20261123_2.csv', 39_158],
    ],
  });
}

/** The hospital's own people and jobs: internal addresses, nothing leaves. */
function hospital(log) {
  const staged = (files, jail) => files.map(([path, bytes]) => put([`/srv/sftp/${jail}${path}`, bytes]));
  const internal = (person) => access('our own staff on an internal address', { ...person, id: null }, 'internal');
  const staging = {
    ...STAFF_SFTP,
    person: STAGING,
    client: STAGING,
    bytesPerSecond: 62_000_000,
    truth: internal(STAGING),
  };
  sftpSession(log, {
    ...staging,
    startUs: startUs(log.random, '06:02:10'),
    actions: staged(BUCKEYE_MORNING, 'buckeye_sftp'),
  });
  sftpSession(log, {
    ...staging,
    startUs: startUs(log.random, '12:45:33'),
    actions: staged(BUCKEYE_AFTERNOON, 'buckeye_sftp'),
  });
  sftpSession(log, {
    ...staging,
    startUs: startUs(log.random, '17:40:05'),
    actions: staged([...EVENING, ...LATE_EVENING], 'cpc_sftp'),
  });

  sftpSession(log, {
    ...STAFF_SFTP,
    person: HIM,
    client: HIM,
    bytesPerSecond: 30_000_000,
    startUs: startUs(log.random, '09:48:41'),
    truth: internal(HIM),
    moved: {
      ...transfer('our own staff on an internal address', { id: null }, 'internal'),
      because: 'the receiver is on an internal address',
    },
    actions: [
      ['list', '/srv/sftp/cpc_sftp/inbound/coded'],
      get(['/srv/sftp/cpc_sftp/inbound/coded/coded_20261122_a.csv', 48_210]),
    ],
  });

  const shell = { person: ADMIN, client: ADMIN, starts: 'shell on pts/0', truth: internal(ADMIN) };
  for (const [clock, minutes, command] of [
    ['07:52:16', 11, '/usr/bin/systemctl status squid'],
    ['14:10:39', 24, '/usr/bin/tail -n 200 /var/log/squid/access.log'],
  ]) {
    const session = login(log, { ...shell, startUs: startUs(log.random, clock) });
    sudo(log, session.us + 95_000_000, command);
    logout(log, { ...session, us: session.us + minutes * 60_000_000 });
  }
}

function sudo({ write, random }, startUs, command) {
  write(
    startUs,
    'sudo',
    `${ADMIN.user.padStart(8)} : TTY=pts/0 ; PWD=/home/${ADMIN.user} ; USER=root ; COMMAND=${command}`,
  );
  write(
    startUs + 900,
    'sudo',
    `pam_unix(sudo:session): session opened for user root(uid=0) by ${ADMIN.user}(uid=${ADMIN.uid})`,
  );
  write(startUs + random.between(60_000, 400_000), 'sudo', 'pam_unix(sudo:session): session closed for user root');
}

const CONTRACT = 'the agreement permits the United States and its territories';

function access(story, { id }, country) {
  const alerts = country === 'PH';
  return {
    story,
    kind: 'access',
    vendor: id,
    country,
    claim: 'accessed',
    rule: alerts ? 'vendor-access-from-outside' : null,
    because: alerts
      ? `the login came from the Philippines; ${CONTRACT}`
      : country === 'US'
        ? 'the login came from the United States'
        : 'it is no vendor and not outside',
  };
}

function transfer(story, { id }, country) {
  const alerts = country === 'PH';
  return {
    story,
    kind: 'transfer',
    vendor: id,
    country,
    claim: 'delivered',
    rule: alerts ? 'phi-outside-territory' : null,
    because: alerts ? `a chart was read from the Philippines; ${CONTRACT}` : 'the receiver is in the United States',
  };
}
