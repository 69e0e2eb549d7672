import { afterAll, beforeAll, expect, test } from 'vitest';
import { command, download, failToLogIn, ODD_NAME, type Server, SIZES, servedFolder, upload } from './file-client.ts';
import { loginsOf, movesOf, recordsOf } from './moves.ts';
import { type AltLog, type PureFtpd, startPureFtpd, writeAccounts } from './real-pure-ftpd.ts';
import { type SystemLog, startSystemLog } from './real-syslog.ts';
import { describeWithServers, type Needs } from './requirements.ts';
import { scratchFolder } from './scratch.ts';
import { Undo } from './undo.ts';

const MANILA = '127.0.92.';
const OHIO = '127.0.93.';
const RUSSIA = '127.0.95.';

const ALT_LOGS: readonly AltLog[] = ['clf', 'w3c', 'stats', 'xferlog'];

const undo = new Undo();
afterAll(() => undo.run());

const NEEDS: Needs = { programs: ['pure-ftpd', 'pure-pw', 'curl', 'rsyslogd', 'openssl'], root: true };

describeWithServers('transfers through a real Pure-FTPd', NEEDS, () => {
  const servers = new Map<AltLog, PureFtpd>();
  let syslog: SystemLog;
  let served: string;

  beforeAll(async () => {
    const scratch = await scratchFolder(undo);
    served = await servedFolder(scratch);
    syslog = await startSystemLog(scratch, undo);
    const accounts = await writeAccounts(scratch, served);
    await Promise.all(
      ALT_LOGS.map(async (altLog) => {
        const server = await startPureFtpd(scratch, { accounts, altLog, syslog }, undo);
        servers.set(altLog, server);
        await visit({ url: server.url, scratch }, `from ${altLog}.txt`);
      }),
    );
    const [first] = servers.values();
    await failToLogIn({ url: first?.url ?? '', scratch }, `${RUSSIA}11`, 'acme');
    await command({ url: first?.url ?? '', scratch }, `${MANILA}12`, [
      'RNFR from clf.txt',
      'RNTO moved.txt',
      'DELE moved.txt',
    ]);
  });

  async function visit(server: Server, name: string): Promise<void> {
    await download(server, `${MANILA}11`, 'claims.837');
    await download(server, `${MANILA}11`, ODD_NAME);
    await download(server, `${OHIO}11`, 'empty.txt');
    await upload(server, `${MANILA}12`, name);
  }

  const moved = (altLog: AltLog, named: (name: string) => string) => [
    `${MANILA}11 acme read ${SIZES.claims} claims.837 success`,
    `${MANILA}11 acme read ${SIZES.odd} ${named(ODD_NAME)} success`,
    `${MANILA}12 acme write ${SIZES.notes} ${named(`from ${altLog}.txt`)} success`,
    `${OHIO}11 acme read 0 empty.txt success`,
  ];

  test.each(ALT_LOGS)('the AltLog %s says what curl really moved', async (altLog) => {
    const format = altLog === 'xferlog' ? 'xferlog' : `pure-ftpd-${altLog}`;
    const named = (name: string) => (altLog === 'xferlog' ? name.replaceAll(' ', '_') : name);
    const file = servers.get(altLog)?.altLog ?? '';
    // The upload is the last of them.
    const records = await recordsOf(file, format, { count: 1, text: `${altLog}.txt` });
    expect(movesOf(records, served)).toEqual(moved(altLog, named).toSorted());
  });

  test('syslog says the same of all servers, and who logged in', async () => {
    const records = await recordsOf(syslog.file, 'pure-ftpd', { count: 1, text: 'Deleted ' });
    const all = ALT_LOGS.flatMap((altLog) => moved(altLog, (name) => name));
    expect(movesOf(records, served)).toEqual(all.toSorted());
    const logins = loginsOf(records);
    expect(logins.filter((it) => it.endsWith('failure'))).toEqual([`${RUSSIA}11 acme failure`]);
    expect(logins.filter((it) => it === `${MANILA}11 acme success`)).toHaveLength(8);
    const changes = records.flatMap(({ file }) =>
      file?.operation === 'rename' || file?.operation === 'remove' ? [file] : [],
    );
    expect(changes).toEqual([
      { path: 'from clf.txt', operation: 'rename', to: 'moved.txt' },
      { path: `${served}/moved.txt`, operation: 'remove' },
    ]);
  });
});
