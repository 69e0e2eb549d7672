import type { Case } from './rule.ts';

/** Steps that several rules advise, each written once. */
export const STEPS = {
  confirmContent:
    'Find out what the files were: ask the sending team, or look at the staging folder and the DLP record.',
  stopFlow:
    'Decide with the privacy office whether to block the endpoint or disable the account until this is settled.',
  notOurs: 'If the address is known to be in permitted territory, record it under geo.overrides with the reason.',
  clock: 'Note the time you read this: notice periods in the agreement and 45 CFR 164.410 may count from discovery.',
  findAddress:
    'Look for the address elsewhere: in the log of the parent proxy, or in earlier lines of the same session.',
  secondSource:
    'Put a further database, or the range file of its cloud provider, into the geoip directory; or ask the provider of the network where it is used.',
} as const;

export function askVendor({ assessment }: Case, question: string): string {
  const vendor = assessment.vendor?.vendor;
  if (vendor === undefined) return `Find out who runs the endpoint and ${question}.`;
  const notice =
    assessment.residency.permission.kind === 'terms' ? assessment.residency.permission.terms.notice : undefined;
  return `Ask ${vendor.name}${notice === undefined ? '' : ` (notices: ${notice})`} to state in writing ${question}.`;
}
