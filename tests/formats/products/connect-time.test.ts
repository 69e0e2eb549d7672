import { expect, test } from 'vitest';
import type { FormatChoice } from '../../../src/sources/settings.ts';
import { readOne, recordOf } from '../fixtures.ts';

const NGINX: FormatChoice = {
  nginx: '$remote_addr [$time_local] "$request" $status $request_time $upstream_connect_time "$upstream_addr"',
};
const nginx = (connect: string, server: string) =>
  `10.1.2.3 [24/Nov/2026:04:08:19 +0000] "POST http://up.vendor.example/in HTTP/1.1" 200 0.151 ${connect} "${server}"`;

const HAPROXY: FormatChoice = { haproxy: '%ci:%cp [%t] %s %Tw/%Tc/%Tt %B %ts %si:%sp' };
const haproxy = (connect: string, server: string) =>
  `10.1.2.3:55102 [24/Nov/2026:04:08:19.062] v1 1/${connect}/151 2273 -- ${server}`;

test.each<[string, string, FormatChoice, number | undefined]>([
  // Cut to whole milliseconds: 3 may have been almost 4.
  ['HAProxy: milliseconds', haproxy('3', '8.8.1.1:443'), HAPROXY, 4],
  ['HAProxy: a connection that was there already', haproxy('0', '8.8.1.1:443'), HAPROXY, undefined],
  ['HAProxy: no connection', haproxy('-1', '-:-'), HAPROXY, undefined],
  ['nginx: seconds', nginx('0.012', '8.8.1.1:443'), NGINX, 13],
  ['nginx: a connection that was there already', nginx('0.000', '8.8.1.1:443'), NGINX, undefined],
  ['nginx: answered without a server', nginx('-', '-'), NGINX, undefined],
])('how long the proxy waited for its connection to the server, at most: %s', (_, line, format, connectMs) => {
  expect(recordOf(readOne(line, format)).connectMs).toBe(connectMs);
});

test('nginx: of a request that was tried on two servers no time is one connection', () => {
  const line = nginx('0.001, 0.012', '8.8.1.1:443, 8.8.1.2:443');
  expect(recordOf(readOne(line, NGINX))).not.toHaveProperty('connectMs');
});
