import { describeConnectionFailure } from '../../net/connection-failure.ts';
import type { Failed } from './fetch.ts';

/** What went wrong below HTTP, and what to do where the operator can mend it. */
export function describeFailure(error: unknown): Failed {
  const { isCertificate, because } = describeConnectionFailure(error);
  if (!isCertificate) return { kind: 'again', because };
  return {
    kind: 'never',
    because,
    todo: 'name the certificate authority of a proxy that looks into TLS in geo.update.ca',
  };
}
