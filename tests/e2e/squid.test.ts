import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually } from '../command.ts';
import {
  deliveredAlerts,
  type Installation,
  idsOf,
  install,
  replayedAlerts,
  rowsOf,
  runUntilIdle,
  storedAlerts,
} from './agent.ts';
import { curl } from './curl.ts';
import { freePort } from './free-port.ts';
import { type Origin, startOrigin } from './origin.ts';
import {
  breakOff,
  CONNECT_BYTES,
  chunkedRequestOf,
  exchange,
  exchangeInTunnel,
  headBytesOf,
  requestOf,
} from './raw-http.ts';
import { LOGFORMAT, linesOfSquid, type Squid, startSquid } from './real-squid.ts';
import { describeWithServers, type Needs } from './requirements.ts';
import { scratchFolder } from './scratch.ts';
import { Undo } from './undo.ts';

const PLACES = {
  india: '127.0.91.10',
  ohio: '127.0.93.10',
  puertoRico: '127.0.94.10',
  russia: '127.0.95.10',
  germany: '127.0.96.10',
  disputed: '127.0.97.10',
} as const;

/** Each vendor is one case: what is done with it is in `work`, what is to be said of it in the table. */
const VENDORS = {
  'in-put': PLACES.india,
  'in-thrice': PLACES.india,
  'in-chunked': PLACES.india,
  'in-tunnel': PLACES.india,
  'in-handshake': PLACES.india,
  'in-aborted': PLACES.india,
  'in-denied': PLACES.india,
  'in-closed': PLACES.india,
  'in-closed-tunnel': PLACES.india,
  'in-curl-put': PLACES.india,
  'in-curl-post': PLACES.india,
  'in-curl-chunked': PLACES.india,
  'in-curl-tunnel': PLACES.india,
  'ru-post': PLACES.russia,
  'us-post': PLACES.ohio,
  'pr-post': PLACES.puertoRico,
  'us-or-sg': PLACES.disputed,
} as const;

type VendorId = keyof typeof VENDORS;

const STRANGERS = { 'fhir.stranger.example': PLACES.germany, 'www.newspaper.example': PLACES.germany } as const;

const LINES_EXPECTED = 21;

const undo = new Undo();
afterAll(() => undo.run());

const NEEDS: Needs = { programs: ['squid', 'curl'] };

