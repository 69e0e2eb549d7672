import { reaches } from '../phi/indicator.ts';
import { askVendor, STEPS } from './next-steps.ts';
import { fired, type Rule, silent } from './rule.ts';
import { CONCERN, movement, phiReason, placement } from './words.ts';

/** Patient data went to a country of concern: critical whatever any agreement says. */
export const phiToCountryOfConcern: Rule = {
  id: 'phi-to-country-of-concern',
  version: 1,
  title: ({ assessment: { phi }, claim }) =>
    claim === 'delivered' && reaches(phi.strength, 'likely')
      ? 'PHI went to a country of concern'
      : 'PHI may have gone to a country of concern',
  description:
    'Data that may be PHI went to a country of concern (28 CFR Part 202, by default); no agreement permits that.',
  attack: ['T1567', 'T1048'],
  judge: ({ assessment: { activity, residency, phi } }) => {
    if (activity.kind !== 'transfer') return silent('nothing was transferred');
    if (residency.verdict !== 'concern') return silent(`the residency is ${residency.verdict}, not concern`);
    if (phi.strength === 'none') return silent('nothing says that it carries PHI');
    return fired('critical', `PHI is ${phi.strength} and the country is of concern`);
  },
  explain: (subject) =>
    `${movement(subject)}; ${placement(subject.assessment.location)}. ` +
    `${CONCERN} Part 202 covers data without names too (28 CFR 202.206). ` +
    phiReason(subject.assessment.phi),
  nextSteps: (subject) => [
    STEPS.clock,
    STEPS.stopFlow,
    'Tell the privacy office and counsel today: the rules of 28 CFR Part 202 are separate from HIPAA.',
    STEPS.confirmContent,
    askVendor(subject, 'why data is sent there'),
  ],
};
