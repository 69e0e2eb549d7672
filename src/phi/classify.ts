import type { Activity, Transfer } from '../transfers/transfer.ts';
import type { Vendor } from '../vendors/vendor.ts';
import { dicomwebIndicators } from './dicomweb.ts';
import { dlpIndicators } from './dlp-verdict.ts';
import { fhirIndicators } from './fhir.ts';
import { fileNameIndicators } from './file-names.ts';
import { hostList } from './host-list.ts';
import { identifierIndicators } from './identifier-indicators.ts';
import { iheIndicators } from './ihe.ts';
import { type Basis, type Indicator, type PhiAssessment, reaches } from './indicator.ts';
import { mediaTypeIndicators } from './media-types.ts';
import { operatorIndicators } from './operator-patterns.ts';
import { phiSystemIndicators } from './phi-systems.ts';
import { distinct, scoreOf } from './score.ts';
import type { PhiPattern, PhiSettings } from './settings.ts';
import { visibleOf, whatMoved } from './visible.ts';
import { weighed } from './weighed.ts';

/** Whether an activity carries PHI, how surely, and why. `vendor` is whose endpoint the receiver is, if anybody's. */
export type Classifier = (activity: Activity, vendor: Vendor | undefined) => PhiAssessment;

/** Makes the classifier of one configuration. */
export function createClassifier(settings: PhiSettings): Classifier {
  const isIgnored = hostList(settings.ignoreHosts);
  const systemIndicators = phiSystemIndicators(settings.systems);

  return (activity, vendor) => {
    if (activity.kind === 'access')
      return assess([{ basis: 'vendor-presumption', indicators: loginIndicators(vendor) }]);
    const dlp = dlpIndicators(activity);
    const { host } = activity.receiver;
    if (dlp.length === 0 && vendor === undefined && host !== undefined && isIgnored(host)) return NONE;
    return assess([
      { basis: 'dlp-verdict', indicators: dlp },
      { basis: 'content-indicator', indicators: contentIndicators(activity, settings.patterns) },
      { basis: 'phi-system', indicators: systemIndicators(activity) },
      { basis: 'vendor-presumption', indicators: vendorIndicators(activity, vendor) },
    ]);
  };
}

const NONE: PhiAssessment = { strength: 'none', score: 0, axes: { identifier: 0, healthContext: 0 }, indicators: [] };

interface Evidence {
  readonly basis: Basis;
  readonly indicators: readonly Indicator[];
}

/**
 * All evidence makes the score. The basis is the strongest kind of evidence that, with those before it, already calls it
 * PHI: what comes after only makes that surer. Its indicators come first.
 *
 * @param evidence in the order of its standing, the strongest first.
 */
function assess(evidence: readonly Evidence[]): PhiAssessment {
  const all = distinct(evidence.flatMap(({ indicators }) => indicators));
  if (all.length === 0) return NONE;
  const { strength, score, axes } = scoreOf(all);
  if (strength === 'none') return { strength, score, axes, indicators: all };

  const called = strength === 'certain' ? 'likely' : strength;
  const found = evidence.find((_, at) => {
    const soFar = evidence.slice(0, at + 1).flatMap(({ indicators }) => indicators);
    return reaches(scoreOf(distinct(soFar)).strength, called);
  });
  const first = new Set(found?.indicators);
  const indicators = [...all.filter((it) => first.has(it)), ...all.filter((it) => !first.has(it))];
  return { strength, ...(found !== undefined && { basis: found.basis }), score, axes, indicators };
}

function contentIndicators(transfer: Transfer, patterns: readonly PhiPattern[]): readonly Indicator[] {
  const visible = visibleOf(transfer);
  const own = patterns.length === 0 ? [] : operatorIndicators(transfer, visible, patterns);
  if (visible.moved === 'sealed') return own;
  return [
    ...own,
    ...fhirIndicators(visible),
    ...dicomwebIndicators(visible),
    ...iheIndicators(visible),
    ...mediaTypeIndicators(visible),
    ...fileNameIndicators(visible),
    ...identifierIndicators(visible),
  ];
}

/** Nothing is presumed of a bare URL: it carries what can be read in it, and no more. */
function vendorIndicators(transfer: Transfer, vendor: Vendor | undefined): readonly Indicator[] {
  if (vendor === undefined || whatMoved(transfer) === 'url') return [];
  switch (vendor.carries) {
    case 'phi':
      return weighed('vendor-carries-phi', 'vendor', `${vendor.name} is declared to receive PHI and nothing else`);
    case 'mixed':
      return weighed('vendor-carries-some-phi', 'vendor', `${vendor.name} is declared to receive PHI among other data`);
    case 'none':
      return [];
    default:
      return vendor.carries satisfies never;
  }
}

/** A login carries nothing yet; it opens what the vendor is there for. That makes PHI possible, and no more. */
function loginIndicators(vendor: Vendor | undefined): readonly Indicator[] {
  if (vendor?.carries !== 'phi') return [];
  return weighed('vendor-login', 'vendor', `${vendor.name}, whose account was let in, is declared to work on PHI`);
}
