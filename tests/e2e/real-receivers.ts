import { spawn } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { eventually } from '../command.ts';
import type { Certificates } from './certificates.ts';
import { serve } from './child.ts';
import { programPath } from './requirements.ts';
import type { Undo } from './undo.ts';

/** One message as a receiver understood it. */
export interface ReceivedMessage {
  readonly priority: number;
  readonly time: string;
  readonly host: string;
  readonly program: string;
  readonly messageId: string;
  /** Parameters of the structured data, by name; the only element is ours. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly text: string;
}

/** A syslog server of another house, which writes down what it understood. */
export interface Receiver {
  readonly messages: () => Promise<readonly ReceivedMessage[]>;
  readonly start: () => Promise<void>;
  /** In order, as a service manager does. */
  readonly stop: () => Promise<void>;
}

export type ReceiverName = 'rsyslogd' | 'syslog-ng';

export interface Place {
  readonly protocol: 'udp' | 'tcp' | 'tls';
  readonly port: number;
  readonly pki: Certificates;
}

/** The number reserved for documentation, and the name before it. */
const SD_ID = 'alert@32473';
const PATIENCE_MS = 60_000;

/** What syslog-ng writes into its folder. */
export const CEF_FILE = 'extensions.cef';

/** Takes messages up to 64 KiB: rsyslog cuts at 8 KiB unless it is told. */
export async function startReceiver(name: ReceiverName, folder: string, place: Place, undo: Undo): Promise<Receiver> {
  const own = join(folder, name);
  await mkdir(own);
  const { configuration, args, understand } = RECEIVERS[name];
  const [conf, file] = [join(own, 'conf'), join(own, 'received.json')];
  await writeFile(conf, configuration(place, own, file));
  let stop = async () => {};
  const start = async () => {
    const server = serve(spawn(programPath(name), args(conf, own)), undo);
    stop = async () => {
      await server.stop();
    };
    const isReady = async () => {
      if (server.hasExited()) throw new Error(`${name} ended at its start:\n${server.output()}`);
      return (await isListening(place)) ? true : undefined;
    };
    await eventually(isReady, PATIENCE_MS, `${name} to listen`);
  };
  await start();
  const messages = async () => {
    const text = await readFile(file, 'utf8').catch(() => '');
    return text
      .split('\n')
      .slice(0, -1)
      .map((line) => understand(JSON.parse(line)));
  };
  return { messages, start, stop: () => stop() };
}

interface ReceiverKind {
  readonly configuration: (place: Place, own: string, file: string) => string;
  readonly args: (conf: string, own: string) => readonly string[];
  // biome-ignore lint/suspicious/noExplicitAny: what another program wrote.
  readonly understand: (written: any) => ReceivedMessage;
}

const RECEIVERS: Readonly<Record<ReceiverName, ReceiverKind>> = {
  rsyslogd: {
    configuration: rsyslogConfiguration,
    args: (conf, own) => ['-n', '-f', conf, '-i', join(own, 'pid')],
    understand: ({ sd, priority, ...rest }) => ({
      ...rest,
      priority: Number(priority),
      // rsyslog writes a tree as text.
      parameters: sd === '' ? {} : JSON.parse(sd)['rfc5424-sd'][SD_ID],
    }),
  },
  'syslog-ng': {
    configuration: syslogNgConfiguration,
    args: (conf, own) => [
      ...['--foreground', '--cfgfile', conf],
      ...['--persist-file', join(own, 'persist'), '--control', join(own, 'control'), '--pidfile', join(own, 'pid')],
    ],
    understand: ({ priority, time, SDATA, ...rest }) => ({
      ...rest,
      time: new Date(time).toISOString(),
      text: rest.text ?? '',
      priority: Number(priority),
      parameters: SDATA?.[SD_ID] ?? {},
    }),
  },
};

/** rsyslog, "mmpstrucdata" and "imtcp" modules: https://www.rsyslog.com/doc/configuration/modules/mmpstrucdata.html */
function rsyslogConfiguration({ protocol, port, pki }: Place, own: string, file: string): string {
  const tls = 'StreamDriver.Name="gtls" StreamDriver.Mode="1" StreamDriver.AuthMode="x509/name"';
  const driver = protocol === 'tls' ? `${tls} PermittedPeer=["client.example"]` : '';
  const input =
    protocol === 'udp'
      ? `module(load="imudp") input(type="imudp" address="127.0.0.1" port="${port}")`
      : `module(load="imtcp" ${driver}) input(type="imtcp" address="127.0.0.1" port="${port}")`;
  return `
global(workDirectory="${own}" maxMessageSize="64k" parser.escapeControlCharactersOnReceive="off"
  defaultNetstreamDriverCAFile="${pki.ca}"
  defaultNetstreamDriverCertFile="${pki.server.cert}" defaultNetstreamDriverKeyFile="${pki.server.key}")
module(load="mmpstrucdata")
${input}
template(name="understood" type="list" option.jsonf="on") {
  property(outname="priority" name="pri" format="jsonf")
  property(outname="time" name="timereported" dateFormat="rfc3339" format="jsonf")
  property(outname="host" name="hostname" format="jsonf")
  property(outname="program" name="app-name" format="jsonf")
  property(outname="messageId" name="msgid" format="jsonf")
  property(outname="text" name="msg" format="jsonf")
  property(outname="sd" name="$!" format="jsonf")
}
action(type="mmpstrucdata" sd_name.lowercase="off")
action(type="omfile" file="${file}" template="understood")
`;
}

/**
 * syslog-ng 3.38, "syslog: collecting messages using the IETF syslog protocol" and "format-json". It has no parser of CEF,
 * but writes it ("format-cef-extension"): two values of each message, so that its escaping can be held against ours.
 */
function syslogNgConfiguration({ protocol, port, pki }: Place, own: string, file: string): string {
  const tls = `tls(ca-file("${pki.ca}") cert-file("${pki.server.cert}") key-file("${pki.server.key}") peer-verify(required-trusted))`;
  return `
@version: 3.38
options { keep-hostname(yes); frac-digits(3); };
source agents {
  syslog(ip("127.0.0.1") port(${port}) transport("${protocol}") log-msg-size(65536) ${protocol === 'tls' ? tls : ''});
};
destination understood {
  file("${file}" template("$(format-json --pair priority=$PRI --pair time=$S_ISODATE --pair host=$HOST
    --pair program=$PROGRAM --pair messageId=$MSGID --pair text=$MESSAGE --rekey .SDATA.* --shift 1 --key .SDATA.*)\\n"));
};
rewrite as_cef {
  set("\${.SDATA.${SD_ID}.senderUser}" value(".cef.suser"));
  set("\${.SDATA.${SD_ID}.explanation}" value(".cef.msg"));
};
destination as_cef { file("${join(own, CEF_FILE)}" template("$(format-cef-extension --subkeys .cef.)\\n")); };
log { source(agents); destination(understood); rewrite(as_cef); destination(as_cef); };
`;
}

/** Of UDP a receiver cannot be asked; the kernel can (proc(5)). */
function isListening({ protocol, port }: Place): Promise<boolean> {
  if (protocol === 'udp') return isUdpBound(port);
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}

async function isUdpBound(port: number): Promise<boolean> {
  const table = await readFile('/proc/net/udp', 'utf8');
  return table.includes(`0100007F:${port.toString(16).toUpperCase().padStart(4, '0')} `);
}
