import { reaches } from '../phi/indicator.ts';
import { askVendor, STEPS } from './next-steps.ts';
import { fired, isOutside, type Rule, silent } from './rule.ts';
import { movement, permissionInWords, phiReason, placement } from './words.ts';

/** Patient data reached a registered vendor outside what its agreement permits. */
export const phiOutsideTerritory: Rule = {
  id: 'phi-outside-territory',
  version: 1,
  title: ({ claim }) =>
    claim === 'delivered' ? 'PHI left the permitted territory' : 'PHI may have left the permitted territory',
  description: 'A transfer that carries PHI went to a registered vendor at a place outside its permitted territory.',
  attack: ['T1567', 'T1048'],
  judge: ({ assessment: { activity, vendor, residency, phi }, claim }, settings) => {
    if (activity.kind !== 'transfer') return silent('nothing was transferred');
    if (vendor === undefined) return silent('the receiver is not a registered vendor');
    if (!isOutside(residency, settings)) return silent(`the residency is ${residency.verdict}, not outside`);
    if (!reaches(phi.strength, settings.phiThreshold))
      return silent(`PHI is ${phi.strength}, below the threshold ${settings.phiThreshold}`);
    return fired(
      claim === 'delivered' ? 'high' : 'medium',
      `PHI is ${phi.strength} and the receiver is outside its territory`,
    );
  },
  explain: (subject) =>
    `${movement(subject)}; ${placement(subject.assessment.location)}. ` +
    `Permitted is ${permissionInWords(subject.assessment.residency.permission)}. ` +
    phiReason(subject.assessment.phi),
  nextSteps: (subject) => [
    STEPS.clock,
    askVendor(subject, 'where this endpoint is and who works there'),
    STEPS.confirmContent,
    STEPS.stopFlow,
    STEPS.notOurs,
  ],
};