describeWithServers('a day at a real Squid', NEEDS, () => {
  let installation: Installation;
  let squid: Squid;
  let curlBytes: CurlBytes;

  beforeAll(async () => {
    const scratch = await scratchFolder(undo);
    const origins = await startOrigins();
    const vendorHosts = Object.entries(VENDORS).map(([id, address]) => [hostOf(id as VendorId), address] as const);
    const hosts = { ...Object.fromEntries(vendorHosts), ...STRANGERS };
    squid = await startSquid({ folder: scratch, hosts, denied: [hostOf('in-denied')] }, undo);
    installation = await install(scratch, {
      sources: [
        {
          name: 'squid',
          type: 'file',
          paths: [squid.accessLog],
          format: { squid: LOGFORMAT },
          inside: 'client',
          start: 'beginning',
        },
      ],
      vendors: Object.keys(VENDORS).map((id) => ({
        id,
        name: `Vendor ${id}`,
        endpoints: { domains: [hostOf(id as VendorId)] },
        carries: 'phi',
      })),
    });
    await work(squid, origins);
    curlBytes = await workWithCurl(scratch, squid, origins);
    await linesOfSquid(squid, LINES_EXPECTED);
    await runUntilIdle(installation);
  });

  test('each movement left its line, and no other line is there', async () => {
    expect(await linesOfSquid(squid, LINES_EXPECTED)).toHaveLength(LINES_EXPECTED);
  });

  test('the alerts are exactly these, bytes included', async () => {
    const outside = { rule: 'phi-outside-territory', where: 'IN', count: 1 } as const;
    const delivered = { ...outside, severity: 'high', claim: 'delivered' } as const;
    const attempted = { ...outside, severity: 'medium', claim: 'attempted' } as const;
    expect(rowsOf(await storedAlerts(installation))).toEqual([
      {
        rule: 'phi-to-unregistered-endpoint',
        who: 'fhir.stranger.example',
        where: 'DE',
        severity: 'high',
        claim: 'delivered',
        count: 1,
        bytes: 8_192,
      },
      { ...attempted, who: 'in-aborted', bytes: 100_000 },
      { ...delivered, who: 'in-chunked', bytes: 71_700 },
      { ...attempted, who: 'in-closed', bytes: 5_000 },
      { ...attempted, who: 'in-closed-tunnel', bytes: 200 },
      { ...delivered, who: 'in-curl-chunked', bytes: curlBytes['in-curl-chunked'] },
      { ...delivered, who: 'in-curl-post', bytes: curlBytes['in-curl-post'] },
      { ...delivered, who: 'in-curl-put', bytes: curlBytes['in-curl-put'] },
      { ...delivered, who: 'in-curl-tunnel', bytes: curlBytes['in-curl-tunnel'] },
      { ...outside, who: 'in-handshake', severity: 'medium', claim: 'indicator', bytes: 900 },
      { ...delivered, who: 'in-put', bytes: 1_048_576 },
      { ...delivered, who: 'in-thrice', count: 3, bytes: 60_000 },
      { ...delivered, who: 'in-tunnel', bytes: 500_000 },
      {
        rule: 'phi-to-country-of-concern',
        who: 'ru-post',
        where: 'RU',
        severity: 'critical',
        claim: 'delivered',
        count: 1,
        bytes: 66_893,
      },
      {
        rule: 'location-undetermined',
        who: 'us-or-sg',
        where: 'disputed',
        severity: 'medium',
        claim: 'delivered',
        count: 1,
        bytes: 40_000,
      },
    ]);
  });

  test('the file that the alerts went to says the same as the store', async () => {
    const stored = await storedAlerts(installation);
    const delivered = await deliveredAlerts(installation);
    expect(rowsOf(delivered)).toEqual(rowsOf(stored));
    expect(idsOf(delivered)).toEqual(idsOf(stored));
  });

  test('replaying the log gives the same alerts with the same ids', async () => {
    const stored = await storedAlerts(installation);
    const replayed = await replayedAlerts(installation, [squid.accessLog]);
    expect(rowsOf(replayed)).toEqual(rowsOf(stored));
    expect(idsOf(replayed)).toEqual(idsOf(stored));
  });
});

type Origins = Readonly<Record<keyof typeof PLACES, Origin>>;

async function startOrigins(): Promise<Origins> {
  const started = Object.entries(PLACES).map(async ([place, address]) => [place, await startOrigin(address, undo)]);
  return Object.fromEntries(await Promise.all(started)) as Origins;
}

function hostOf(vendor: VendorId): string {
  return `upload.${vendor}.example`;
}

/** Movements whose every byte is known, because they are written to the proxy as they stand here. */
async function work({ port }: Squid, origins: Origins): Promise<void> {
  const { india } = origins;
  expect(await exchange(port, uploadTo('in-put', india, 'PUT', 1_048_576))).toBe(200);
  for (const size of [10_000, 20_000, 30_000])
    expect(await exchange(port, uploadTo('in-thrice', india, 'POST', size))).toBe(200);
  expect(await exchange(port, chunkedUpload('in-chunked', india, 71_700))).toBe(200);

  expect(await tunnelTo(port, 'in-tunnel', india, 500_000)).toBe(200);
  expect(await tunnelTo(port, 'in-handshake', india, 900)).toBe(200);
  await abortUpload(port, india, 100_000);

  const closed = { ...india, port: await freePort(india.address) };
  expect(await exchange(port, uploadTo('in-denied', india, 'PUT', 5_000))).toBe(403);
  expect(await exchange(port, uploadTo('in-closed', closed, 'PUT', 5_000))).toBe(503);
  expect(await tunnelTo(port, 'in-closed-tunnel', closed, 5_000)).toBe(503);

  expect(await exchange(port, uploadTo('ru-post', origins.russia, 'POST', 66_893))).toBe(200);
  expect(await exchange(port, uploadTo('us-post', origins.ohio, 'POST', 66_893))).toBe(200);
  expect(await exchange(port, uploadTo('pr-post', origins.puertoRico, 'POST', 66_893))).toBe(200);
  expect(await exchange(port, uploadTo('us-or-sg', origins.disputed, 'POST', 40_000))).toBe(200);

  const [fhir, newspaper] = ['fhir.stranger.example', 'www.newspaper.example'] as const;
  const patient = `http://${fhir}:${origins.germany.port}/fhir/R4/Patient`;
  const post = { method: 'POST', target: patient, host: fhir, contentType: 'application/fhir+json' };
  expect(await exchange(port, requestOf(post, 8_192))).toBe(200);
  const page = { method: 'GET', target: `http://${newspaper}:${origins.germany.port}/politics`, host: newspaper };
  expect(await exchange(port, `GET ${page.target} HTTP/1.1\r\nHost: ${newspaper}\r\nConnection: close\r\n\r\n`)).toBe(
    200,
  );
}

