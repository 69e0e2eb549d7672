import { createHmac } from 'node:crypto';
import type { Activity, Party } from '../transfers/transfer.ts';
import { findIdentifiers, type IdentifierClass } from './identifiers.ts';
import type { MaskedActivity } from './masked-activity.ts';
import { percentDecoded } from './percent.ts';
import { SHOWN_EXTENSIONS, SHOWN_LOG_WORDS, SHOWN_MEDIA_WORDS, SHOWN_WORDS } from './shown-words.ts';
import { urlParts } from './url-parts.ts';
import { wordSet } from './word-set.ts';
import { wordsOf } from './words.ts';

/**
 * Makes texts from logs fit to be stored, printed and sent. A name cannot be told by its shape, so that nothing passes
 * because it looks harmless: known words do, all else becomes its shape (`xxxx_########.pdf`). A token behind it, keyed
 * and so useless to whoever lacks the key, is the same for the same text: `xxxx_########.pdf~3fa9c1d2`.
 *
 * Never throws; takes time in proportion to the text; lets no control character or terminal escape through. To be used
 * once on a text: shapes are masked again, though never revealed.
 */
export interface Masker {
  /** Host and known words of the path stay. User information goes, query and fragment become `?…`. */
  maskUrl(url: string): string;
  maskPath(path: string): string;
  maskUser(user: string): string;
  /** Labels that hold an identifier or five digits in a row are masked. */
  maskHost(host: string): string;
  /** Those of the RFCs stay. */
  maskMethod(method: string): string;
  /** Words that media types are made of stay. */
  maskMediaType(type: string): string;
  /** Words that log formats are made of stay; at most 200 characters. Without a token. */
  maskLine(line: string): string;
  /** Where `accountIsVendors`, the account is a declared vendor's, and so no patient's: it stays readable. */
  maskActivity(activity: Activity, of: { readonly accountIsVendors: boolean }): MaskedActivity;
}

/** Longer texts are cut before they are masked. */
const MAX_LENGTH = 4096;
const MAX_SEGMENTS = 64;
const MAX_LINE = 200;
const CUT = '…';

/** @param key of this deployment alone, at least 16 bytes. Another key gives other tokens. */
export function createMasker(key: Buffer): Masker {
  const token = (text: string) => `~${createHmac('sha256', key).update(text).digest('hex').slice(0, 8)}`;

  function maskSegment(segment: string): string {
    const text = percentDecoded(segment);
    const masked = maskName(text);
    return masked === text ? text : masked + token(text);
  }

  function maskPath(path: string): string {
    const segments = path.slice(0, MAX_LENGTH).split(SEPARATORS);
    // The pattern is a group, so that separators stand at the odd places.
    const shown = segments.slice(0, MAX_SEGMENTS * 2).map((it, at) => (at % 2 === 1 ? it : maskSegment(it)));
    const isCut = path.length > MAX_LENGTH || segments.length > MAX_SEGMENTS * 2;
    return isCut ? shown.join('') + CUT : shown.join('');
  }

  function maskHost(host: string): string {
    const text = percentDecoded(host.slice(0, MAX_HOST));
    const isCut = host.length > MAX_HOST;
    if (SSN_OVER_LABELS.test(text)) return shapeOf(text) + token(text);
    const labels = text.split('.').map((it) => (isTellingLabel(it) ? shapeOf(it) + token(it) : it));
    return isCut ? labels.join('.') + CUT : labels.join('.');
  }

  function maskUrl(url: string): string {
    const { scheme, authority, path, hasTail } = urlParts(url);
    const tail = hasTail ? `?${CUT}` : '';
    if (scheme !== '') return `${scheme}://${maskAuthority(authority)}${maskPath(path)}${tail}`;
    if (HOST_AND_PORT.test(authority)) return maskAuthority(authority) + maskPath(path) + tail;
    return maskPath(authority + path) + tail;
  }

  function maskAuthority(authority: string): string {
    const port = /:\d{1,5}$/.exec(authority)?.[0] ?? '';
    return maskHost(authority.slice(0, authority.length - port.length)) + port;
  }

  function maskUser(user: string): string {
    const text = user.slice(0, MAX_USER);
    return shapeOf(text) + token(text);
  }

  function maskParty({ host, user, ...address }: Party, accountIsVendors: boolean): Party {
    return {
      ...address,
      ...(host !== undefined && { host: maskHost(host) }),
      ...(user !== undefined && { user: accountIsVendors ? maskAccount(user) : maskUser(user) }),
    };
  }

  function maskAccount(account: string): string {
    return account.length <= MAX_USER && ACCOUNT.test(account) && !NUMBER_OF_A_PERSON.test(account)
      ? account
      : maskUser(account);
  }

  function maskMethod(method: string): string {
    return METHODS.has(method) ? method : shapeOf(method.slice(0, MAX_METHOD));
  }

  function maskMediaType(type: string): string {
    return maskWords(type.slice(0, MAX_MEDIA_TYPE), SHOWN_MEDIA_WORDS);
  }

  function maskActivity(activity: Activity, { accountIsVendors }: { accountIsVendors: boolean }): MaskedActivity {
    const { kind, timeMs, protocol, sender, receiver, account, key: sshKey } = activity;
    return {
      time: new Date(timeMs).toISOString(),
      kind,
      protocol,
      sender: maskParty(sender, false),
      receiver: maskParty(receiver, accountIsVendors),
      ...(activity.kind === 'transfer' && maskContent(activity)),
      ...(account !== undefined && { account: accountIsVendors ? maskAccount(account) : maskUser(account) }),
      ...(sshKey !== undefined && { key: FINGERPRINT.test(sshKey) ? sshKey : maskUser(sshKey) }),
    };
  }

  function maskContent({ bytes, method, status, url, path, contentType }: Extract<Activity, { kind: 'transfer' }>) {
    return {
      ...(bytes !== undefined && { bytes }),
      ...(method !== undefined && { method: maskMethod(method) }),
      ...(status !== undefined && { status }),
      ...(url !== undefined && { url: maskUrl(url) }),
      ...(path !== undefined && { path: maskPath(path) }),
      ...(contentType !== undefined && { contentType: maskMediaType(contentType) }),
    };
  }

  return { maskUrl, maskPath, maskUser, maskHost, maskMethod, maskMediaType, maskLine, maskActivity };
}

