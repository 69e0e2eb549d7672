import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { FormatChoice } from '../../../src/sources/settings.ts';
import { readOne, recordOf } from '../fixtures.ts';

/** What a request was, before any server wrote it down. */
interface Request {
  readonly ip: string;
  readonly user: string | undefined;
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly up: number;
  readonly down: number;
  readonly agent: string | undefined;
  readonly second: number;
}

const ipv4 = fc
  .tuple(fc.integer({ min: 1, max: 223 }), fc.nat(255), fc.nat(255), fc.nat(255))
  .map((it) => it.join('.'));
const ip = fc.oneof(ipv4, fc.constantFrom('2001:db8::7', 'fe80::1', '::1'));
/** Anything a client can send in a header: quotes, backslashes, brackets, blanks, controls, UTF-8. */
const headerText = fc
  .string({
    unit: fc.oneof(
      fc.constantFrom('"', '\\', '[', ']', '{', '}', ' ', '%', '|', '\t', 'é', '漢', '😀'),
      fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 1 }),
    ),
    minLength: 1,
    maxLength: 30,
  })
  .filter((text) => text.trim() === text && text !== '-' && text !== '""');
const path = fc
  .string({ unit: fc.constantFrom(...'abcXYZ019/._-~?=&%"\\|é'), maxLength: 30 })
  .map((text) => `/${text}`);
const user = fc
  .string({ unit: fc.constantFrom(...'abcXYZ019@. \\"é'), minLength: 1, maxLength: 20 })
  .filter((text) => text.trim() === text && text !== '-' && !text.startsWith('- ') && text !== '""');
const request: fc.Arbitrary<Request> = fc.record({
  ip,
  user: fc.option(user, { nil: undefined }),
  method: fc.constantFrom('GET', 'PUT', 'POST', 'PROPFIND', 'MKCOL'),
  path,
  status: fc.integer({ min: 100, max: 599 }),
  up: fc.nat(2 ** 40),
  down: fc.nat(2 ** 40),
  agent: fc.option(headerText, { nil: undefined }),
  second: fc.integer({ min: 1_000_000_000, max: 1_796_000_000 }),
});

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
function clf(second: number): string {
  const [, year, month, day, time] = /^(\d+)-(\d+)-(\d+)T(.{8})/.exec(new Date(second * 1_000).toISOString()) ?? [];
  return `${day}/${MONTHS[Number(month) - 1]}/${year}:${time} +0000`;
}

/** `ap_escape_logitem`: backslashes before quotes and backslashes, controls as C has them, other bytes in lower case. */
function apache(text: string | undefined): string {
  if (text === undefined) return '-';
  return [...Buffer.from(text)]
    .map((byte) => {
      const character = String.fromCharCode(byte);
      if (character === '"' || character === '\\') return `\\${character}`;
      if (character === '\t') return '\\t';
      return byte < 32 || byte > 126 ? `\\x${byte.toString(16).padStart(2, '0')}` : character;
    })
    .join('');
}

/** `ngx_http_log_escape`: quotes, backslashes and whatever is no printable ASCII as bytes, in upper case. */
function nginx(text: string | undefined): string {
  if (text === undefined) return '-';
  return [...Buffer.from(text)]
    .map((byte) =>
      byte < 32 || byte > 126 || byte === 34 || byte === 92
        ? `\\x${byte.toString(16).toUpperCase().padStart(2, '0')}`
        : String.fromCharCode(byte),
    )
    .join('');
}

/** Inside JSON; nothing is empty. */
const json = (text: string | undefined) => (text === undefined ? '' : JSON.stringify(text).slice(1, -1));

/** HAProxy's request line: quotes, `#` and whatever is no printable ASCII as `#XX`. */
function haproxy(text: string): string {
  return [...Buffer.from(text)]
    .map((byte) =>
      byte < 33 || byte > 126 || byte === 34 || byte === 35
        ? `#${byte.toString(16).toUpperCase().padStart(2, '0')}`
        : String.fromCharCode(byte),
    )
    .join('');
}

interface Engine {
  readonly choice: FormatChoice;
  readonly write: (request: Request) => string;
  /** What the format does not have. */
  readonly lacks?: readonly (keyof Request)[];
}

