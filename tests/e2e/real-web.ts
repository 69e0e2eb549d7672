import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { RECOMMENDED_LOG_FORMAT } from '../../src/formats/products/apache/apache.ts';
import { RECOMMENDED_HAPROXY_FORMAT } from '../../src/formats/products/haproxy/haproxy.ts';
import { RECOMMENDED_NGINX_FORMAT } from '../../src/formats/products/nginx/nginx.ts';
import { eventually } from '../command.ts';
import { type Server, serve } from './child.ts';
import { freePort } from './free-port.ts';
import type { Origin } from './origin.ts';
import { programPath } from './requirements.ts';
import type { Undo } from './undo.ts';

/** A server on 127.0.0.1 that logs each request twice: in its own format, and in the one that we recommend. */
export interface WebServer {
  readonly port: number;
  readonly defaultLines: () => Promise<readonly string[]>;
  readonly recommendedLines: () => Promise<readonly string[]>;
}

/** Where HAProxy's clock stands. Its httplog has no zone. */
export const HAPROXY_ZONE = 'America/New_York';

const PATIENCE_MS = 20_000;

/** nginx before an origin, and before a server that is not there under `/down/`. */
export async function startNginx(folder: string, origin: Origin, undo: Undo): Promise<WebServer> {
  const own = await ownFolder(folder, 'nginx');
  const [port, closed] = [await freePort('127.0.0.1'), await freePort('127.0.0.1')];
  const conf = join(own, 'nginx.conf');
  await writeFile(
    conf,
    `
daemon off;
master_process off;
pid ${own}/nginx.pid;
error_log ${own}/error.log;
events { worker_connections 64; }
http {
  client_body_temp_path ${own}/body; proxy_temp_path ${own}/proxy; fastcgi_temp_path ${own}/fastcgi;
  uwsgi_temp_path ${own}/uwsgi; scgi_temp_path ${own}/scgi;
  client_max_body_size 10m;
  log_format phi_egress '${RECOMMENDED_NGINX_FORMAT}';
  server {
    listen 127.0.0.1:${port};
    access_log ${own}/default.log;
    access_log ${own}/recommended.log phi_egress;
    location / { proxy_pass http://${origin.address}:${origin.port}; }
    location /down/ { proxy_pass http://127.0.0.1:${closed}; }
    location /local/ { return 204; }
  }
}
`,
  );
  const server = serve(spawn(programPath('nginx'), ['-c', conf, '-p', own, '-e', join(own, 'error.log')]), undo);
  await accepting(server, port, 'nginx');
  return { port, ...logsIn(own) };
}

/** Apache httpd as a forward proxy. */
export async function startApache(folder: string, origin: Origin, undo: Undo): Promise<WebServer> {
  const own = await ownFolder(folder, 'apache');
  const port = await freePort('127.0.0.1');
  const conf = join(own, 'httpd.conf');
  const modules = ['mpm_event', 'authz_core', 'proxy', 'proxy_http', 'proxy_connect'];
  await writeFile(
    conf,
    `
ServerRoot ${own}
ServerName gw1.hosp.example
PidFile ${own}/httpd.pid
DefaultRuntimeDir ${own}
Listen 127.0.0.1:${port}
${modules.map((name) => `LoadModule ${name}_module /usr/lib/apache2/modules/mod_${name}.so`).join('\n')}
User www-data
Group www-data
ErrorLog ${own}/error.log
ProxyRequests On
ProxyVia Off
AllowCONNECT ${origin.port}
LogFormat "%h %l %u %t \\"%r\\" %>s %b \\"%{Referer}i\\" \\"%{User-Agent}i\\"" combined
LogFormat "${RECOMMENDED_LOG_FORMAT.replaceAll('"', '\\"')}" phi_egress
CustomLog ${own}/default.log combined
CustomLog ${own}/recommended.log phi_egress
`,
  );
  const server = serve(spawn(programPath('apache2'), ['-f', conf, '-X', '-D', 'FOREGROUND']), undo);
  await accepting(server, port, 'Apache');
  return { port, ...logsIn(own) };
}

