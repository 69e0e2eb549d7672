import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import type { Settings } from '../config/settings.ts';
import type { Override } from '../geo/settings.ts';
import type { Country } from '../net/country.ts';
import type { Finding } from '../rules/finding.ts';
import type { FileSourceSettings } from '../sources/settings.ts';

/** A name that no source of an operator's can have. */
export const KNOWN_ANSWER_SOURCE = '(known-answer)';

/** Addresses kept for documentation (RFC 5737), a name that never resolves (RFC 6761), and a place without hospitals. */
const SENDER = '192.0.2.10';
const RECEIVER = '192.0.2.1';
const HOST = 'known-answer.phi-egress.invalid';
const PLACE = 'AQ' as Country;
const BYTES = 4_242;
const LOGFORMAT = '%ts.%03tu %6tr %>a %Ss/%03>Hs %<st %rm %ru %[un %Sh/%<a %mt %>st "%{Content-Type}>h"';
const VENDOR = 'known-answer';

/** Where the receiver of the synthetic transfer is said to be, to the same locator that everything else is asked of. */
export const KNOWN_ANSWER_OVERRIDE: Override = {
  networks: [`${RECEIVER}/32`],
  country: PLACE,
  reason: 'known-answer test',
};

export function knownAnswerSource(path: string): FileSourceSettings {
  return {
    name: KNOWN_ANSWER_SOURCE,
    type: 'file',
    paths: [path],
    format: { squid: LOGFORMAT },
    inside: 'client',
    timezone: 'UTC',
    start: 'beginning',
  };
}

/** Under which the synthetic transfer is judged: of all that the operator configured, nothing can change the answer. */
export function knownAnswerSettings(settings: Settings): Settings {
  return {
    ...settings,
    vendors: [
      {
        id: VENDOR,
        name: 'nobody (known-answer test)',
        terms: [],
        declared: { networks: [], asns: [] },
        endpoints: { domains: [HOST], networks: [], accounts: [], keys: [] },
        carries: 'phi',
      },
    ],
    exceptions: [],
    residency: { default: { name: 'us', countries: new Set(['US' as Country]) }, concern: new Set() },
    phi: { systems: [], threshold: 'likely', ignoreHosts: [], patterns: [] },
    rules: { rules: {}, phiThreshold: 'likely', onDisputed: 'medium', onUnknown: 'medium' },
  };
}

/** One synthetic transfer. */
export interface Question {
  /** ms since the epoch, by our clock; no two are alike. */
  readonly atMs: number;
}

/** Signs the lines of the test with a key of the state, so that nobody else can write one. */
export class KnownAnswerPen {
  readonly #key: Buffer;

  /** @param secret 32 bytes, the state's masking key. */
  constructor(secret: Buffer) {
    this.#key = Buffer.from(hkdfSync('sha256', secret, '', 'phi-egress known answer', 32));
  }

  /** An upload of an X12 claim, as a Squid would log it, and its line end. */
  write({ atMs }: Question): string {
    const time = (atMs / 1_000).toFixed(3);
    const url = `https://${HOST}/${this.#sign(time)}`;
    return `${time}      1 ${SENDER} TCP_MISS/201 1 PUT ${url} - HIER_DIRECT/${RECEIVER} - ${BYTES} "application/edi-x12"\n`;
  }

  /** Whether a line (without its end) is the very one that was written for a question. */
  wrote(line: string, question: Question): boolean {
    const [one, other] = [Buffer.from(`${line}\n`), Buffer.from(this.write(question))];
    return one.length === other.length && timingSafeEqual(one, other);
  }

  #sign(text: string): string {
    return createHmac('sha256', this.#key).update(text).digest('hex');
  }
}

/** Whether the pipeline came to what must come of the synthetic transfer. */
export function isKnownAnswer(finding: Finding, { atMs }: Question): boolean {
  const { source, rule, timeMs, claim, bytes, vendor, location, phi } = finding;
  return (
    source === KNOWN_ANSWER_SOURCE &&
    rule === 'phi-outside-territory' &&
    timeMs === atMs &&
    claim === 'delivered' &&
    bytes === BYTES &&
    vendor?.id === VENDOR &&
    'country' in location &&
    location.country === PLACE &&
    phi.strength !== 'none'
  );
}