const SEPARATORS = /([/\\])/;
const MAX_HOST = 255;
const MAX_USER = 128;
const MAX_METHOD = 20;
const MAX_MEDIA_TYPE = 128;

/** OpenSSH's form of a key's SHA-256: base64 without padding. */
const FINGERPRINT = /^SHA256:[A-Za-z0-9+/]{43}$/;
const ACCOUNT = /^[A-Za-z0-9._@\\-]+$/;
const METHODS = wordSet(
  'GET HEAD POST PUT PATCH DELETE OPTIONS CONNECT TRACE PROPFIND PROPPATCH REPORT MKCOL COPY MOVE LOCK UNLOCK',
  'SEARCH',
);

/** `host:443` of a CONNECT has a host; `error:invalid-request` has none. */
const HOST_AND_PORT = /^(?:[a-z0-9.-]{1,255}|\[[0-9a-f:.]{2,45}\]):\d{1,5}$/i;

/** A sample of a line that could not be read. */
function maskLine(line: string): string {
  const masked = maskWords(line.slice(0, MAX_LINE), SHOWN_LOG_WORDS);
  return line.length > MAX_LINE ? masked.slice(0, MAX_LINE - 1) + CUT : masked;
}

/** One segment of a path: identifiers by their name, known words as they are, all else by its shape. */
function maskName(text: string): string {
  let masked = '';
  let from = 0;
  for (const { kind, start, end } of findIdentifiers(text, wordsOf(text))) {
    const label = LABELS[kind];
    if (label === undefined) continue;
    masked += maskWords(text.slice(from, start), SHOWN_WORDS);
    masked += isNamed(masked, label) ? label.slice(NAME_LENGTH + 1) : label;
    from = end;
  }
  const rest = text.slice(from);
  const dot = rest.lastIndexOf('.');
  const hasExtension = dot !== -1 && SHOWN_EXTENSIONS.has(rest.slice(dot + 1).toLowerCase());
  if (!hasExtension) return masked + maskWords(rest, SHOWN_WORDS);
  return masked + maskWords(rest.slice(0, dot), SHOWN_WORDS) + rest.slice(dot);
}

/** `MRN-` stands before it already, as it is common in file names. */
function isNamed(before: string, label: string): boolean {
  const name = before.slice(-NAME_LENGTH - 1);
  return name.slice(0, NAME_LENGTH).toUpperCase() === label.slice(0, NAME_LENGTH) && /[-_ ]$/.test(name);
}

/** Of every label's name: `MRN`. */
const NAME_LENGTH = 3;

/** Of fixed length: how many digits a record number has is nobody's business. */
const LABELS: Readonly<Partial<Record<IdentifierClass, string>>> = {
  ssn: 'SSN-###-##-####',
  mbi: 'MBI-####-###-####',
  mrn: 'MRN-######',
};

function maskWords(text: string, shown: ReadonlySet<string>): string {
  let masked = '';
  let from = 0;
  for (const word of wordsOf(text)) {
    masked += printable(text.slice(from, word.start));
    masked += shown.has(word.text.toLowerCase()) ? word.text : shapeOf(word.text);
    from = word.end;
  }
  return masked + printable(text.slice(from));
}

/** Digits become `#`, capitals `X`, other letters `x`; whatever is beyond ASCII counts as a letter. */
function shapeOf(text: string): string {
  return printable(
    text
      .replace(/[0-9]/g, '#')
      .replace(/[A-Z]/g, 'X')
      .replace(/[a-z]|[^\0-\x7f]/gu, 'x'),
  );
}

/** Only called on what holds no more than ASCII. */
function printable(text: string): string {
  return text.replace(/[\0-\x1f\x7f]/g, '?');
}

/** A label that is no host name is masked too; brackets and colons are those of an IPv6 address. */
function isTellingLabel(label: string): boolean {
  return !/^[A-Za-z0-9:[\]_-]*$/.test(label) || NUMBER_OF_A_PERSON.test(label);
}

/**
 * Where all else stays readable, whatever looks like a number of a person is masked, be it valid or not: five digits in
 * a row, the shape of a Social Security number, the shape of a Medicare Beneficiary Identifier.
 */
const NUMBER_OF_A_PERSON = /\d{5}|\d{3}[-._ ]\d{2}[-._ ]\d{4}|[1-9][a-z][a-z0-9]\d-?[a-z][a-z0-9]\d-?[a-z]{2}\d{2}/i;
const SSN_OVER_LABELS = /\d{3}\.\d{2}\.\d{4}/;
