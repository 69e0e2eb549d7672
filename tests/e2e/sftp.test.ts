import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  deliveredAlerts,
  type Installation,
  idsOf,
  install,
  replayedAlerts,
  rowsOf,
  runUntilIdle,
  storedAlerts,
} from './agent.ts';
import { makeKey, type Sshd, type SshKey, startSshd } from './real-sshd.ts';
import { awaitLines } from './real-syslog.ts';
import { describeWithServers, type Needs } from './requirements.ts';
import { scratchFolder } from './scratch.ts';
import { Undo } from './undo.ts';

/** Sizes of the files that lie ready, in bytes. */
const CLAIMS = 1_048_576;
const CHARTS = 262_144;
const NOTES = 51;

const PLACES = {
  manila: '127.0.92.',
  ohio: '127.0.93.',
  puertoRico: '127.0.94.',
  russia: '127.0.95.',
  disputed: '127.0.97.',
} as const;

/**
 * Who logs in, from which host of which network, and does what. All use one account, so only their keys tell the vendors
 * apart. Each is one case: what is to be said of it is in the table.
 */
const VISITS = {
  'ph-idle': { from: `${PLACES.manila}11`, does: ['pwd'] },
  'ph-reader': { from: `${PLACES.manila}12`, does: ['get claims.837', 'get charts.zip', 'get notes.txt'] },
  'ph-writer': { from: `${PLACES.manila}13`, does: ['put charts.zip from-manila.zip'] },
  'ph-both': { from: `${PLACES.manila}14`, does: ['put notes.txt from-both.txt', 'get claims.837', 'ls'] },
  'us-reader': { from: `${PLACES.ohio}11`, does: ['get claims.837'] },
  'pr-reader': { from: `${PLACES.puertoRico}11`, does: ['get claims.837'] },
  'ru-reader': { from: `${PLACES.russia}11`, does: ['get charts.zip'] },
  'us-or-sg': { from: `${PLACES.disputed}11`, does: ['get charts.zip'] },
  /** The key of nobody's. */
  staff: { from: `${PLACES.manila}15`, does: ['get claims.837', 'get notes.txt'] },
  /** A vendor's key that sshd does not accept. */
  'ru-refused': { from: `${PLACES.russia}12`, does: ['get claims.837'] },
} as const;

type Visitor = keyof typeof VISITS;

const VISITORS = Object.keys(VISITS) as readonly Visitor[];
const REFUSED: Visitor = 'ru-refused';
const STAFF: Visitor = 'staff';

const undo = new Undo();
afterAll(() => undo.run());

const NEEDS: Needs = { programs: ['sshd', 'sftp', 'ssh-keygen', 'rsyslogd'], root: true };

