import { packText } from './pack-files.ts';

export type Stanza = ReadonlyMap<string, string>;

/**
 * A configuration file of the add-on, read strictly: stanzas, `key = value`, comments on lines of their own, nothing twice
 * and nothing else. Splunk itself passes over what it does not understand.
 */
export function confOf(file: string): ReadonlyMap<string, Stanza> {
  const stanzas = new Map<string, Map<string, string>>();
  let current: Map<string, string> | undefined;
  packText(`splunk/TA-phi-egress/${file}`)
    .split('\n')
    .forEach((line, index) => {
      const refuse = (why: string) => new Error(`${file}:${index + 1}: ${why}: ${line}`);
      if (line === '' || line.startsWith('#')) return;
      const [, name] = /^\[([^\]]*)\]$/.exec(line) ?? [];
      if (name !== undefined) {
        if (stanzas.has(name)) throw refuse('a stanza twice');
        current = new Map();
        stanzas.set(name, current);
        return;
      }
      const [, key, value] = /^([A-Za-z][\w.-]*) = (\S.*)$/.exec(line) ?? [];
      if (key === undefined || value === undefined) throw refuse('neither a stanza nor a setting');
      if (current === undefined) throw refuse('a setting outside a stanza');
      if (current.has(key)) throw refuse('a setting twice');
      if (/\s$|\\$/.test(value)) throw refuse('a value that ends in a blank, or goes on in the next line');
      current.set(key, value);
    });
  return stanzas;
}
