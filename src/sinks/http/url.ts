import { OperatorError } from '../../errors/problem.ts';
import type { Secret } from '../../errors/secret.ts';

/** A URL of the configuration with a path added to its own, each part escaped. */
export function below(base: string, ...parts: readonly string[]): URL {
  const url = new URL(base);
  const path = parts.map((it) => encodeURIComponent(it).replaceAll('%3A', ':')).join('/');
  url.pathname = `${url.pathname.replace(/\/$/, '')}/${path}`;
  return url;
}

/**
 * A URL that is a secret, for whoever knows it may write there.
 *
 * @throws OperatorError where it is none; it is not repeated.
 */
export function secretUrl(secret: Secret): URL {
  const text = secret.reveal();
  if (URL.canParse(text)) return new URL(text);
  throw new OperatorError([{ code: 'config.bad-value', what: 'The secret that holds the URL of the sink is no URL' }]);
}
