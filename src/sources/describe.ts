import type { ListenSettings, SourceSettings } from './settings.ts';

/** Where the lines of a source come from, in a few words for people. */
export function describeSource(settings: SourceSettings): string {
  switch (settings.type) {
    case 'file':
      return settings.paths.join(', ');
    case 'journald': {
      const journal = settings.directory === undefined ? 'the journal' : `the journal in ${settings.directory}`;
      return [journal, ...matchesOf(settings.match)].join(', ');
    }
    case 'syslog':
      return `syslog at ${listenAddress(settings.listen)}`;
    case 'stdin':
      return 'standard input';
    default:
      return settings satisfies never;
  }
}

/** `udp://0.0.0.0:514` */
export function listenAddress({
  protocol,
  address,
  port,
}: Pick<ListenSettings, 'protocol' | 'address' | 'port'>): string {
  return `${protocol}://${address.includes(':') ? `[${address}]` : address}:${port}`;
}

/** `FIELD=value` for each value, as journalctl(1) takes them: values of one field are alternatives. */
export function matchesOf(match: Readonly<Record<string, readonly string[]>>): readonly string[] {
  return Object.entries(match).flatMap(([field, values]) => values.map((value) => `${field}=${value}`));
}
