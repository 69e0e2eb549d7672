import { field, quote } from '../errors/field.ts';
import { parseAddress } from './address.ts';
import { type Country, country } from './country.ts';
import { COUNTRY_CODES } from './country-codes.ts';
import { parseNetwork } from './network.ts';

/** CIDR, in canonical form past this line. */
export const cidr = field(
  (text, refuse) => {
    const reading = parseNetwork(text);
    if ('network' in reading) return reading.network.text;
    const { because, suggestion } = reading.mistake;
    return refuse(
      `${quote(text)} is no network: ${because}`,
      `write ${suggestion === undefined ? 'CIDR notation such as 192.0.2.0/24' : `"${suggestion}"`}`,
    );
  },
  { examples: ['192.0.2.0/24', '2001:db8::/32'] },
);

/** ISO 3166-1 alpha-2; small letters are taken too. */
export const countryCode = field(
  (text, refuse): Country => {
    const code = COUNTRY_CODES.has(text.toUpperCase()) ? country(text) : undefined;
    if (code !== undefined) return code;
    const meant = MISTAKEN[text.toUpperCase()];
    return refuse(
      `${quote(text)} is no ISO 3166-1 country code`,
      meant === undefined ? 'write two letters such as US or IN' : `write "${meant}"`,
    );
  },
  { pattern: '^[A-Za-z]{2}$' },
);

/** A host name, or `*.` and a domain whose hosts are meant and not itself. Lower case, no trailing dot past this line. */
export const hostPattern = field(
  (text, refuse) => {
    const host = text.toLowerCase().replace(/\.$/, '');
    if (parseAddress(host) !== undefined) {
      return refuse(`Found the address ${quote(text)} where a host name belongs`, 'write it under networks');
    }
    const labels = (host.startsWith('*.') ? host.slice(2) : host).split('.');
    if (host.length <= LONGEST_NAME && labels.every(isLabel)) return host;
    const meant = bareHost(host);
    return refuse(
      `${quote(text)} is no host name`,
      meant === undefined ? 'write a name such as files.vendor.example, or *.vendor.example' : `write "${meant}"`,
    );
  },
  { examples: ['vendor.example', '*.files.vendor.example'] },
);

/** A DNS server by its address, with a port where that is not 53, as `dns.setServers` of Node.js takes it. */
export const dnsServer = field(
  (text, refuse) => {
    const [, bracketed, plain, port] = /^(?:\[([^\]]+)\]|([\d.]+))(?::(\d{1,5}))?$/.exec(text) ?? [];
    const address = parseAddress(bracketed ?? plain ?? text);
    if (address === undefined || Number(port ?? 53) < 1 || Number(port ?? 53) > 65_535)
      return refuse(
        `${quote(text)} is no DNS server`,
        'write its address, such as 192.0.2.53, 192.0.2.53:5353 or [2001:db8::53]:53',
      );
    const shown = address.family === 6 ? `[${address.text}]` : address.text;
    return port === undefined ? address.text : `${shown}:${Number(port)}`;
  },
  { examples: ['192.0.2.53', '192.0.2.53:5353', '[2001:db8::53]:53'] },
);

/** The URL of a directory, reached over TLS. Ends in a slash past this line. */
export const httpsDirectory = field(
  (text, refuse) => {
    const url = URL.canParse(text) ? new URL(text) : undefined;
    if (url?.protocol !== 'https:')
      return refuse(`${quote(text)} is no https URL`, 'write https://mirror.example/geo/');
    if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '')
      return refuse(
        'The URL holds more than a host and a path',
        'write https://mirror.example/geo/, without user or query',
      );
    return url.href.endsWith('/') ? url.href : `${url.href}/`;
  },
  { pattern: '^https://', examples: ['https://mirror.hospital.example/geo/'] },
);

/** Codes that people write for countries which have another, found by neither likeness nor rule. */
const MISTAKEN: Readonly<Record<string, string>> = { UK: 'GB', EL: 'GR', USA: 'US', GBR: 'GB', IND: 'IN', PHL: 'PH' };

/** RFC 1035 section 2.3.4. */
const LONGEST_NAME = 253;

/** RFC 1123 section 2.1, and the underscore that hosts have in practice. */
function isLabel(label: string): boolean {
  return /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/.test(label);
}

/** The host in what looks like a URL, or the ASCII form of an international name. */
function bareHost(text: string): string | undefined {
  const url = text.includes('://') ? text : `https://${text}`;
  const host = URL.canParse(url) ? new URL(url).hostname : '';
  return host !== text && host.split('.').every(isLabel) ? host : undefined;
}
