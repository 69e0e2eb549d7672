import { reaches } from '../phi/indicator.ts';
import { askVendor, STEPS } from './next-steps.ts';
import { fired, type Rule, silent } from './rule.ts';
import { movement, permissionInWords, phiReason, placement } from './words.ts';

/** Where a vendor received patient data, or logged in from, cannot be said. That is never a pass. */
export const locationUndetermined: Rule = {
  id: 'location-undetermined',
  version: 1,
  title: 'It cannot be told where PHI went',
  description:
    'PHI went to a vendor, or a vendor logged in, and the databases disagree or know nothing about the address.',
  attack: [],
  judge: ({ assessment: { activity, vendor, location, residency, phi } }, { phiThreshold, onDisputed, onUnknown }) => {
    const nameless = activity.receiver.ip === undefined && activity.receiver.host === undefined;
    if (vendor === undefined && !nameless) return silent('the receiver is not a registered vendor');
    if (residency.verdict !== 'undetermined') return silent(`the residency is ${residency.verdict}, not undetermined`);
    if (activity.kind === 'transfer' && !reaches(phi.strength, phiThreshold))
      return silent(`PHI is ${phi.strength}, below the threshold ${phiThreshold}`);
    if (activity.kind === 'access' && vendor?.vendor.carries === 'none')
      return silent('the vendor is declared to carry no PHI');
    return fired(location.standing === 'disputed' ? onDisputed : onUnknown, `the location is ${location.standing}`);
  },
  explain: (subject) =>
    `${movement(subject)}; ${placement(subject.assessment.location)}. ` +
    `Permitted is ${permissionInWords(subject.assessment.residency.permission)}, and this address can be neither cleared nor accused. ` +
    phiReason(subject.assessment.phi),
  nextSteps: (subject) => [
    askVendor(subject, 'in which country this address is used'),
    STEPS.secondSource,
    STEPS.notOurs,
    STEPS.confirmContent,
  ],
};
