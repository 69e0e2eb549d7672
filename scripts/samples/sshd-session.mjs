/**
 * A login with a public key, as OpenSSH 9.2 with `LogLevel VERBOSE` writes it: the monitor's pid, then the user child's.
 * @returns the state that `logout` and `sftpSession` go on from
 */
export function login(log, { startUs, person, client, jail, starts, truth }) {
  const { write, random } = log;
  const monitor = log.pidAt(startUs);
  // The unprivileged child that speaks before authentication; it writes nothing.
  log.pidAt(startUs);
  const port = random.between(32_800, 60_900);
  const from = `${client.ip} port ${port}`;
  const key = `ED25519 ${person.key}`;
  let us = startUs;
  const next = (low, high) => (us += random.between(low, high));
  const sshd = (pid, message, about) => write(us, `sshd[${pid}]`, message, about);

  sshd(monitor, `Connection from ${from} on ${log.server} port 22 rdomain ""`);
  next(170_000, 420_000);
  sshd(monitor, `Accepted key ${key} found at /etc/ssh/authorized_keys.d/${person.user}:1`);
  next(4000, 9000);
  sshd(monitor, `Postponed publickey for ${person.user} from ${from} ssh2 [preauth]`);
  next(100, 400);
  sshd(monitor, `Accepted key ${key} found at /etc/ssh/authorized_keys.d/${person.user}:1`);
  next(6000, 11_000);
  sshd(
    monitor,
    `Accepted publickey for ${person.user} from ${from} ssh2: ${key}`,
    truth && { ...truth, receiver: { ip: client.ip, user: person.user } },
  );
  next(900, 2400);
  sshd(monitor, `pam_unix(sshd:session): session opened for user ${person.user}(uid=${person.uid}) by (uid=0)`);
  next(3000, 6000);
  const logind = log.logindSessionAt(us);
  write(us, 'systemd-logind[598]', `New session ${logind} of user ${person.user}.`);
  next(4000, 9000);
  const child = log.pidAt(us);
  sshd(monitor, `User child is on pid ${child}`);
  next(900, 1500);
  if (jail !== undefined) sshd(child, `Changed root directory to "${jail}"`);
  next(38_000, 52_000);
  sshd(child, `Starting session: ${starts} for ${person.user} from ${from} id 0`);
  next(1200, 2100);
  return { us, monitor, child, from, person, client, logind };
}

/** The client closed the connection; `closesChannel` is false where the channel died with it. */
export function logout(log, { us: startUs, monitor, child, from, person, logind }, { closesChannel = true } = {}) {
  const { write, random } = log;
  let us = startUs;
  const next = (low, high) => (us += random.between(low, high));
  next(900, 1700);
  if (closesChannel) write(us, `sshd[${child}]`, `Close session: user ${person.user} from ${from} id 0`);
  next(120, 300);
  disconnect(log, { us, child, from, person });
  next(900, 1800);
  sessionClosed(log, { us, monitor, person, logind });
}

function disconnect({ write }, { us, child, from, person }) {
  write(us, `sshd[${child}]`, `Received disconnect from ${from}:11: disconnected by user`);
  write(us + 160, `sshd[${child}]`, `Disconnected from user ${person.user} ${from}`);
}

function sessionClosed({ write }, { us, monitor, person, logind }) {
  write(us, `sshd[${monitor}]`, `pam_unix(sshd:session): session closed for user ${person.user}`);
  write(us + 3800, 'systemd-logind[598]', `Session ${logind} logged out. Waiting for processes to exit.`);
  write(us + 4600, 'systemd-logind[598]', `Removed session ${logind}.`);
}

/**
 * A whole SFTP session as `internal-sftp -l INFO` writes it, under a third pid that no line links to the others.
 * Actions: `['get', path, bytes]`, `['put', path, bytes]`, `['list', path]`, `['rename', from, to]`,
 * `['wait', seconds]`, and last of all `['cut', path, bytes]`: the connection ends while the file is being read.
 * @param facts.bytesPerSecond what the line carries
 */
export function sftpSession(log, { actions, bytesPerSecond, moved, ...facts }) {
  const { write, random } = log;
  const session = login(log, facts);
  const { person, client } = session;
  let { us } = session;
  const pid = log.pidAt(us);
  const sftp = (message, truth) => write(us, `internal-sftp[${pid}]`, message, truth);
  const next = (low, high) => (us += random.between(low, high));
  const carry = (bytes) => (us += Math.round((bytes / bytesPerSecond) * 1e6) + random.between(1500, 9000));
  const truthOf = (bytes) => moved && { ...moved, receiver: { ip: client.ip, user: person.user }, bytes };

  sftp(`session opened for local user ${person.user} from [${client.ip}]`);
  for (const [action, path, detail] of actions) {
    next(300_000, 2_400_000);
    switch (action) {
      case 'list':
        sftp(`opendir "${path}"`);
        next(180_000, 420_000);
        sftp(`closedir "${path}"`);
        break;
      case 'get':
        sftp(`open "${path}" flags READ mode 0666`);
        carry(detail);
        sftp(`close "${path}" bytes read ${detail} written 0`, truthOf(detail));
        break;
      case 'put':
        sftp(`open "${path}" flags WRITE,CREATE,TRUNCATE mode 0644`);
        carry(detail);
        sftp(`close "${path}" bytes read 0 written ${detail}`, inbound(truthOf(detail)));
        break;
      case 'rename':
        sftp(`posix-rename old "${path}" new "${detail}"`);
        break;
      case 'wait':
        us += path * 1_000_000;
        break;
      case 'cut': {
        sftp(`open "${path}" flags READ mode 0666`);
        carry(detail);
        disconnect(log, { us, child: session.child, from: session.from, person });
        next(900, 1400);
        sftp(`forced close "${path}" bytes read ${detail} written 0`, truthOf(detail));
        next(40, 90);
        sftp(`session closed for local user ${person.user} from [${client.ip}]`);
        sessionClosed(log, { ...session, us: us + 180 });
        return;
      }
      default:
        throw new Error(`no such action: ${action}`);
    }
  }
  next(400_000, 3_000_000);
  sftp(`session closed for local user ${person.user} from [${client.ip}]`);
  logout(log, { ...session, us });
}

/** The client gave us something: whoever it is and wherever, nothing left. */
function inbound(truth) {
  return (
    truth && { ...truth, kind: 'upload', claim: null, rule: null, because: 'an upload to our own server is not egress' }
  );
}
