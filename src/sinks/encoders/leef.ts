import type { Alert } from '../../alerts/alert.ts';
import { type Fact, factsOf } from './facts.ts';
import { onOneLine } from './one-line.ts';
import { PRODUCT, VENDOR } from './product.ts';
import { SEVERITY_SCALES } from './severity-scale.ts';

/**
 * One alert as one line of LEEF 2.0, IBM Log Event Extended Format ("LEEF event components" in the QRadar DSM guide), its
 * attributes divided by tabs. LEEF can escape nothing: what would divide is replaced. The source is who the data came
 * from, the destination who received it.
 *
 * @param version of this program
 */
export function encodeLeef(alert: Alert, version: string): string {
  const header = ['LEEF:2.0', VENDOR, PRODUCT, version, alert.rule, 'x09'].map(headerField).join('|');
  const attributes = [...predefined(alert), ...factsOf(alert).filter(([name]) => !PREDEFINED.has(name))];
  return `${header}|${attributes.map(([name, value]) => `${name}=${onOneLine(String(value))}`).join('\t')}\n`;
}

/** Facts that have a name of LEEF's own. */
const PREDEFINED: ReadonlyMap<string, string> = new Map([
  ['kind', 'cat'],
  ['senderIp', 'src'],
  ['receiverIp', 'dst'],
  ['receiverPort', 'dstPort'],
  ['senderUser', 'usrName'],
]);

/** `devTime` in 13 digits needs no format beside it. */
function predefined(alert: Alert): readonly Fact[] {
  const renamed = factsOf(alert).flatMap(([name, value]): readonly Fact[] => {
    const known = PREDEFINED.get(name);
    return known === undefined ? [] : [[known, value]];
  });
  return [
    ['devTime', Date.parse(alert.lastSeen)],
    ['sev', SEVERITY_SCALES[alert.severity].leef],
    ...renamed,
    ['title', alert.title],
  ];
}

function headerField(value: string): string {
  return onOneLine(value).replaceAll('|', '/');
}
