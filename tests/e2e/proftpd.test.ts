import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Installation, idsOf, install, replayedAlerts, rowsOf, runUntilIdle, storedAlerts } from './agent.ts';
import { runProgram } from './child.ts';
import {
  breakOff,
  command,
  download,
  failToLogIn,
  ODD_NAME,
  type Server,
  SIZES,
  servedFolder,
  upload,
} from './file-client.ts';
import { brokenOff, loginsOf, movesOf, recordsOf } from './moves.ts';
import { MOD_SFTP, type ProFtpd, startProFtpd } from './real-proftpd.ts';
import { makeKey, type SshKey } from './real-sshd.ts';
import { describeWithServers, type Needs, programPath } from './requirements.ts';
import { scratchFolder } from './scratch.ts';
import { Undo } from './undo.ts';

const MANILA = '127.0.92.';
const OHIO = '127.0.93.';
const RUSSIA = '127.0.95.';

const undo = new Undo();
afterAll(() => undo.run());

const NEEDS: Needs = {
  programs: ['proftpd', 'curl', 'sftp', 'ssh-keygen', 'openssl'],
  files: MOD_SFTP,
  root: true,
};

describeWithServers('transfers through a real ProFTPD', NEEDS, () => {
  let proftpd: ProFtpd;
  let key: SshKey;
  let served: string;
  let installation: Installation;

  beforeAll(async () => {
    const scratch = await scratchFolder(undo);
    served = await servedFolder(scratch);
    key = await makeKey(scratch, 'acme');
    proftpd = await startProFtpd(scratch, { address: '127.0.90.2', served, key }, undo);
    const server: Server = { url: proftpd.ftpUrl, scratch };
    await download(server, `${MANILA}11`, 'claims.837');
    await download(server, `${OHIO}11`, 'claims.837');
    await download(server, `${MANILA}11`, 'empty.txt');
    await upload(server, `${MANILA}12`, 'from manila.txt');
    await command(server, `${MANILA}12`, ['RNFR from manila.txt', 'RNTO moved.txt', 'DELE moved.txt']);
    await failToLogIn(server, `${RUSSIA}11`, 'acme');
    await breakOff(server, `${RUSSIA}12`);
    await overSftp(`${MANILA}13`, [`get "${ODD_NAME.replaceAll('"', '\\"')}" ${join(scratch, 'odd')}`]);
    await overSftp(`${MANILA}14`, [`put ${join(scratch, 'notes.txt')} "sftp up.txt"`]);
    installation = await install(scratch, {
      sources: [
        source('files', proftpd.logs.recommended, 'proftpd-phi-egress'),
        source('keys', proftpd.logs.sftp, 'proftpd-sftp'),
      ],
      vendors: [{ id: 'acme', name: 'Acme', endpoints: { accounts: ['acme'] }, carries: 'phi' }],
    });
  });

  async function overSftp(from: string, commands: readonly string[]): Promise<void> {
    const options = [
      ...['BindAddress', from, 'IdentityFile', key.file, 'IdentitiesOnly', 'yes', 'IdentityAgent', 'none'],
      ...['StrictHostKeyChecking', 'no', 'UserKnownHostsFile', '/dev/null', 'BatchMode', 'yes'],
    ];
    const pairs = options.flatMap((it, index) => (index % 2 === 0 ? ['-o', `${it}=${options[index + 1]}`] : []));
    const args = ['-F', '/dev/null', '-P', String(proftpd.sftpPort), ...pairs, '-b', '-', `acme@${proftpd.address}`];
    const ended = await runProgram(programPath('sftp'), args, commands.map((it) => `${it}\n`).join(''));
    if (ended.code !== 0) throw new Error(`sftp ended with ${ended.code}:\n${ended.stderr}`);
  }

  const moved = (named: (name: string) => string) => [
    `${MANILA}11 acme read ${SIZES.claims} claims.837 success`,
    `${MANILA}11 acme read 0 empty.txt success`,
    `${MANILA}12 acme write ${SIZES.notes} ${named('from manila.txt')} success`,
    `${MANILA}13 acme read ${SIZES.odd} ${named(ODD_NAME)} success`,
    `${MANILA}14 acme write ${SIZES.notes} ${named('sftp up.txt')} success`,
    `${OHIO}11 acme read ${SIZES.claims} claims.837 success`,
  ];

  test.each<[string, keyof ProFtpd['logs'], string, (name: string) => string]>([
    ['xferlog', 'xferlog', 'xferlog', (name) => name.replaceAll(' ', '_')],
    ['ExtendedLog in the default LogFormat', 'extended', 'proftpd-extended', (name) => name],
    ['ExtendedLog in the recommended LogFormat', 'recommended', 'proftpd-phi-egress', (name) => name],
  ])('the %s says what curl and sftp really moved', async (_, log, format, named) => {
    const records = await recordsOf(proftpd.logs[log], format, { count: 1, text: named('sftp up.txt') });
    const whole = records.filter(({ outcome }) => outcome === 'success');
    expect(movesOf(whole, served)).toEqual(moved(named).toSorted());
    const broken = brokenOff(records);
    expect(broken).toMatchObject({ client: { ip: `${RUSSIA}12`, user: 'acme' }, file: { operation: 'read' } });
    expect(broken.bytesToClient).toBeGreaterThan(0);
    expect(broken.bytesToClient).toBeLessThan(SIZES.big);
  });

  test('FTP and SFTP are told apart, and what was renamed and deleted is told', async () => {
    const records = await recordsOf(proftpd.logs.recommended, 'proftpd-phi-egress', { count: 1, text: 'sftp up.txt' });
    const protocols = records.flatMap(({ file, protocol, client }) =>
      file?.operation === 'read' || file?.operation === 'write' ? [`${client?.ip} ${protocol}`] : [],
    );
    expect(protocols).toContain(`${MANILA}13 sftp`);
    expect(protocols).toContain(`${MANILA}11 ftp`);
    const changes = records.flatMap(({ file }) =>
      file?.operation === 'rename' || file?.operation === 'remove' ? [`${file.operation} ${file.path}`] : [],
    );
    expect(changes).toEqual([`rename ${served}/from manila.txt`, `remove ${served}/moved.txt`]);
  });

  test('logins are told with address and account, and the one that failed is', async () => {
    const system = await recordsOf(proftpd.logs.system, 'proftpd-system', { count: 2, text: 'SSH2 session closed' });
    const logins = loginsOf(system);
    expect(logins).toContain(`${MANILA}11 acme success`);
    expect(logins).toContain(`${MANILA}13 acme success`);
    expect(logins.filter((it) => it.endsWith('failure'))).toEqual([`${RUSSIA}11 acme failure`]);
  });

  test('the SFTPLog tells the key of a login as ssh-keygen prints it', async () => {
    const records = await recordsOf(proftpd.logs.sftp, 'proftpd-sftp', { count: 2, text: 'authenticated via' });
    const keys = new Set(records.flatMap(({ auth }) => auth?.key ?? []));
    expect([...keys]).toEqual([key.fingerprint]);
  });

  test('the alerts are exactly these, bytes included, and replay gives the same', async () => {
    await runUntilIdle(installation);
    const stored = await storedAlerts(installation);
    const rows = rowsOf(stored);
    const russia = rows.find(({ rule, where }) => rule === 'phi-to-country-of-concern' && where === 'RU');
    expect(russia?.bytes).toBeGreaterThan(0);
    expect(rows.map(({ bytes: _, ...row }) => row)).toEqual([
      { rule: 'phi-outside-territory', who: 'acme', where: 'PH', severity: 'high', claim: 'delivered', count: 2 },
      {
        rule: 'phi-to-country-of-concern',
        who: 'acme',
        where: 'RU',
        severity: 'critical',
        claim: 'delivered',
        count: 1,
      },
      // Two downloads, an upload, a rename and two sessions over SFTP, of which the SFTPLog tells as well.
      { rule: 'vendor-access-from-outside', who: 'acme', where: 'PH', severity: 'high', claim: 'accessed', count: 8 },
      {
        rule: 'vendor-access-from-outside',
        who: 'acme',
        where: 'RU',
        severity: 'critical',
        claim: 'accessed',
        count: 1,
      },
    ]);
    expect(rows[0]?.bytes).toBe(SIZES.claims + SIZES.odd);
    const replayed = await replayedAlerts(installation, [proftpd.logs.recommended, proftpd.logs.sftp]);
    expect(idsOf(replayed)).toEqual(idsOf(stored));
  });
});

function source(name: string, path: string, format: string) {
  return {
    ...{ name, type: 'file', paths: [path], format, inside: 'server', start: 'beginning' },
    timezone: Intl.DateTimeFormat().resolvedOptions().timeZone,
  };
}
