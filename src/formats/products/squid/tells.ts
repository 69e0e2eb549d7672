import type { BlindSpot, Format } from '../../format.ts';
import type { SquidLogformat } from './logformat.ts';
import { TIME_CODES } from './time.ts';

/**
 * The logformat that we recommend: the native one, and behind it what it lacks. The request's media type comes last
 * because it is the one field that a client can make as long as it likes.
 */
export const RECOMMENDED_LOGFORMAT =
  '%ts.%03tu %6tr %>a %Ss/%03>Hs %<st %rm %ru %[un %Sh/%<a %mt %>st "%{Content-Type}>h"';

const REMEDY = {
  file: '/etc/squid/squid.conf',
  line: `logformat phi_egress ${RECOMMENDED_LOGFORMAT}\naccess_log daemon:/var/log/squid/phi_egress.log phi_egress`,
};

/** Which keys of a LogRecord these logformats give. */
export function squidTells(logformats: readonly SquidLogformat[]): Format['tells'] {
  const has = codesIn(logformats);
  return {
    kind: 'always',
    ...(has(...TIME_CODES) && { timeMs: 'always' }),
    ...(has('>a', '>A', 'un', 'ul', 'ue', 'us', 'ui') && { client: 'always' }),
    ...(has('ru', '>ru', '<ru', '>rd', '<rd') && { server: 'sometimes', url: 'sometimes' }),
    ...(has('>st') && { bytesToServer: 'always' }),
    ...(!has('>st') && has('{content-length}>h', '>h') && { bytesToServer: 'sometimes' }),
    ...(has('<st') && { bytesToClient: 'always' }),
    ...(has('tr') && { durationMs: 'always' }),
    ...(has('rm', '>rm', '<rm') && { method: 'sometimes' }),
    ...(has('>Hs', 'Hs', '<Hs') && { status: 'sometimes' }),
    ...(has('mt', '{content-type}>h', '>h') && { contentType: 'sometimes' }),
    ...(has('Ss') && { outcome: 'always', proxyResult: 'always' }),
    ...(has('{user-agent}>h', '>h') && { agent: 'sometimes' }),
    ...(has('{referer}>h', '>h') && { referrer: 'sometimes' }),
    ...(has('Sh') && { reached: 'always' }),
    ...(!has('Sh') && has('Ss', '<a') && { reached: 'sometimes' }),
  };
}

/** Whether any of the codes is logged. */
type Has = (...codes: readonly string[]) => boolean;

function codesIn(logformats: readonly SquidLogformat[]): Has {
  const written = new Set(
    logformats.flatMap(({ fields }) => fields.map(({ code, argument }) => withArgument(code, argument))),
  );
  return (...codes) => codes.some((code) => written.has(code));
}

/** `>h` of one header is `{content-type}>h`; of all of them, just `>h`. */
function withArgument(code: string, argument: string | undefined): string {
  return code === '>h' && argument !== undefined ? `{${argument.toLowerCase()}}>h` : code;
}

/** What these logformats cannot show, and the logformat that can. */
export function squidBlindSpots(logformats: readonly SquidLogformat[]): readonly BlindSpot[] {
  const has = codesIn(logformats);
  const spots: BlindSpot[] = [];
  if (!has('ru', '>ru', '<ru', '>rd', '<rd')) {
    spots.push({
      missing: 'the server that a request went to',
      consequence: 'no transfer can be found in this log',
      remedy: REMEDY,
    });
  }
  if (!has('rm', '>rm', '<rm')) {
    spots.push({
      missing: 'the method of a request, and so whether it sent anything',
      consequence: 'no transfer can be found in this log',
      remedy: REMEDY,
    });
  }
  if (!has('>st')) {
    spots.push({
      missing: 'the bytes that a client sent',
      consequence: 'an upload is seen, its size is not: the size that is logged is that of the reply',
      remedy: REMEDY,
    });
  }
  if (!has('<a') || !has('Sh')) {
    spots.push({
      missing: has('<a') ? 'whether the logged address is the server or a parent proxy' : 'the address of the server',
      consequence: 'where a receiver is cannot be told, unless the URL itself holds an address',
      remedy: REMEDY,
    });
  }
  if (!has('{content-type}>h', '>h')) {
    spots.push({
      missing: 'the media type of what a client sent',
      consequence: 'an upload is judged by the type of the reply, its URL and its receiver',
      remedy: REMEDY,
    });
  }
  return [...spots, ...ALWAYS_BLIND];
}

/** What no logformat can show. */
const ALWAYS_BLIND: readonly BlindSpot[] = [
  {
    missing: 'the server behind a parent proxy (cache_peer)',
    consequence: 'the address in the log is that of the parent: such receivers have a name and no location',
  },
  {
    missing: 'what goes through a CONNECT tunnel',
    consequence: 'a tunnel shows its host and sizes, and only when it is closed, which may be hours later',
  },
  {
    missing: 'query strings, which Squid cuts off (strip_query_terms on, the default)',
    consequence: 'identifiers that are sent in a query cannot be seen; nor do they lie in the log, so leave it so',
  },
];
