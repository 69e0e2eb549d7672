import * as z from 'zod';
import { field, name, quote, refusal, words } from '../errors/field.ts';
import { cidr, countryCode, hostPattern } from '../net/fields.ts';
import { placedNetworksSchema } from '../net/placed-networks.ts';
import { dayEndMs, dayStartMs, timeZone } from '../time/fields.ts';

const account = field(
  (text, refuse) => {
    if (/^[^\s*]+\*?$/.test(text)) return text;
    const prefix = /^[^\s*]+/.exec(text)?.[0];
    return refuse(
      `${quote(text)} is no account`,
      prefix === undefined ? 'write a name, or a prefix and one *' : `write "${prefix}", or "${prefix}*" for a prefix`,
    );
  },
  { examples: ['acme_sftp', 'acme_*'] },
);

/** As `ssh-keygen -lf` and sshd's log print it: SHA-256 in base64 without padding. */
const keyFingerprint = field(
  (text, refuse) =>
    /^SHA256:[A-Za-z0-9+/]{43}$/.test(text)
      ? text
      : refuse(
          `${quote(text)} is no fingerprint of an SSH key`,
          'write SHA256: and 43 characters, as ssh-keygen -lf prints them',
        ),
  { pattern: '^SHA256:[A-Za-z0-9+/]{43}$' },
);

const days = field((text, refuse) =>
  /^(?:mon|tue|wed|thu|fri|sat|sun)(?:[-,](?:mon|tue|wed|thu|fri|sat|sun))*$/.test(text)
    ? text
    : refuse(`${quote(text)} is no span of days`, 'write mon-fri or mon,wed'),
);

const hours = field((text, refuse) =>
  /^(?:[01]\d|2[0-3]):[0-5]\d-(?:[01]\d|2[0-3]):[0-5]\d$/.test(text)
    ? text
    : refuse(`${quote(text)} is no span of hours`, 'write 07:00-19:00'),
);

const termsSchema = z
  .strictObject({
    from: dayStartMs.optional().meta({ description: 'First day, UTC; without it, since ever' }),
    until: dayEndMs.optional().meta({ description: 'Last day, UTC; without it, for ever' }),
    territory: words.meta({ description: 'Where the data may be: a name from residency.territories' }),
    covers: z
      .array(z.enum(['storage', 'access']))
      .min(1)
      .default(['storage', 'access'])
      .meta({ description: 'What the agreement speaks of: data that is sent, access that is given' }),
    reference: words.optional().meta({ description: 'The clause, for people: BAA-2024-017 section 4.2' }),
    programme: words.optional().meta({ description: 'The programme it is for; kept for reports' }),
    notice: words.optional().meta({ description: 'Whom to tell; kept for reports' }),
  })
  .check(({ value, issues }) => {
    if (value.from === undefined || value.until === undefined || value.from < value.until) return;
    const issue = refusal('The terms end before they begin', 'write an until that is not before from', ['until']);
    issues.push({ ...issue, input: value });
  })
  .meta({ description: 'What a contract permits, and when' });

const endpointsSchema = z
  .strictObject({
    domains: z.array(hostPattern).default([]).meta({ description: 'Host names, or *.domain for all hosts below it' }),
    networks: z.array(cidr).default([]).meta({ description: 'CIDR' }),
    accounts: z
      .array(account)
      .default([])
      .meta({ description: 'Accounts on our own servers and portals; a prefix ends in *' }),
    keys: z.array(keyFingerprint).default([]).meta({ description: 'SSH public keys, SHA256:...' }),
  })
  .check(({ value, issues }) => {
    if (Object.values(value).some((entries) => entries.length > 0)) return;
    const issue = refusal(
      'The vendor has no endpoint, so nothing would ever be its own',
      'list at least one of domains, networks, accounts, keys',
    );
    issues.push({ ...issue, input: value });
  })
  .meta({ description: 'What the vendor is recognised by' });

/** One vendor as the operator writes it. Territories are still names. */
export const vendorSchema = z
  .strictObject({
    id: name.meta({ description: 'Names the vendor in alerts and exceptions; unique' }),
    name: words.meta({ description: 'As in the contract' }),
    service: words.optional().meta({ description: 'What it does for us' }),
    terms: z.array(termsSchema).default([]).meta({ description: 'Without terms, residency.default holds' }),
    declared: z
      .strictObject({
        networks: z.array(cidr).default([]),
        asns: z.array(z.int().min(1).max(4_294_967_295)).default([]),
      })
      .prefault({})
      .meta({ description: 'Where the vendor says that it works from; kept, not judged by in this version' }),
    confirmed: z.array(placedNetworksSchema).default([]).meta({
      description:
        "Networks of the vendor's whose place you have confirmed, by a lease or an audit. They hold as geo.overrides do; what the vendor merely declares locates nothing",
    }),
    endpoints: endpointsSchema,
    carries: z.enum(['phi', 'mixed', 'none']).default('phi').meta({
      description: 'phi: whatever moves here is PHI; mixed: only with other indicators; none: nothing is presumed',
    }),
    workday: z
      .strictObject({ zone: timeZone, days, hours })
      .optional()
      .meta({ description: 'When its people work; kept, not judged by in this version' }),
  })
  .meta({ id: 'vendor', description: 'An organisation that data is handed to' });

export const exceptionSchema = z
  .strictObject({
    vendor: words.meta({ description: 'A vendor id' }),
    country: countryCode.meta({ description: 'ISO 3166-1 alpha-2' }),
    until: dayEndMs.meta({ description: 'Last day, UTC' }),
    reason: words,
    'approved-by': words,
  })
  .meta({ description: 'A permission that departs from the terms for a time' });

export type DeclaredVendor = z.output<typeof vendorSchema>;
export type DeclaredException = z.output<typeof exceptionSchema>;
