import { spawn } from 'node:child_process';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually } from '../command.ts';
import { serve } from './child.ts';
import { freePort } from './free-port.ts';
import { programPath } from './requirements.ts';
import type { Undo } from './undo.ts';

/** Squid's native format, and the two fields that an upload cannot be judged without. */
export const LOGFORMAT = '%ts.%03tu %6tr %>a %Ss/%03>Hs %<st %rm %ru %[un %Sh/%<a %mt %>st "%{Content-Type}>h"';

export interface Squid {
  /** On 127.0.0.1. */
  readonly port: number;
  readonly accessLog: string;
}

export interface SquidOptions {
  readonly folder: string;
  /** Addresses by host name; there is no other name resolution. */
  readonly hosts: Readonly<Record<string, string>>;
  /** Host names that an ACL denies. */
  readonly denied: readonly string[];
}

const PATIENCE_MS = 20_000;

/** Starts a Squid of the test's own in the foreground and waits until it accepts connections. */
export async function startSquid({ folder, hosts, denied }: SquidOptions, undo: Undo): Promise<Squid> {
  const own = join(folder, 'squid');
  await mkdir(own);
  // Started by root, Squid gives up root for a user of its own, who must be able to write here and to
  // read the names, whatever our umask is.
  await chmod(own, 0o777);
  const port = await freePort('127.0.0.1');
  const files = { conf: join(own, 'squid.conf'), hosts: join(own, 'hosts'), accessLog: join(own, 'access.log') };
  const names = Object.entries(hosts).map(([name, address]) => `${address} ${name}\n`);
  await writeFile(files.hosts, names.join(''));
  await chmod(files.hosts, 0o644);
  await writeFile(files.conf, configuration(own, port, files, denied));

  const server = serve(spawn(programPath('squid'), ['-N', '-f', files.conf]), undo);
  const isReady = async () => {
    if (server.hasExited()) throw new Error(`Squid ended at its start:\n${server.output()}`);
    const log = await readFile(join(own, 'cache.log'), 'utf8').catch(() => '');
    return log.includes('Accepting HTTP Socket connections') ? true : undefined;
  };
  await eventually(isReady, PATIENCE_MS, 'Squid to accept connections');
  return { port, accessLog: files.accessLog };
}

/** Waits until the access log has this many lines. @returns them. */
export async function linesOfSquid({ accessLog }: Squid, count: number): Promise<readonly string[]> {
  const look = async () => {
    const lines = (await readFile(accessLog, 'utf8').catch(() => '')).split('\n').slice(0, -1);
    return lines.length >= count ? lines : undefined;
  };
  return eventually(look, PATIENCE_MS, `${count} lines in Squid's access log`);
}

function configuration(
  folder: string,
  port: number,
  files: { readonly hosts: string; readonly accessLog: string },
  denied: readonly string[],
): string {
  return `
http_port 127.0.0.1:${port}
visible_hostname gw1
pid_filename ${folder}/squid.pid
cache_log ${folder}/cache.log
coredump_dir none
hosts_file ${files.hosts}
dns_nameservers 127.0.0.1
logformat egress ${LOGFORMAT}
access_log stdio:${files.accessLog} egress
buffered_logs off
cache deny all
cache_mem 8 MB
# Squid makes room for as many descriptors as it may open, which containers often leave unlimited.
max_filedescriptors 1024
pinger_enable off
shutdown_lifetime 1 second
connect_timeout 2 seconds
${denied.map((name) => `acl denied dstdomain ${name}\n`).join('')}
${denied.length > 0 ? 'http_access deny denied' : ''}
http_access allow all
`;
}
