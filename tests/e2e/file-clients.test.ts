import { spawn } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Installation, install, rowsOf, runUntilIdle, storedAlerts } from './agent.ts';
import { finish } from './child.ts';
import { ODD_NAME, SIZES, servedFolder } from './file-client.ts';
import { movesOf, recordsOf } from './moves.ts';
import { MOD_SFTP, type ProFtpd, startProFtpd } from './real-proftpd.ts';
import { makeKey } from './real-sshd.ts';
import { describeWithServers, type Needs, type Program, programPath } from './requirements.ts';
import { scratchFolder } from './scratch.ts';
import { Undo } from './undo.ts';

/** A vendor's server in Manila. */
const MANILA = '127.0.92.5';

/** Of no file that lies ready there. */
const CHARTS = `out ${ODD_NAME}`;

const undo = new Undo();
afterAll(() => undo.run());

const NEEDS: Needs = {
  programs: ['proftpd', 'lftp', 'rclone', 'ssh-keygen', 'openssl'],
  files: MOD_SFTP,
  root: true,
};

describeWithServers('files that lftp and rclone really push', NEEDS, () => {
  let scratch: string;
  let proftpd: ProFtpd;
  let lftpLog: string;
  let rcloneLog: string;
  let installation: Installation;

  beforeAll(async () => {
    scratch = await scratchFolder(undo);
    const served = await servedFolder(scratch);
    proftpd = await startProFtpd(scratch, { address: MANILA, served, key: await makeKey(scratch, 'acme') }, undo);
    await mkdir(join(scratch, 'outbound'));
    await writeFile(join(scratch, 'outbound', 'claims.837'), Buffer.alloc(SIZES.claims, 'c'));
    await writeFile(join(scratch, 'outbound', CHARTS), Buffer.alloc(SIZES.odd, 'z'));
    [lftpLog, rcloneLog] = [join(scratch, 'lftp.log'), join(scratch, 'rclone.json')];
    await pushWithLftp();
    await pushWithRclone();
    installation = await install(scratch, {
      sources: [source('lftp', lftpLog), source('rclone', rcloneLog)],
      vendors: [{ id: 'acme', name: 'Acme', endpoints: { networks: ['127.0.92.0/24'] }, carries: 'phi' }],
    });
  });

  /** Over FTP and over SFTP, and one file back. */
  async function pushWithLftp(): Promise<void> {
    const settings = `set log:enabled/xfer true; set log:file/xfer ${lftpLog}; set sftp:auto-confirm true; set net:max-retries 1`;
    const sftp = `open -u acme,secret -p ${proftpd.sftpPort} sftp://${MANILA}; put ${join(scratch, 'outbound', 'claims.837')} -o over-sftp.837`;
    const ftp = `open ${proftpd.ftpUrl}; mput ${join(scratch, 'outbound')}/*.zip; get empty.txt -o ${join(scratch, 'empty')}`;
    await succeed('lftp', ['-c', `${settings}; ${sftp}; ${ftp}`]);
  }

  async function pushWithRclone(): Promise<void> {
    const { stdout } = await succeed('rclone', ['obscure', 'secret']);
    const remote = `:sftp,host=${MANILA},port=${proftpd.sftpPort},user=acme,pass=${stdout.trim()}:rclone`;
    const logging = ['--use-json-log', '--log-level', 'DEBUG', '--log-file', rcloneLog];
    await succeed('rclone', ['copy', join(scratch, 'outbound'), remote, ...logging]);
  }

  async function succeed(program: Program, args: readonly string[]) {
    const home = { ...process.env, HOME: scratch, XDG_DATA_HOME: scratch, RCLONE_CONFIG: join(scratch, 'rclone.conf') };
    const ended = await finish(spawn(programPath(program), args, { env: home }));
    if (ended.code !== 0) throw new Error(`${program} ended with ${ended.code}:\n${ended.stderr}`);
    return ended;
  }

  test('the transfer log of lftp says what it moved, which way, and to whom', async () => {
    const records = await recordsOf(lftpLog, 'lftp', { count: 3, text: ' -> ' });
    expect(movesOf(records, join(scratch, 'outbound'))).toEqual(
      [
        `undefined undefined write ${SIZES.claims} claims.837 success`,
        `undefined undefined write ${SIZES.odd} ${CHARTS} success`,
        `undefined undefined read 0 ${join(scratch, 'served', 'empty.txt')} success`,
      ].toSorted(),
    );
    expect(records.map(({ server, protocol }) => [server?.ip, server?.user, protocol])).toEqual([
      [MANILA, 'acme', 'sftp'],
      [MANILA, 'acme', 'ftp'],
      [MANILA, 'acme', 'ftp'],
    ]);
  });

  test('the JSON log of rclone names the files, and the server in lines of its own', async () => {
    const records = await recordsOf(rcloneLog, 'rclone', { count: 2, text: 'Copied (new)' });
    expect(
      records.flatMap(({ file }) => (file === undefined ? [] : [`${file.operation} ${file.path}`])).toSorted(),
    ).toEqual(['write claims.837', `write ${CHARTS}`]);
    const servers = new Set(records.flatMap(({ server }) => server?.ip ?? []));
    expect([...servers]).toEqual([MANILA]);
  });

  test('the receiver of all of it is the server in Manila', async () => {
    await runUntilIdle(installation);
    const common = { rule: 'phi-outside-territory', who: 'acme', where: 'PH', severity: 'high', claim: 'delivered' };
    // Both logs join one alert; rclone 1.60 logs no sizes.
    expect(rowsOf(await storedAlerts(installation))).toEqual([
      { ...common, count: 4, bytes: SIZES.claims + SIZES.odd },
    ]);
  });
});

function source(format: string, path: string) {
  return {
    ...{ name: format, type: 'file', paths: [path], format, inside: 'client', start: 'beginning' },
    timezone: Intl.DateTimeFormat().resolvedOptions().timeZone,
  };
}