describeWithServers('visits to a real sshd', NEEDS, () => {
  let installation: Installation;
  let sshd: Sshd;

  beforeAll(async () => {
    const scratch = await scratchFolder(undo);
    const outbound = await fillOutbound(scratch);
    const keys = await makeKeys(scratch);
    const accepted = VISITORS.filter((visitor) => visitor !== REFUSED);
    sshd = await startSshd(scratch, accepted.map(keys), undo);
    installation = await install(scratch, {
      sources: [
        {
          name: 'sftp',
          type: 'file',
          paths: [sshd.log.file],
          format: 'openssh',
          inside: 'server',
          start: 'beginning',
        },
      ],
      vendors: VISITORS.filter((visitor) => visitor !== STAFF).map((id) => ({
        id,
        name: `Vendor ${id}`,
        endpoints: { keys: [keys(id).fingerprint] },
        carries: 'phi',
      })),
      phi: { systems: [{ name: 'outbound', paths: [`${outbound}/**`] }] },
    });
    // All at once, so that their lines stand among each other's.
    await Promise.all(VISITORS.map((visitor) => visit(visitor, { scratch, outbound, key: keys(visitor), sshd })));
    await awaitLines(sshd.log, 'Disconnected from user', accepted.length);
    await awaitLines(sshd.log, 'Connection closed by authenticating user', 1);
    await runUntilIdle(installation);
  });

  test('the alerts are exactly these, bytes included', async () => {
    const access = { rule: 'vendor-access-from-outside', where: 'PH', claim: 'accessed', count: 1 } as const;
    const delivered = { severity: 'high', claim: 'delivered', where: 'PH' } as const;
    expect(rowsOf(await storedAlerts(installation))).toEqual([
      {
        ...delivered,
        rule: 'phi-to-unregistered-endpoint',
        who: VISITS.staff.from,
        count: 2,
        bytes: CLAIMS + NOTES,
      },
      {
        ...delivered,
        rule: 'phi-outside-territory',
        who: 'ph-both',
        count: 1,
        bytes: CLAIMS,
      },
      { ...access, who: 'ph-both', severity: 'high' },
      { ...access, who: 'ph-idle', severity: 'high' },
      {
        ...delivered,
        rule: 'phi-outside-territory',
        who: 'ph-reader',
        count: 3,
        bytes: CLAIMS + CHARTS + NOTES,
      },
      { ...access, who: 'ph-reader', severity: 'high' },
      { ...access, who: 'ph-writer', severity: 'high' },
      {
        ...delivered,
        rule: 'phi-to-country-of-concern',
        who: 'ru-reader',
        where: 'RU',
        severity: 'critical',
        count: 1,
        bytes: CHARTS,
      },
      { ...access, who: 'ru-reader', where: 'RU', severity: 'critical' },
      { ...access, rule: 'location-undetermined', who: 'us-or-sg', where: 'disputed', severity: 'medium' },
      {
        ...delivered,
        rule: 'location-undetermined',
        who: 'us-or-sg',
        where: 'disputed',
        severity: 'medium',
        count: 1,
        bytes: CHARTS,
      },
    ]);
  });

  test('the file that the alerts went to says the same as the store', async () => {
    const stored = await storedAlerts(installation);
    const delivered = await deliveredAlerts(installation);
    expect(rowsOf(delivered)).toEqual(rowsOf(stored));
    expect(idsOf(delivered)).toEqual(idsOf(stored));
  });

  test('replaying the log gives the same alerts with the same ids', async () => {
    const stored = await storedAlerts(installation);
    const replayed = await replayedAlerts(installation, [sshd.log.file]);
    expect(rowsOf(replayed)).toEqual(rowsOf(stored));
    expect(idsOf(replayed)).toEqual(idsOf(stored));
  });
});

async function fillOutbound(scratch: string): Promise<string> {
  const outbound = join(scratch, 'outbound');
  await mkdir(outbound);
  await writeFile(join(outbound, 'claims.837'), Buffer.alloc(CLAIMS, 'c'));
  await writeFile(join(outbound, 'charts.zip'), Buffer.alloc(CHARTS, 'z'));
  await writeFile(join(outbound, 'notes.txt'), Buffer.alloc(NOTES, 'n'));
  return outbound;
}

async function makeKeys(scratch: string): Promise<(visitor: Visitor) => SshKey> {
  const folder = join(scratch, 'keys');
  await mkdir(folder);
  const keys = new Map(
    await Promise.all(VISITORS.map(async (visitor) => [visitor, await makeKey(folder, visitor)] as const)),
  );
  return (visitor) => {
    const key = keys.get(visitor);
    if (key === undefined) throw new Error(`No key was made for ${visitor}`);
    return key;
  };
}

interface Stage {
  readonly scratch: string;
  readonly outbound: string;
  readonly key: SshKey;
  readonly sshd: Sshd;
}

async function visit(visitor: Visitor, { scratch, outbound, key, sshd }: Stage): Promise<void> {
  const home = join(scratch, `at-${visitor}`);
  await mkdir(home);
  await writeFile(join(home, 'charts.zip'), Buffer.alloc(CHARTS, 'z'));
  await writeFile(join(home, 'notes.txt'), Buffer.alloc(NOTES, 'n'));
  const { from, does } = VISITS[visitor];
  const { code, stderr } = await sshd.sftp({ key, from, commands: [`cd ${outbound}`, `lcd ${home}`, ...does] });
  const wanted = visitor === REFUSED ? 255 : 0;
  if (code !== wanted) throw new Error(`sftp of ${visitor} ended with ${code}, not ${wanted}:\n${stderr}`);
}
