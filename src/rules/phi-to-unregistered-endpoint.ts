import { reaches } from '../phi/indicator.ts';
import { STEPS } from './next-steps.ts';
import { fired, isOutside, type Rule, silent } from './rule.ts';
import { movement, phiReason, placement } from './words.ts';

/** Patient data went to somebody who is in no register, and not, or not provably, in the United States. */
export const phiToUnregisteredEndpoint: Rule = {
  id: 'phi-to-unregistered-endpoint',
  version: 1,
  title: ({ claim }) =>
    `PHI ${claim === 'delivered' ? 'went' : 'may have gone'} to an endpoint that is no registered vendor`,
  description: 'PHI went to a receiver that no vendor declares, at a place that is foreign or cannot be told.',
  attack: ['T1567', 'T1048'],
  judge: ({ assessment: { activity, vendor, location, residency, phi }, claim }, settings) => {
    if (activity.kind !== 'transfer') return silent('nothing was transferred');
    if (vendor !== undefined) return silent(`the receiver is a registered vendor, ${vendor.vendor.id}`);
    if (activity.receiver.ip === undefined && activity.receiver.host === undefined)
      return silent('the log does not name the receiver at all');
    const outside = isOutside(residency, settings);
    if (!outside && residency.verdict !== 'undetermined')
      return silent(`the residency is ${residency.verdict}, neither outside nor undetermined`);
    if (!reaches(phi.strength, settings.phiThreshold))
      return silent(`PHI is ${phi.strength}, below the threshold ${settings.phiThreshold}`);
    if (outside)
      return fired(
        claim === 'delivered' ? 'high' : 'medium',
        `PHI is ${phi.strength} and nobody answers for the receiver`,
      );
    const uncertain = location.standing === 'disputed' ? settings.onDisputed : settings.onUnknown;
    return fired(uncertain, `PHI is ${phi.strength}, the receiver unregistered and its location ${location.standing}`);
  },
  explain: (subject) =>
    `${movement(subject)}; ${placement(subject.assessment.location)}. ` +
    'No vendor in the register declares this endpoint, so no agreement is known that covers it. ' +
    phiReason(subject.assessment.phi),
  nextSteps: () => [
    STEPS.clock,
    'Find out which system or person sent this and to whom; if it is a vendor, add its endpoint and terms to the register.',
    STEPS.confirmContent,
    STEPS.stopFlow,
  ],
};
