import type { W3cHeader } from './header.ts';

/** The products whose W3C logs are told apart; `other` calls itself by a name of its own. */
export type W3cWriter = 'iis' | 'asyncos' | 'proxysg' | 'cloudfront' | 'other';

/** The product that wrote a log: by its own name, else by a field that only it has; `undefined` where neither tells. */
export function writerOf({ software = '', fields = [] }: W3cHeader): W3cWriter | undefined {
  const has = (field: string) => fields.some((it) => it.toLowerCase() === field);
  if (software.includes('Internet Information Services') || has('sc-win32-status')) return 'iis';
  if (software.includes('AsyncOS') || has('x-acltag')) return 'asyncos';
  if (software.startsWith('SGOS') || has('s-action')) return 'proxysg';
  if (has('x-edge-location')) return 'cloudfront';
  return software === '' ? undefined : 'other';
}
