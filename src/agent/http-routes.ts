import type { Standing } from './gauges.ts';
import type { HttpAnswer, HttpRoutes } from './http-endpoint.ts';
import type { Metrics } from './metrics.ts';
import type { Readiness } from './readiness.ts';

/** What is served: whether the process lives, whether it does its work, and what it counts. */
export function httpRoutes(metrics: Metrics, standing: () => Standing): HttpRoutes {
  return new Map<string, () => HttpAnswer | Promise<HttpAnswer>>([
    ['/healthz', () => inWords(200, 'alive')],
    ['/readyz', () => readiness(standing().readiness)],
    ['/metrics', async () => ({ status: 200, ...(await metrics.exposition(standing())) })],
  ]);
}

function readiness(it: Readiness): HttpAnswer {
  return it.kind === 'ready' ? inWords(200, 'ready') : inWords(503, it.because);
}

function inWords(status: HttpAnswer['status'], line: string): HttpAnswer {
  return { status, contentType: 'text/plain; charset=utf-8', text: `${line}\n` };
}
