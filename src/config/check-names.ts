import { quote } from '../errors/field.ts';
import { suggest } from '../errors/nearest.ts';
import type { Problem } from '../errors/problem.ts';
import { TERRITORIES } from '../geo/territories.ts';
import { valueAt } from './document.ts';
import { lineOf, type Placed, problemAt } from './mistake.ts';
import type { Sections } from './sections.ts';

/** Names that two things share, and names of things that are not there. */
export function checkNames(sections: Sections): readonly Problem[] {
  const { sources, sinks, vendors, phi } = sections;
  const below = <T>(list: readonly T[], key: string): Placed<T>[] =>
    phi === undefined ? [] : list.map((value, at) => ({ ...phi, value, path: [...phi.path, key, at] }));
  return [
    ...namesakes(sources, 'name', 'sources'),
    ...namesakes(sinks, 'name', 'sinks'),
    ...namesakes(vendors, 'id', 'vendors'),
    ...namesakes(below(phi?.value.systems ?? [], 'systems'), 'name', 'PHI systems'),
    ...namesakes(below(phi?.value.patterns ?? [], 'patterns'), 'name', 'patterns'),
    ...unknownVendors(sections),
    ...changedTerritories(sections),
    ...unknownTerritories(sections),
  ];
}

function namesakes<Key extends 'name' | 'id'>(
  things: readonly Placed<Readonly<Record<Key, string>>>[],
  key: Key,
  kind: string,
): readonly Problem[] {
  const first = new Map<string, Placed<unknown>>();
  return things.flatMap((thing) => {
    const name = thing.value[key];
    const namesake = first.get(name);
    if (namesake === undefined) {
      first.set(name, thing);
      return [];
    }
    const what = `Two ${kind} have the ${key} ${quote(name)}; the other is at ${lineOf(namesake, [key])}`;
    return [problemAt(thing, [key], 'config.clash', what, 'give one of them another')];
  });
}

function unknownVendors({ exceptions, writtenVendors }: Sections): readonly Problem[] {
  const known = writtenVendors.map(({ value }) => valueAt(value, ['id'])).filter((id) => typeof id === 'string');
  return exceptions.flatMap((exception) => unknownName(exception, ['vendor'], 'vendor', exception.value.vendor, known));
}

/** A built-in name that meant something else here would mislead whoever reads an alert. */
function changedTerritories({ residency }: Sections): readonly Problem[] {
  if (residency === undefined) return [];
  return TERRITORIES.flatMap(({ name, countries }) => {
    const written = residency.value.territories[name];
    const isSame =
      written === undefined || (written.length === countries.size && written.every((it) => countries.has(it)));
    if (isSame) return [];
    const what = `Territory "${name}" is built in and holds ${[...countries].join(', ')}`;
    return [problemAt(residency, ['territories', name], 'config.clash', what, 'give yours another name')];
  });
}

function unknownTerritories({ residency, vendors }: Sections): readonly Problem[] {
  // Without this section, the operator's own territories are not known.
  if (residency === undefined) return [];
  const known = [...new Set([...TERRITORIES.map(({ name }) => name), ...Object.keys(residency.value.territories)])];
  return [
    ...unknownName(residency, ['default'], 'territory', residency.value.default, known),
    ...vendors.flatMap((vendor) =>
      vendor.value.terms.flatMap(({ territory }, at) =>
        unknownName(vendor, ['terms', at, 'territory'], 'territory', territory, known),
      ),
    ),
  ];
}

function unknownName(
  thing: Placed<unknown>,
  below: readonly PropertyKey[],
  kind: string,
  name: string,
  known: readonly string[],
): readonly Problem[] {
  if (known.includes(name)) return [];
  const todo = known.length === 0 ? `declare a ${kind} of that name` : suggest(name, known);
  return [problemAt(thing, below, 'config.bad-value', `Cannot find ${kind} ${quote(name)}`, todo)];
}
