import { accessSync, constants, existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe } from 'vitest';
import { ROOT } from '../command.ts';

/** Programs that are not Node's, and the Debian packages that they come from. */
const PACKAGES = {
  squid: 'squid',
  curl: 'curl',
  sshd: 'openssh-server',
  sftp: 'openssh-client',
  'ssh-keygen': 'openssh-client',
  rsyslogd: 'rsyslog',
  logrotate: 'logrotate',
  xz: 'xz-utils',
  zstd: 'zstd',
  bzip2: 'bzip2',
  gcc: 'gcc',
  mount: 'mount',
  umount: 'mount',
  'syslog-ng': 'syslog-ng-core (by scripts/unpack-syslog-ng.sh: it cannot be installed beside rsyslog)',
  openssl: 'openssl',
  journalctl: 'systemd',
  logger: 'bsdutils',
  'systemd-journald': 'systemd',
  proftpd: 'proftpd-core',
  lftp: 'lftp',
  rclone: 'rclone',
  vsftpd: 'vsftpd (scripts/install-ftp-servers.sh unpacks it beside the others)',
  'pure-ftpd': 'pure-ftpd (scripts/install-ftp-servers.sh unpacks it beside the others)',
  'pure-pw': 'pure-ftpd-common (scripts/install-ftp-servers.sh unpacks it beside the others)',
  haproxy: 'haproxy',
  nginx: 'nginx',
  apache2: 'apache2',
  prometheus: 'prometheus',
  promtool: 'prometheus',
  'nats-server': 'nats-server',
} as const;

export type Program = keyof typeof PACKAGES;

/** Servers are installed where an ordinary user's PATH does not lead. */
const FOLDERS = [
  ...(process.env.PATH ?? '').split(':'),
  '/usr/sbin',
  '/usr/local/sbin',
  '/sbin',
  '/lib/systemd',
  '/opt/phi-egress-e2e/usr/sbin',
  '/opt/phi-egress-e2e/usr/bin',
  join(ROOT, 'node_modules', '.cache', 'syslog-ng', 'bin'),
];

/** @throws Error naming the Debian package. */
export function programPath(program: Program): string {
  const found = FOLDERS.map((folder) => join(folder, program)).find(isExecutable);
  if (found === undefined) throw new Error(`Cannot find ${program}: install the Debian package ${PACKAGES[program]}`);
  return found;
}

export interface Needs {
  readonly programs: readonly Program[];
  /** Files that come with packages of their own, and these packages. */
  readonly files?: Readonly<Record<string, string>>;
  readonly root?: true;
}

/**
 * Tests with real servers. Where these cannot run, they are skipped, and their title says what is missing.
 *
 * @throws Error with the same words when PHI_EGRESS_E2E is `required`, as in continuous integration.
 */
export function describeWithServers(title: string, needs: Needs, tests: () => void): void {
  const reason = reasonAgainst(needs);
  if (reason !== undefined && process.env.PHI_EGRESS_E2E === 'required')
    throw new Error(`PHI_EGRESS_E2E=required, but "${title}" cannot be run: ${reason}`);
  describe.skipIf(reason !== undefined)(reason === undefined ? title : `${title} (${reason})`, tests);
}

function reasonAgainst({ programs, files = {}, root }: Needs): string | undefined {
  if (process.platform !== 'linux') return 'needs Linux, where all of 127.0.0.0/8 is loopback';
  const missing = programs.filter((program) => !FOLDERS.some((folder) => isExecutable(join(folder, program))));
  if (missing.length > 0) {
    const packages = [...new Set(missing.map((program) => PACKAGES[program]))];
    return `needs ${missing.join(', ')}: install the Debian package${packages.length > 1 ? 's' : ''} ${packages.join(' ')}`;
  }
  const [file, owner] = Object.entries(files).find(([path]) => !existsSync(path)) ?? [];
  if (file !== undefined) return `needs ${file}: install the Debian package ${owner}`;
  return root === true && process.getuid?.() !== 0 ? 'needs root, for a system log of its own' : undefined;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
