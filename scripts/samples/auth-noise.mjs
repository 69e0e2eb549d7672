import { HOUR_MS, MIDNIGHT_MS, startUs } from './day.mjs';
import { SCANNERS } from './destinations.mjs';

/** The hourly job of every Debian machine. */
export function cron(log) {
  for (let hour = 0; hour < 24; hour++) {
    const openedUs = (MIDNIGHT_MS + hour * HOUR_MS + 17 * 60_000 + 1000) * 1000 + log.random.between(10_000, 90_000);
    const pid = log.pidAt(openedUs);
    log.write(openedUs, `CRON[${pid}]`, 'pam_unix(cron:session): session opened for user root(uid=0) by (uid=0)');
    log.write(
      openedUs + log.random.between(9000, 60_000),
      `CRON[${pid}]`,
      'pam_unix(cron:session): session closed for user root',
    );
  }
}

/** Guessed passwords. One guesser even knows a vendor's account name; nobody gets in. */
export function scanners(log) {
  const { random, server } = log;
  const guesses = [
    ['00:41:50', 'admin'],
    ['02:25:13', 'root', 'known'],
    ['02:58:37', 'oracle'],
    ['05:09:02', 'test'],
    ['06:33:28', 'ubuntu'],
    ['10:22:46', 'ftpuser'],
    ['11:47:19', 'cpc_sftp', 'known'],
    ['15:14:55', 'postgres'],
    ['19:06:31', 'admin'],
    ['20:37:44', 'backup'],
    ['22:49:20', 'root', 'known'],
    ['23:31:08', 'guest'],
  ];
  guesses.forEach(([clock, user, known], index) => {
    const ip = SCANNERS[index % SCANNERS.length];
    const from = `${ip} port ${random.between(32_800, 60_900)}`;
    const who = known === undefined ? `invalid user ${user}` : user;
    let time = startUs(random, clock);
    const pid = log.pidAt(time);
    const sshd = (message, truth) => log.write(time, `sshd[${pid}]`, message, truth);
    sshd(`Connection from ${from} on ${server} port 22 rdomain ""`);
    time += random.between(300_000, 900_000);
    if (known === undefined) {
      sshd(`Invalid user ${user} from ${from}`);
      time += random.between(3000, 9000);
      sshd('pam_unix(sshd:auth): check pass; user unknown');
      time += 40;
    }
    sshd(
      `pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=${ip} ${known === undefined ? '' : ` user=${user}`}`,
    );
    time += random.between(1_700_000, 2_300_000);
    sshd(`Failed password for ${who} from ${from} ssh2`, {
      story: 'a stranger guesses passwords',
      kind: 'failed-login',
      vendor: null,
      receiver: { ip },
      claim: null,
      rule: null,
      because: 'nobody got in',
    });
    time += random.between(200_000, 600_000);
    sshd(`Connection closed by ${known === undefined ? 'invalid' : 'authenticating'} user ${user} ${from} [preauth]`);
  });
}
