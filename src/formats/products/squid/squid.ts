import type { Format, ReaderOptions } from '../../format.ts';
import { parseLogformat, type SquidLogformat } from './logformat.ts';
import { squidReader } from './reader.ts';
import { squidBlindSpots, squidTells } from './tells.ts';

/** Squid's built-in formats. Those with quotes are not escaped within them, as they would be in a logformat line. */
const BUILT_IN = [
  {
    name: 'squid',
    product: 'Squid native access.log',
    // The second is for logs that were edited: some tools cut the milliseconds off.
    logformats: [
      '%ts.%03tu %6tr %>a %Ss/%03>Hs %<st %rm %ru %[un %Sh/%<a %mt',
      '%ts %6tr %>a %Ss/%03>Hs %<st %rm %ru %[un %Sh/%<a %mt',
    ],
    samples: [
      {
        line: '1795493096.168      8 10.1.2.3 TCP_MISS/200 244 POST http://ingest.vendor.example:8080/v2/claims - HIER_DIRECT/192.0.2.10 application/json',
        record: {
          kind: 'http',
          time: '2026-11-24T04:04:56.168Z',
          client: { ip: '10.1.2.3' },
          server: { ip: '192.0.2.10', port: 8080, host: 'ingest.vendor.example' },
          bytesToClient: 244,
          durationMs: 8,
          method: 'POST',
          url: 'http://ingest.vendor.example:8080/v2/claims',
          status: 200,
          contentType: 'application/json',
          outcome: 'success',
          proxyResult: 'TCP_MISS',
          reached: 'server',
        },
      },
      {
        line: '1795493096.706     13 10.1.2.4 TCP_TUNNEL/200 2287 CONNECT ingest.vendor.example:443 jdoe HIER_DIRECT/192.0.2.10 -',
        record: {
          kind: 'http',
          time: '2026-11-24T04:04:56.706Z',
          client: { ip: '10.1.2.4', user: 'jdoe' },
          server: { ip: '192.0.2.10', port: 443, host: 'ingest.vendor.example' },
          bytesToClient: 2287,
          durationMs: 13,
          method: 'CONNECT',
          url: 'ingest.vendor.example:443',
          status: 200,
          outcome: 'success',
          proxyResult: 'TCP_TUNNEL',
          reached: 'server',
        },
      },
    ],
  },
  {
    name: 'squid-common',
    product: 'Squid access.log, built-in format "common"',
    // Squid writes `HTTP/1.1`, or `NONE/0.0` for what was no HTTP: both are one word here.
    logformats: [`%>a %[ui %[un [%tl] "%'rm %'ru %'rv" %>Hs %<st %Ss:%Sh`],
    samples: [
      {
        line: '10.1.2.3 - - [24/Nov/2026:04:04:56 +0000] "POST http://ingest.vendor.example:8080/v2/claims HTTP/1.1" 200 244 TCP_MISS:HIER_DIRECT',
        record: {
          kind: 'http',
          time: '2026-11-24T04:04:56.000Z',
          client: { ip: '10.1.2.3' },
          server: { port: 8080, host: 'ingest.vendor.example' },
          bytesToClient: 244,
          method: 'POST',
          url: 'http://ingest.vendor.example:8080/v2/claims',
          status: 200,
          outcome: 'success',
          proxyResult: 'TCP_MISS',
          reached: 'server',
        },
      },
    ],
  },
  {
    name: 'squid-combined',
    product: 'Squid access.log, built-in format "combined"',
    logformats: [`%>a %[ui %[un [%tl] "%'rm %'ru %'rv" %>Hs %<st "%'{Referer}>h" "%'{User-Agent}>h" %Ss:%Sh`],
    samples: [
      {
        line: '10.1.2.3 - - [24/Nov/2026:04:04:56 +0000] "POST http://ingest.vendor.example:8080/v2/claims HTTP/1.1" 200 244 "-" "ClaimsPump/2.1 (batch; gw)" TCP_MISS:HIER_DIRECT',
        record: {
          kind: 'http',
          time: '2026-11-24T04:04:56.000Z',
          client: { ip: '10.1.2.3' },
          server: { port: 8080, host: 'ingest.vendor.example' },
          bytesToClient: 244,
          method: 'POST',
          url: 'http://ingest.vendor.example:8080/v2/claims',
          status: 200,
          outcome: 'success',
          agent: 'ClaimsPump/2.1 (batch; gw)',
          proxyResult: 'TCP_MISS',
          reached: 'server',
        },
      },
    ],
  },
  {
    name: 'squid-referrer',
    product: 'Squid access.log, built-in format "referrer"',
    logformats: ["%ts.%03tu %>a %'{Referer}>h %ru"],
    samples: [
      {
        line: '1795493097.797 10.1.2.3 http://portal.hosp.example/send http://ingest.vendor.example:8080/hl7/oru',
        record: {
          kind: 'http',
          time: '2026-11-24T04:04:57.797Z',
          client: { ip: '10.1.2.3' },
          server: { port: 8080, host: 'ingest.vendor.example' },
          url: 'http://ingest.vendor.example:8080/hl7/oru',
          referrer: 'http://portal.hosp.example/send',
        },
      },
    ],
  },
  {
    name: 'squid-useragent',
    product: 'Squid access.log, built-in format "useragent"',
    logformats: [`%>a [%tl] "%'{User-Agent}>h"`],
    samples: [
      {
        line: '10.1.2.3 [24/Nov/2026:04:04:56 +0000] "ClaimsPump/2.1 (batch; gw)"',
        record: {
          kind: 'http',
          time: '2026-11-24T04:04:56.000Z',
          client: { ip: '10.1.2.3' },
          agent: 'ClaimsPump/2.1 (batch; gw)',
        },
      },
    ],
  },
] as const;

const MANUAL = 'squid.conf, "logformat" and "access_log"; https://www.squid-cache.org/Doc/config/logformat';

/** Squid's built-in formats, the native one first. */
export const squidFormats: readonly Format[] = BUILT_IN.map(({ name, product, logformats, samples }) =>
  describe({ name, product, samples }, logformats.map(parseLogformat), true),
);

/**
 * The format of an operator's own logformat line: what stands behind its name in squid.conf.
 *
 * @throws OperatorError `format.bad-template` when the line cannot be read, or tells no time
 */
export function squidFormat(logformat: string): Format {
  const product = 'Squid access.log, own logformat';
  const parsed = parseLogformat(logformat);
  const format = describe({ name: 'squid', product, samples: [] }, [parsed], false);
  format.reader({ timezone: 'UTC' });
  return format;
}

function describe(
  heading: Pick<Format, 'name' | 'product' | 'samples'>,
  logformats: readonly SquidLogformat[],
  mayHaveHeaderTail: boolean,
): Format {
  return {
    ...heading,
    manual: MANUAL,
    tells: squidTells(logformats),
    blindSpots: squidBlindSpots(logformats),
    reader: (options: ReaderOptions) => squidReader(logformats, { ...options, mayHaveHeaderTail }),
  };
}
