import { quote } from '../errors/field.ts';
import { OperatorError } from '../errors/problem.ts';
import type { FoundAlert, Queries } from '../store/queries.ts';

/** The alert of an id, or of the beginning of one. @throws OperatorError `cli.bad-argument` */
export function findAlert(queries: Queries, id: string): Extract<FoundAlert, { kind: 'found' }> {
  const found = queries.findAlert(id);
  switch (found.kind) {
    case 'found':
      return found;
    case 'none':
      throw usage(`No alert has the id ${quote(id)}`, 'see phi-egress alerts list');
    case 'several':
      throw usage(`More than one alert begins with ${quote(id)}`, `give more of it: ${found.ids.join(', ')}`);
    default:
      return found satisfies never;
  }
}

function usage(what: string, todo: string): OperatorError {
  return new OperatorError([{ code: 'cli.bad-argument', what, todo }]);
}
