import type { Permission } from '../geo/residency.ts';
import type { Activity } from '../transfers/transfer.ts';
import type { Terms, Territory, Vendor } from '../vendors/vendor.ts';
import type { Paint } from './io.ts';
import type { Cell } from './layout.ts';

/** A row for each agreement: whether it was in force at that time, and what it permits. */
export function termsRows(
  { terms }: Vendor,
  permission: Permission,
  { timeMs }: Activity,
  { faint }: Paint,
): readonly (readonly Cell[])[] {
  return terms.map((it) => {
    const isHeld = permission.kind === 'terms' && permission.terms === it;
    const reference = it.reference === undefined ? '' : `, ${it.reference}`;
    const words = `${it.territory.name} for ${[...it.covers].join(' and ')}, ${spanOf(it)}${reference}`;
    const cells = [isInForce(it, timeMs) ? 'in force' : 'not in force', words];
    return isHeld ? cells : cells.map((text) => ({ text, paint: faint }));
  });
}

/** `US, PR, GU`, what a permission comes down to; `undefined` where it says so itself. */
export function permittedCountries(permission: Permission): string | undefined {
  switch (permission.kind) {
    case 'terms':
      return codesOf(permission.terms.territory);
    case 'default':
    case 'unregistered':
      return codesOf(permission.territory);
    case 'exception':
      return undefined;
    default:
      return permission satisfies never;
  }
}

function codesOf({ countries }: Territory): string {
  const codes = [...countries];
  const others = codes.length - SHOWN_CODES;
  return others > 0 ? `${codes.slice(0, SHOWN_CODES).join(', ')} and ${others} more` : codes.join(', ');
}

function isInForce({ fromMs, untilMs }: Terms, timeMs: number): boolean {
  return (fromMs === undefined || timeMs >= fromMs) && (untilMs === undefined || timeMs < untilMs);
}

/** The last day is shown, which ends where `untilMs` begins. */
function spanOf({ fromMs, untilMs }: Terms): string {
  const until = untilMs === undefined ? undefined : day(untilMs - 1);
  if (fromMs === undefined) return until === undefined ? 'at all times' : `until ${until}`;
  return until === undefined ? `from ${day(fromMs)} on` : `${day(fromMs)} to ${until}`;
}

function day(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

const SHOWN_CODES = 12;
