import { confOf, type Stanza } from './splunk-conf.ts';
import { compileEval, type Value } from './splunk-eval.ts';

const props = confOf('default/props.conf');
const transforms = confOf('default/transforms.conf');

/**
 * The fields that an event has in a search, in the order in which Splunk comes to them ("The sequence of search-time
 * operations" in the Knowledge Manager Manual): EXTRACT, REPORT, KV_MODE, FIELDALIAS, and EVAL, whose expressions see
 * nothing of one another.
 *
 * @param indexed fields that came with the event through the HTTP Event Collector
 */
export function fieldsInSearch(
  sourcetype: string,
  raw: string,
  indexed: Readonly<Record<string, string>> = {},
): ReadonlyMap<string, Value> {
  const stanza = props.get(sourcetype);
  if (stanza === undefined) throw new Error(`props.conf has no stanza ${sourcetype}`);
  const fields = new Map<string, Value>([...Object.entries(indexed), ['_raw', raw]]);
  for (const value of settings(stanza, 'EXTRACT-')) extract(new RegExp(value, 's'), raw, fields);
  for (const value of settings(stanza, 'REPORT-')) for (const name of value.split(/,\s*/)) report(name, fields);
  if (stanza.get('KV_MODE') === 'json') jsonFields(JSON.parse(raw), '', fields);
  for (const value of settings(stanza, 'FIELDALIAS-')) alias(value, fields);
  const before = new Map(fields);
  for (const [key, value] of stanza) {
    if (!key.startsWith('EVAL-')) continue;
    const result = compileEval(value)((field) => before.get(field));
    if (result === undefined) fields.delete(key.slice(5));
    else fields.set(key.slice(5), result);
  }
  return fields;
}

function settings(stanza: Stanza, prefix: string): readonly string[] {
  return [...stanza].flatMap(([key, value]) => (key.startsWith(prefix) ? [value] : []));
}

function extract(pattern: RegExp, text: string, into: Map<string, Value>): void {
  for (const [name, value] of Object.entries(pattern.exec(text)?.groups ?? {})) if (value) into.set(name, value);
}

function report(name: string, into: Map<string, Value>): void {
  const transform = transforms.get(name);
  if (transform === undefined) throw new Error(`transforms.conf has no stanza ${name}`);
  const text = into.get(transform.get('SOURCE_KEY') ?? '_raw');
  const regex = transform.get('REGEX') ?? '';
  if (typeof text !== 'string') return;
  if (transform.get('FORMAT') === '$1::$2') {
    for (const [, key = '', value = ''] of text.matchAll(new RegExp(regex, 'g')))
      if (!into.has(key)) into.set(key, value);
  } else extract(new RegExp(regex), text, into);
}

/** `receiver.ip`, `samples{}.url`: what stands in an array has several values, and so has what was indexed before. */
function jsonFields(value: unknown, path: string, into: Map<string, Value>): void {
  if (Array.isArray(value)) {
    for (const element of value) jsonFields(element, `${path}{}`, into);
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, it] of Object.entries(value)) jsonFields(it, path === '' ? key : `${path}.${key}`, into);
  } else {
    const known = into.get(path);
    const isOne = known === undefined && !path.includes('{}');
    into.set(path, isOne ? String(value) : [...[known ?? []].flat().map(String), String(value)]);
  }
}

function alias(value: string, into: Map<string, Value>): void {
  for (const [, quoted, bare, name = ''] of value.matchAll(/(?:"([^"]+)"|(\S+)) AS (\w+)/g)) {
    const original = into.get(quoted ?? bare ?? '');
    if (original !== undefined) into.set(name, original);
  }
}