function uploadTo(vendor: VendorId, { port }: Origin, method: string, totalBytes: number): string {
  const host = hostOf(vendor);
  const target = `http://${host}:${port}/in/batch`;
  return requestOf({ method, target, host, contentType: 'application/octet-stream' }, totalBytes);
}

/** Squid counts the headers and the body of the two chunks. */
function chunkedUpload(vendor: VendorId, { port }: Origin, countedBytes: number): string {
  const host = hostOf(vendor);
  const line = { method: 'POST', target: `http://${host}:${port}/in/stream`, host };
  const bodyBytes = countedBytes - headBytesOf(chunkedRequestOf(line, []));
  return chunkedRequestOf(line, [1_000, bodyBytes - 1_000]);
}

/** @param totalBytes of the CONNECT request and what follows it through the tunnel. */
function tunnelTo(proxyPort: number, vendor: VendorId, { port }: Origin, totalBytes: number): Promise<number> {
  const line = { method: 'POST', target: '/in/batch', host: hostOf(vendor) };
  return exchangeInTunnel(proxyPort, `${line.host}:${port}`, requestOf(line, totalBytes - CONNECT_BYTES));
}

/** Sends a part of what it announces, and goes when the origin has got all of that part. */
async function abortUpload(proxyPort: number, origin: Origin, sentBytes: number): Promise<void> {
  const host = hostOf('in-aborted');
  const line = { method: 'PUT', target: `http://${host}:${origin.port}/in/batch`, host };
  const request = requestOf(line, sentBytes, 400_000);
  const arrived = async () => {
    const upload = origin.uploads.find((it) => it.host === host);
    return upload?.bodyBytes === sentBytes - headBytesOf(request) ? true : undefined;
  };
  await breakOff(proxyPort, request, () => eventually(arrived, 10_000, 'the part of the upload at the origin'));
}

type CurlBytes = Readonly<Record<Extract<VendorId, `in-curl-${string}`>, number>>;

/** The same movements by a real client. @returns what Squid must count: curl's headers, and the body that arrived. */
async function workWithCurl(scratch: string, squid: Squid, { india }: Origins): Promise<CurlBytes> {
  const file = join(scratch, 'claims.bin');
  await writeFile(file, Buffer.alloc(262_144, 'c'));
  const send = async (vendor: VendorId, args: readonly string[]) => {
    const host = hostOf(vendor);
    const { status, headBytes } = await curl(squid.port, [...args, `http://${host}:${india.port}/in/claims.bin`]);
    expect(status).toBe(200);
    const uploads = india.uploads.filter((it) => it.host === host);
    expect(uploads).toEqual([{ host, bodyBytes: 262_144, isComplete: true }]);
    return headBytes + 262_144;
  };
  return {
    'in-curl-put': await send('in-curl-put', ['--upload-file', file]),
    'in-curl-post': await send('in-curl-post', ['--data-binary', `@${file}`]),
    'in-curl-chunked': await send('in-curl-chunked', ['--header', 'Transfer-Encoding: chunked', '--upload-file', file]),
    'in-curl-tunnel': await send('in-curl-tunnel', ['--proxytunnel', '--upload-file', file]),
  };
}
