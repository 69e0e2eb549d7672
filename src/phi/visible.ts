import type { Transfer } from '../transfers/transfer.ts';
import { percentDecoded } from './percent.ts';
import { urlParts } from './url-parts.ts';
import { type Word, wordsOf } from './words.ts';

/** Characters of a URL or path that are examined. What stands behind them is not looked at. */
export const MAX_EXAMINED = 8192;

/** Parameters and path segments that are examined, likewise. */
const MAX_PARTS = 256;

/** Text in which names and numbers are looked for, percent-decoded once. */
export interface VisiblePath {
  readonly seenIn: 'url-path' | 'path';
  readonly text: string;
  readonly words: readonly Word[];
  /** Where the last segment begins in `text`. */
  readonly nameAt: number;
  /** Of the last segment, lower case, without its dot; empty when there is none. */
  readonly extension: string;
}

/** One query parameter, percent-decoded once. */
export interface Param {
  /** Lower case, without `_`, `-` and `.`: `PatientID`, `patient_id` and `patient-id` are one. */
  readonly key: string;
  readonly value: string;
}

/** What of a transfer the log shows: all that content indicators go by. */
export interface Visible {
  /**
   * `content`: a body or file moved, and what the log shows describes it. `url`: nothing but the URL moved. `sealed`: what
   * moved was in an encrypted tunnel.
   */
  readonly moved: 'content' | 'url' | 'sealed';
  /** Empty where the log does not tell, as are host and media type. */
  readonly method: string;
  readonly host: string;
  /** Segments of the URL's path, percent-decoded once, without empty ones. */
  readonly segments: readonly string[];
  readonly params: readonly Param[];
  readonly paths: readonly VisiblePath[];
  /** Of what moved, without parameters, lower case. Empty when only a URL moved: the logged type is the reply's. */
  readonly mediaType: string;
}

export function visibleOf(transfer: Transfer): Visible {
  const moved = whatMoved(transfer);
  if (moved === 'sealed') return SEALED;
  const { method = '', url = '', path, contentType } = transfer;
  const { authority, path: rawPath, query } = urlParts(url.slice(0, MAX_EXAMINED));
  const urlPath = percentDecoded(rawPath);
  const paths: VisiblePath[] = [];
  if (urlPath.length > 1) paths.push(visiblePath('url-path', urlPath));
  if (path !== undefined) paths.push(visiblePath('path', percentDecoded(path.slice(0, MAX_EXAMINED))));
  return {
    moved,
    method,
    host: authority,
    segments: urlPath.split('/', MAX_PARTS).filter((it) => it !== ''),
    params: query === '' ? [] : paramsOf(query),
    paths,
    mediaType: contentType === undefined || moved === 'url' ? '' : mediaTypeOf(contentType),
  };
}

const SEALED: Visible = { moved: 'sealed', method: '', host: '', segments: [], params: [], paths: [], mediaType: '' };

/**
 * A GET carries nothing but its URL. Nor does our answer to a foreign client carry a record when it is a redirection, an
 * error or the answer to HEAD (RFC 9110 sections 15 and 9.3.2): then the URL only says what was asked for.
 */
export function whatMoved({ vehicle, part, method, status }: Transfer): Visible['moved'] {
  if (vehicle === 'tunnel' || vehicle === 'flow') return 'sealed';
  if (vehicle === 'url') return 'url';
  const isBare = part === 'to-client' && (method === 'HEAD' || (status !== undefined && status >= 300));
  return isBare ? 'url' : 'content';
}

function visiblePath(seenIn: VisiblePath['seenIn'], text: string): VisiblePath {
  const nameAt = Math.max(text.lastIndexOf('/'), text.lastIndexOf('\\')) + 1;
  const dot = text.lastIndexOf('.');
  const extension = dot > nameAt && text.length - dot <= LONGEST_EXTENSION ? text.slice(dot + 1).toLowerCase() : '';
  return { seenIn, text, words: wordsOf(text), nameAt, extension };
}

const LONGEST_EXTENSION = 9;

function paramsOf(query: string): readonly Param[] {
  return query.split('&', MAX_PARTS).map((pair) => {
    const equals = pair.indexOf('=');
    const key = equals === -1 ? pair : pair.slice(0, equals);
    const value = equals === -1 ? '' : pair.slice(equals + 1);
    return { key: plainKey(percentDecoded(key)), value: percentDecoded(value.replaceAll('+', ' ')) };
  });
}

/** Keys are spelled in many ways; see `Param.key`. */
export function plainKey(key: string): string {
  return key.toLowerCase().replace(/[_.-]/g, '');
}

function mediaTypeOf(contentType: string): string {
  const semicolon = contentType.indexOf(';');
  return (semicolon === -1 ? contentType : contentType.slice(0, semicolon)).trim().toLowerCase();
}
