import type { RecordTable } from '../../engines/record-table.ts';
import { epochTime } from '../../values/log-time.ts';
import { outcomeOf, reachedByHierarchy, readResult } from '../squid/route.ts';

/**
 * W3C access logs of the Cisco Secure Web Appliance. By "User Guide for AsyncOS for Cisco Secure Web Appliance", "W3C
 * Compliant Access Log Files": `sc-bytes` is the size of the response, headers and body; `cs-bytes` that of the request;
 * `s-ip` is the address of the server, not of the appliance.
 */
export const asyncosTable: RecordTable = {
  kind: 'http',
  nothing: ['-'],
  time: [epochTime('timestamp')],
  client: { ip: ['c-ip'], port: ['c-port'], user: ['cs-username'] },
  server: { ip: ['s-ip'], port: ['s-port'], host: ['s-hostname'] },
  bytesToServer: ['cs-bytes'],
  bytesToClient: ['sc-bytes'],
  duration: { names: ['x-elapsed-time'], unit: 'milliseconds' },
  method: ['cs-method'],
  url: ['cs-url', 'cs-uri'],
  status: ['sc-http-status'],
  contentType: ['cs-mime-type'],
  agent: ['cs(user-agent)'],
  referrer: ['cs(referer)'],
  proxyResult: ['sc-result-code'],
  remarks: (lookup) => {
    const [result, status] = (lookup('x-resultcode-httpstatus') ?? '').split('/');
    const code = lookup('sc-result-code') ?? result;
    const hierarchy = lookup('s-hierarchy') ?? lookup('x-hierarchy-origin')?.split('/')[0];
    const reached = hierarchy === undefined ? undefined : reachedByHierarchy(hierarchy);
    const isBlocked = lookup('x-acltag')?.startsWith('BLOCK_') === true;
    const statusNumber = Number(lookup('sc-http-status') ?? status);
    const outcome = isBlocked
      ? 'denied'
      : code === undefined
        ? undefined
        : outcomeOf(readResult(code), Number.isNaN(statusNumber) ? undefined : statusNumber, reached);
    return { ...(outcome !== undefined && { outcome }), ...(reached !== undefined && { reached }) };
  },
};
