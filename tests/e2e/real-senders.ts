import { spawn } from 'node:child_process';
import { mkdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually } from '../command.ts';
import type { Certificates } from './certificates.ts';
import { serve } from './child.ts';
import { programPath } from './requirements.ts';
import type { Undo } from './undo.ts';

/** A system log of the test's own that passes on what it gets. */
export interface Sender {
  /** Hands it a message, as a program on its host would. Resolves when it has taken it. */
  readonly log: (messages: readonly string[]) => Promise<void>;
}

export interface Destination {
  readonly protocol: 'udp' | 'tcp' | 'tls';
  readonly port: number;
  readonly pki: Certificates;
}

export type SenderName = 'rsyslogd' | 'syslog-ng';

const PATIENCE_MS = 10_000;

/** Starts a sender that keeps in a queue what it cannot pass on, and tries again each second. */
export async function startSender(
  name: SenderName,
  folder: string,
  destination: Destination,
  undo: Undo,
): Promise<Sender> {
  const own = join(folder, `${name}-${destination.port}`);
  await mkdir(own);
  const [conf, socket] = [join(own, 'conf'), join(own, 'socket')];
  await writeFile(conf, CONFIGURATIONS[name](destination, own, socket));
  const server = serve(spawn(programPath(name), ARGUMENTS[name](conf, own)), undo);
  const isReady = async () => {
    if (server.hasExited()) throw new Error(`${name} ended at its start:\n${server.output()}`);
    return (await exists(socket)) ? true : undefined;
  };
  await eventually(isReady, PATIENCE_MS, `${name} to open its socket`);
  return { log: (messages) => handOver(socket, messages) };
}

async function handOver(socket: string, messages: readonly string[]): Promise<void> {
  const args = ['--socket', socket, '--tag', 'sshd', '--priority', 'auth.info', '--id=100'];
  const logger = spawn(programPath('logger'), args, { stdio: ['pipe', 'ignore', 'inherit'] });
  logger.stdin.end(messages.map((it) => `${it}\n`).join(''));
  const code = await new Promise((resolve) => logger.once('close', resolve));
  if (code !== 0) throw new Error(`logger ended with ${code}`);
}

const ARGUMENTS: Readonly<Record<SenderName, (conf: string, own: string) => readonly string[]>> = {
  rsyslogd: (conf, own) => ['-n', '-f', conf, '-i', join(own, 'pid')],
  'syslog-ng': (conf, own) => [
    ...['--foreground', '--cfgfile', conf],
    ...['--persist-file', join(own, 'persist'), '--control', join(own, 'control'), '--pidfile', join(own, 'pid')],
  ],
};

const CONFIGURATIONS: Readonly<Record<SenderName, (destination: Destination, own: string, socket: string) => string>> =
  {
    rsyslogd: rsyslogConfiguration,
    'syslog-ng': syslogNgConfiguration,
  };

/**
 * With batches of one: rsyslog sends a whole batch again of which a part was sent when the connection ended. TLS as in
 * its documentation, both sides with certificates.
 */
function rsyslogConfiguration({ protocol, port, pki }: Destination, own: string, socket: string): string {
  const tls = 'StreamDriver="gtls" StreamDriverMode="1" StreamDriverAuthMode="x509/name"';
  const driver = protocol === 'tls' ? `${tls} StreamDriverPermittedPeers="server.example"` : '';
  const framing = protocol === 'udp' ? '' : 'TCP_Framing="octet-counted" template="RSYSLOG_SyslogProtocol23Format"';
  return `
global(workDirectory="${own}" defaultNetstreamDriverCAFile="${pki.ca}"
  defaultNetstreamDriverCertFile="${pki.client.cert}" defaultNetstreamDriverKeyFile="${pki.client.key}")
module(load="imuxsock" SysSock.Use="off")
input(type="imuxsock" Socket="${socket}" RateLimit.Interval="0")
auth.info action(type="omfwd" target="127.0.0.1" port="${port}" protocol="${protocol === 'udp' ? 'udp' : 'tcp'}" ${driver} ${framing}
  queue.type="LinkedList" queue.size="100000" queue.dequeueBatchSize="1"
  action.resumeRetryCount="-1" action.resumeInterval="1")
`;
}

function syslogNgConfiguration({ protocol, port, pki }: Destination, _: string, socket: string): string {
  const tls = `tls(ca-file("${pki.ca}") cert-file("${pki.client.cert}") key-file("${pki.client.key}") peer-verify(required-trusted))`;
  // network() sends RFC 3164 ended by LF, syslog() RFC 5424 with octet counting.
  const driver = protocol === 'tcp' ? 'network' : 'syslog';
  return `
@version: 3.38
options { time-reopen(1); keep-hostname(yes); };
source local { unix-dgram("${socket}"); };
destination agent {
  ${driver}("127.0.0.1" port(${port}) transport("${protocol}") log-fifo-size(100000) ${protocol === 'tls' ? tls : ''});
};
log { source(local); filter { facility(auth) }; destination(agent); };
`;
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
