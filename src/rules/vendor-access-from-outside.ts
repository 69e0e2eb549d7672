import { askVendor, STEPS } from './next-steps.ts';
import { fired, type Rule, silent } from './rule.ts';
import { CONCERN, movement, permissionInWords, placement, theCountry } from './words.ts';

/** A vendor's account logged in from outside: access counts although nothing has moved. */
export const vendorAccessFromOutside: Rule = {
  id: 'vendor-access-from-outside',
  version: 1,
  title: ({ assessment: { vendor } }) =>
    vendor?.by === 'account' || vendor?.by === 'key'
      ? 'A vendor logged in from outside the permitted territory'
      : "A login came from a vendor's address outside the permitted territory",
  description: "A vendor's account, or somebody at a vendor's address, logged in from outside the vendor's territory.",
  attack: ['T1078', 'T1133'],
  judge: ({ assessment: { activity, vendor, residency } }) => {
    if (activity.kind !== 'access') return silent('it is a transfer, not a login');
    if (vendor === undefined) return silent('account and address belong to no registered vendor');
    if (vendor.vendor.carries === 'none') return silent('the vendor is declared to carry no PHI');
    if (residency.verdict === 'concern') return fired('critical', 'the login came from a country of concern');
    if (residency.verdict !== 'outside') return silent(`the residency is ${residency.verdict}, not outside`);
    return fired('high', "the login came from outside the vendor's territory");
  },
  explain: (subject) => {
    const { location, residency } = subject.assessment;
    const where =
      location.standing === 'likely' || location.standing === 'certain' ? theCountry(location.country) : 'there';
    return (
      `${movement(subject)}; ${placement(location)}. ` +
      `${residency.verdict === 'concern' ? CONCERN : `Access is permitted from ${permissionInWords(residency.permission)}.`} ` +
      `Whoever can log in from ${where} can read what the account may read, whether or not a file moved; ` +
      'travel, roaming or a VPN can explain a single login, and hardly the same hours day after day.'
    );
  },
  nextSteps: (subject) => [
    STEPS.clock,
    'Look for further logins of this account: the same hours on several days point to a workplace, not to a journey.',
    askVendor(subject, 'who used this account, from where, and through which network'),
    STEPS.stopFlow,
    STEPS.notOurs,
  ],
};