const ENGINES: Readonly<Record<string, Engine>> = {
  Apache: {
    choice: { apache: '%h %l %u %t "%r" %>s %B "%{User-Agent}i" %I' },
    write: (it) =>
      `${it.ip} - ${apache(it.user)} [${clf(it.second)}] "${apache(`${it.method} ${it.path} HTTP/1.1`)}" ${it.status} ${it.down} "${apache(it.agent)}" ${it.up}`,
  },
  nginx: {
    choice: {
      nginx:
        '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_user_agent" $request_length',
    },
    write: (it) =>
      `${it.ip} - ${nginx(it.user)} [${clf(it.second)}] "${nginx(`${it.method} ${it.path} HTTP/1.1`)}" ${it.status} ${it.down} "${nginx(it.agent)}" ${it.up}`,
  },
  'nginx with escape=json': {
    choice: {
      nginx:
        'escape=json {"t":"$time_iso8601","ip":"$remote_addr","u":"$remote_user","m":"$request_method","p":"$request_uri","s":$status,"b":$body_bytes_sent,"a":"$http_user_agent","l":$request_length}',
    },
    write: (it) =>
      `{"t":"${new Date(it.second * 1_000).toISOString().slice(0, 19)}+00:00","ip":"${it.ip}","u":"${json(it.user)}","m":"${it.method}","p":"${json(it.path)}","s":${it.status},"b":${it.down},"a":"${json(it.agent)}","l":${it.up}}`,
  },
  'JSON by a mapping': {
    choice: {
      json: {
        time: 't',
        'client.ip': 'who.ip',
        'client.user': 'who.user',
        request: 'r',
        status: '/s',
        bytesToServer: 'up',
        bytesToClient: 'down',
        agent: 'headers.User-Agent.0',
      },
    },
    write: (it) =>
      JSON.stringify({
        t: it.second,
        who: { ip: it.ip, user: it.user ?? null },
        r: `${it.method} ${it.path} HTTP/1.1`,
        s: String(it.status),
        up: it.up,
        down: it.down,
        headers: it.agent === undefined ? {} : { 'User-Agent': [it.agent] },
      }),
  },
  HAProxy: {
    choice: { haproxy: '%ci:%cp [%T] %ft %b/%s %ST %B %hr %hs %{+Q}r %U' },
    write: (it) =>
      `${it.ip}:49214 [${clf(it.second)}] fe be/a1 ${it.status} ${it.down} {a|b c#22|} "${haproxy(it.method)} ${haproxy(it.path)} HTTP/1.1" ${it.up}`,
    lacks: ['user', 'agent'],
  },
  Envoy: {
    choice: {
      envoy:
        '[%START_TIME%] "%REQ(:METHOD)% %REQ(:PATH)% %PROTOCOL%" %RESPONSE_CODE% %BYTES_RECEIVED% %BYTES_SENT% "%REQ(USER-AGENT)%" "%DOWNSTREAM_REMOTE_ADDRESS%"',
    },
    write: (it) =>
      `[${new Date(it.second * 1_000).toISOString()}] "${it.method} ${it.path.replaceAll('"', '')} HTTP/2" ${it.status} ${it.up} ${it.down} "${it.agent ?? '-'}" "${it.ip.includes(':') ? `[${it.ip}]` : it.ip}:51514"`,
    lacks: ['user', 'path'],
  },
};

test.each(Object.keys(ENGINES))('What %s writes down is read back as it was', (name) => {
  const engine = ENGINES[name];
  if (engine === undefined) throw new Error(`There is no engine ${name}`);
  const { choice, write, lacks = [] } = engine;
  fc.assert(
    fc.property(request, (it) => {
      const line = write(it);
      const record = recordOf(readOne(line, choice));
      const has = (key: keyof Request) => !lacks.includes(key);
      expect(record.client?.ip, line).toBe(it.ip);
      expect(record.method, line).toBe(it.method);
      expect(record.status, line).toBe(it.status);
      expect(record.bytesToServer, line).toBe(it.up);
      expect(record.bytesToClient, line).toBe(it.down);
      expect(record.timeMs, line).toBe(it.second * 1_000);
      if (has('user')) expect(record.client?.user, line).toBe(it.user);
      if (has('path')) expect(record.url, line).toBe(it.path);
      if (has('agent')) expect(record.agent, line).toBe(it.agent);
    }),
    { numRuns: 150 },
  );
});
