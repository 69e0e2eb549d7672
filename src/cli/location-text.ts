import type { Evidence, Location } from '../geo/location.ts';
import { whereabouts } from '../rules/words.ts';
import type { Paint } from './io.ts';
import type { Cell, Painted } from './layout.ts';

/** `India (IN), likely`, and by what, where that is not the databases. */
export function locationLine(location: Location, paint: Paint): Painted {
  const by = location.decidedBy && DECIDERS[location.decidedBy];
  const text = `${whereabouts(location)}, ${location.standing}${by === undefined ? '' : ` (${by})`}`;
  return { text, paint: paintOf(location, paint) };
}

const DECIDERS: Partial<Readonly<Record<Evidence['step'], string>>> = {
  override: "by the operator's word",
  'cloud-range': "by its cloud provider's ranges",
  'host-name': 'by its name',
  anycast: 'by a database',
  'round-trip': 'by its distance',
  'represented-country': 'by who is there',
};

/** A row for each source that was asked. */
export function evidenceRows(evidence: readonly Evidence[], { faint }: Paint): readonly (readonly Cell[])[] {
  return evidence.map(({ step, source, said, network, built, sha256 }) => {
    const data = [built && `built ${built.slice(0, 10)}`, sha256 && `sha256 ${sha256.slice(0, 12)}`];
    return [
      said,
      network ?? '',
      step === 'database' || step === source ? source : `${step}: ${source}`,
      { text: data.filter((it) => it !== undefined).join(', '), paint: faint },
    ];
  });
}

function paintOf(location: Location, paint: Paint): (text: string) => string {
  switch (location.standing) {
    case 'certain':
    case 'likely':
      return location.country === 'US' ? paint.good : paint.bad;
    case 'disputed':
    case 'edge':
    case 'unknown':
      return paint.doubt;
    case 'internal':
      return paint.faint;
    default:
      return location satisfies never;
  }
}
