import { reaches } from '../phi/indicator.ts';
import { askVendor, STEPS } from './next-steps.ts';
import { fired, type Rule, silent } from './rule.ts';
import { movement, permissionInWords, phiReason, placement } from './words.ts';

/** Where a vendor received patient data, or logged in from, cannot be said. That is never a pass. */
export const locationUndetermined: Rule = {
  id: 'location-undetermined',
  version: 1,
  title: ({ assessment: { activity }, claim }) => {
    if (activity.kind === 'access') return 'It cannot be told where a vendor logged in from';
    return `It cannot be told where PHI ${claim === 'delivered' ? 'went' : 'may have gone'}`;
  },
  description:
    'PHI went to a vendor, or a vendor logged in, and the databases disagree or know nothing about the address, or it is an edge.',
  attack: [],
  judge: ({ assessment: { activity, vendor, location, residency, phi } }, { phiThreshold, onDisputed, onUnknown }) => {
    const nameless = activity.receiver.ip === undefined && activity.receiver.host === undefined;
    if (vendor === undefined && (!nameless || activity.kind === 'access'))
      return silent('the receiver is not a registered vendor');
    if (residency.verdict !== 'undetermined') return silent(`the residency is ${residency.verdict}, not undetermined`);
    if (activity.kind === 'transfer' && !reaches(phi.strength, phiThreshold))
      return silent(`PHI is ${phi.strength}, below the threshold ${phiThreshold}`);
    if (activity.kind === 'access' && vendor?.vendor.carries === 'none')
      return silent('the vendor is declared to carry no PHI');
    return fired(location.standing === 'disputed' ? onDisputed : onUnknown, `the location is ${location.standing}`);
  },
  explain: (subject) => {
    const { activity, location, residency, phi } = subject.assessment;
    return (
      `${movement(subject)}; ${placement(location)}. ` +
      `Permitted is ${permissionInWords(residency.permission)}, and the receiver can be neither cleared nor accused. ` +
      (activity.kind === 'access' ? 'Whoever logs in can read what the account may read.' : phiReason(phi))
    );
  },
  nextSteps: (subject) => {
    const { activity, location } = subject.assessment;
    const { kind, receiver } = activity;
    // No database can know what stands behind an edge.
    const isEdge = location.standing === 'edge';
    const unknown = isEdge ? 'the servers behind this edge are' : 'its end of this connection is';
    const findOut = [...(isEdge ? [] : [STEPS.secondSource]), STEPS.notOurs];
    return [
      askVendor(subject, `in which country ${unknown}`),
      ...(receiver.ip === undefined ? [STEPS.findAddress] : findOut),
      ...(kind === 'transfer' ? [STEPS.confirmContent] : []),
    ];
  },
};
