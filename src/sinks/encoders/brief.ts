import type { Alert } from '../../alerts/alert.ts';
import { country } from '../../net/country.ts';
import { bytesInWords, countryName } from '../../rules/words.ts';
import { onOneLine } from './one-line.ts';

/** An alert in a few words, for people on a phone or in a channel. */
export interface Brief {
  readonly headline: string;
  readonly facts: readonly (readonly [label: string, text: string])[];
}

/**
 * What may leave for a chat or a pager, whose hosts are not the hospital's: which rule, which vendor, where, how much, and
 * where to read on. No path, no file name, no account, no address and no user, masked or not.
 */
export function briefOf(alert: Alert): Brief {
  const { severity, title, vendor, gateway, id, state, lastSeen } = alert;
  const facts: readonly (readonly [string, string | undefined])[] = [
    ['vendor', vendor === undefined ? undefined : `${vendor.name} (${vendor.id})`],
    ...(alert.kind === 'egress' ? egressFacts(alert) : []),
    ['last seen', `${lastSeen.slice(0, 19).replace('T', ' ')} UTC`],
    ['gateway', gateway],
    // A test is stored nowhere.
    ['read on', alert.kind === 'test' ? undefined : `phi-egress alerts show ${id}`],
  ];
  return {
    headline: onOneLine(`[${severity.toUpperCase()}] ${title}${state === 'open' ? '' : ` (${state})`}`),
    facts: facts.flatMap(([label, text]) => (text === undefined ? [] : [[label, onOneLine(text)] as const])),
  };
}

function egressFacts({ receiver, bytes, count, claim }: Extract<Alert, { kind: 'egress' }>) {
  const code = receiver.country === undefined ? undefined : country(receiver.country);
  const amount = bytes === undefined ? 'an unknown number of bytes' : bytesInWords(bytes);
  return [
    ['where', `${code === undefined ? 'not known' : countryName(code)}, ${receiver.standing}`],
    ['how much', `${amount} in ${count.toLocaleString('en-US')} ${count === 1 ? 'finding' : 'findings'}`],
    ['proved', claim],
  ] as const;
}
