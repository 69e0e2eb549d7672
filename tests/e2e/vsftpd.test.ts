import { afterAll, beforeAll, expect, test } from 'vitest';
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
import { type SystemLog, startSystemLog } from './real-syslog.ts';
import { startVsftpd, type Vsftpd } from './real-vsftpd.ts';
import { describeWithServers, type Needs } from './requirements.ts';
import { scratchFolder } from './scratch.ts';
import { Undo } from './undo.ts';

const MANILA = '127.0.92.';
const OHIO = '127.0.93.';
const RUSSIA = '127.0.95.';

const undo = new Undo();
afterAll(() => undo.run());

const NEEDS: Needs = { programs: ['vsftpd', 'curl', 'rsyslogd'], root: true };

describeWithServers('transfers through a real vsftpd', NEEDS, () => {
  let files: Vsftpd;
  let syslog: SystemLog;

  beforeAll(async () => {
    const scratch = await scratchFolder(undo);
    const served = await servedFolder(scratch);
    syslog = await startSystemLog(scratch, undo);
    files = await startVsftpd(scratch, { served, settings: 'dual_log_enable=YES' }, undo);
    const inSyslog = await startVsftpd(
      scratch,
      { served, syslog, settings: 'syslog_enable=YES\nlog_ftp_protocol=YES' },
      undo,
    );
    for (const { url } of [files, inSyslog]) await visit({ url, scratch });
  });

  async function visit(server: Server): Promise<void> {
    await download(server, `${MANILA}11`, 'claims.837');
    await download(server, `${MANILA}11`, ODD_NAME);
    await download(server, `${MANILA}11`, 'empty.txt');
    await download({ ...server, url: server.url.replace('acme:secret@', '') }, `${OHIO}11`, 'claims.837');
    await upload(server, `${MANILA}12`, 'from manila.txt');
    await command(server, `${MANILA}12`, ['RNFR from manila.txt', 'RNTO moved.txt', 'DELE moved.txt']);
    await failToLogIn(server, `${RUSSIA}11`, 'stranger');
    await breakOff(server, `${RUSSIA}12`);
  }

  const moved = (named: (name: string) => string, anonymous: string) =>
    [
      `${MANILA}11 acme read ${SIZES.claims} /claims.837 success`,
      `${MANILA}11 acme read ${SIZES.odd} /${named(ODD_NAME)} success`,
      `${MANILA}11 acme read 0 /empty.txt success`,
      `${MANILA}12 acme write ${SIZES.notes} /${named('from manila.txt')} success`,
      `${OHIO}11 ${anonymous} read ${SIZES.claims} /claims.837 success`,
    ].toSorted();
  const questioned = (name: string) => name.replaceAll('é', '??');

  test.each<[string, () => string, string, (name: string) => string, string]>([
    ['own log', () => files.native, 'vsftpd', questioned, 'backup'],
    ['xferlog', () => files.xferlog, 'xferlog', (name) => questioned(name).replaceAll(' ', '_'), 'anonymous'],
    ['messages in syslog', () => syslog.file, 'vsftpd', (name) => name, 'backup'],
  ])('the %s say what curl really moved', async (_, file, format, named, anonymous) => {
    const records = await recordsOf(file(), format, { count: 1, text: 'big.bin' });
    expect(movesOf(records.filter(({ outcome }) => outcome === 'success'))).toEqual(moved(named, anonymous));
    const broken = brokenOff(records);
    expect(broken).toMatchObject({
      client: { ip: `${RUSSIA}12`, user: 'acme' },
      file: { path: '/big.bin', operation: 'read' },
    });
    expect(broken.bytesToClient).toBeGreaterThan(0);
    expect(broken.bytesToClient).toBeLessThan(SIZES.big);
  });

  test('logins, and the one that failed, are told with address and account; so is what was renamed and deleted', async () => {
    for (const file of [files.native, syslog.file]) {
      const records = await recordsOf(file, 'vsftpd', { count: 1, text: 'big.bin' });
      expect(loginsOf(records)).toEqual(
        [
          ...Array<string>(3).fill(`${MANILA}11 acme success`),
          ...Array<string>(2).fill(`${MANILA}12 acme success`),
          `${OHIO}11 backup success`,
          `${RUSSIA}11 stranger failure`,
          `${RUSSIA}12 acme success`,
        ].toSorted(),
      );
      const changes = records.flatMap(({ file: it }) =>
        it?.operation === 'rename' || it?.operation === 'remove' ? [it] : [],
      );
      expect(changes).toEqual([
        { path: '/from manila.txt', operation: 'rename', to: '/moved.txt' },
        { path: '/moved.txt', operation: 'remove' },
      ]);
    }
  });
});
