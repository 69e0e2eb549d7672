/** Why a transfer is called PHI. */
export type Basis = 'dlp-verdict' | 'content-indicator' | 'phi-system' | 'vendor-presumption';

/** How strongly it is called PHI. */
export type Strength = 'none' | 'possible' | 'likely' | 'certain';

export const STRENGTHS: readonly Strength[] = ['none', 'possible', 'likely', 'certain'];

/** @returns true when `strength` reaches `threshold`. */
export function reaches(strength: Strength, threshold: Strength): boolean {
  return STRENGTHS.indexOf(strength) >= STRENGTHS.indexOf(threshold);
}

/** PHI is an identifier together with a health or payment context: two axes, multiplied. 45 CFR 160.103, 164.514(b). */
export type Axis = 'identifier' | 'health-context';

/** One reason to believe that a transfer carries PHI. Never holds the matched value. */
export interface Indicator {
  /** Indicators of one class count once: `ssn`, `fhir-resource`, `x12-file-name`. */
  readonly class: string;
  readonly axis: Axis;
  /** 0 to 1, exclusive of both. */
  readonly weight: number;
  /** Where it was seen. */
  readonly seenIn: 'url-path' | 'url-query' | 'file-name' | 'path' | 'content-type' | 'dlp' | 'sender' | 'vendor';
  /** In words, without the value: `FHIR Patient resource with an id`. */
  readonly says: string;
}

export interface PhiAssessment {
  readonly strength: Strength;
  /** Absent exactly when `strength` is `none`. */
  readonly basis?: Basis;
  /** Product of the axes, 0 to 1. */
  readonly score: number;
  readonly axes: { readonly identifier: number; readonly healthContext: number };
  readonly indicators: readonly Indicator[];
}
