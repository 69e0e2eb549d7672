import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';
import { describe } from 'vitest';

/** Programs that are not Node's, and the Debian packages that they come from. */
const PACKAGES = {
  squid: 'squid',
  curl: 'curl',
  sshd: 'openssh-server',
  sftp: 'openssh-client',
  'ssh-keygen': 'openssh-client',
  rsyslogd: 'rsyslog',
  haproxy: 'haproxy',
  nginx: 'nginx',
  apache2: 'apache2',
} as const;

export type Program = keyof typeof PACKAGES;

/** Servers are installed where an ordinary user's PATH does not lead. */
const FOLDERS = [...(process.env.PATH ?? '').split(':'), '/usr/sbin', '/usr/local/sbin', '/sbin'];

/** @throws Error naming the Debian package. */
export function programPath(program: Program): string {
  const found = FOLDERS.map((folder) => join(folder, program)).find(isExecutable);
  if (found === undefined) throw new Error(`Cannot find ${program}: install the Debian package ${PACKAGES[program]}`);
  return found;
}

export interface Needs {
  readonly programs: readonly Program[];
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

function reasonAgainst({ programs, root }: Needs): string | undefined {
  if (process.platform !== 'linux') return 'needs Linux, where all of 127.0.0.0/8 is loopback';
  const missing = programs.filter((program) => !FOLDERS.some((folder) => isExecutable(join(folder, program))));
  if (missing.length > 0) {
    const packages = [...new Set(missing.map((program) => PACKAGES[program]))];
    return `needs ${missing.join(', ')}: install the Debian package${packages.length > 1 ? 's' : ''} ${packages.join(' ')}`;
  }
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