export interface Haproxy {
  /** Of a frontend with `option httplog`, of one with our log-format, and of one in TCP mode with `option tcplog`. */
  readonly ports: { readonly httplog: number; readonly recommended: number; readonly tcplog: number };
  readonly lines: () => readonly string[];
}

export async function startHaproxy(folder: string, origin: Origin, undo: Undo): Promise<Haproxy> {
  const own = await ownFolder(folder, 'haproxy');
  const ports = {
    httplog: await freePort('127.0.0.1'),
    recommended: await freePort('127.0.0.1'),
    tcplog: await freePort('127.0.0.1'),
  };
  const closed = await freePort('127.0.0.1');
  const conf = join(own, 'haproxy.cfg');
  await writeFile(
    conf,
    `
global
  log stdout len 65535 format raw local0
defaults
  log global
  mode http
  timeout connect 2s
  timeout client 10s
  timeout server 10s
frontend fe_http
  bind 127.0.0.1:${ports.httplog}
  option httplog
  http-request deny if { path_beg /denied }
  use_backend be_down if { path_beg /down }
  default_backend be_origin
frontend fe_recommended
  bind 127.0.0.1:${ports.recommended}
  http-request set-var(txn.phi_host) req.hdr(host)
  http-request set-var(txn.phi_type) req.hdr(content-type)
  http-response set-var(txn.phi_reply_type) res.hdr(content-type)
  log-format "${RECOMMENDED_HAPROXY_FORMAT.replaceAll('"', '\\"')}"
  http-request deny if { path_beg /denied }
  use_backend be_down if { path_beg /down }
  default_backend be_origin
frontend fe_tcp
  bind 127.0.0.1:${ports.tcplog}
  mode tcp
  option tcplog
  default_backend be_tcp
backend be_origin
  server origin ${origin.address}:${origin.port}
backend be_down
  retries 0
  server closed 127.0.0.1:${closed}
backend be_tcp
  mode tcp
  server origin ${origin.address}:${origin.port}
`,
  );
  const child = spawn(programPath('haproxy'), ['-db', '-f', conf], { env: { ...process.env, TZ: HAPROXY_ZONE } });
  const server = serve(child, undo);
  await accepting(server, ports.tcplog, 'HAProxy');
  return { ports, lines: () => server.output().split('\n').slice(0, -1) };
}

/** Waits until there are so many lines. */
export async function linesOnce(
  lines: () => Promise<readonly string[]> | readonly string[],
  count: number,
): Promise<readonly string[]> {
  const look = async () => {
    const found = await lines();
    return found.length >= count ? found : undefined;
  };
  return eventually(look, PATIENCE_MS, `${count} lines in the log`);
}

/** Started by root, servers give up root for users of their own, who must be able to write here. */
async function ownFolder(folder: string, name: string): Promise<string> {
  const own = join(folder, name);
  await mkdir(own);
  await chmod(own, 0o777);
  return own;
}

function logsIn(own: string): Pick<WebServer, 'defaultLines' | 'recommendedLines'> {
  const read = async (name: string) =>
    (await readFile(join(own, name), 'utf8').catch(() => '')).split('\n').slice(0, -1);
  return { defaultLines: () => read('default.log'), recommendedLines: () => read('recommended.log') };
}

async function accepting(server: Server, port: number, name: string): Promise<void> {
  const look = async () => {
    if (server.hasExited()) throw new Error(`${name} ended at its start:\n${server.output()}`);
    const socket = connect(port, '127.0.0.1');
    const answer = once(socket, 'connect').then(
      () => true,
      () => undefined,
    );
    return answer.finally(() => socket.destroy());
  };
  await eventually(look, PATIENCE_MS, `${name} to accept connections`);
}
