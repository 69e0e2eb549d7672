import type { Directive } from '../../engines/web-template.ts';
import { ISO_TIME } from '../../engines/web-times.ts';

/**
 * Envoy documentation, "Access Logging", command operators. Which way bytes went: BYTES_RECEIVED is the body that came
 * from the downstream client, BYTES_SENT the body that went to it; for TCP, all of the connection. The time is that of
 * the beginning, in UTC.
 */
export const ENVOY_OPERATORS: ReadonlyMap<string, Directive> = new Map<string, Directive>([
  ['START_TIME', { holds: 'word', time: ISO_TIME }],
  ['PROTOCOL', { holds: 'word' }],
  ['RESPONSE_CODE', { holds: 'code', tells: 'status' }],
  ['RESPONSE_CODE_DETAILS', { holds: 'word' }],
  ['CONNECTION_TERMINATION_DETAILS', { holds: 'text' }],
  ['RESPONSE_FLAGS', { holds: 'word', tells: 'result' }],
  ['BYTES_RECEIVED', { holds: 'code', tells: 'body-from-client' }],
  ['BYTES_SENT', { holds: 'code', tells: 'body-to-client' }],
  ['DOWNSTREAM_WIRE_BYTES_RECEIVED', { holds: 'code', tells: 'bytes-from-client' }],
  ['DOWNSTREAM_WIRE_BYTES_SENT', { holds: 'code', tells: 'bytes-to-client' }],
  ['UPSTREAM_WIRE_BYTES_SENT', { holds: 'code', tells: 'bytes-to-server' }],
  ['DURATION', { holds: 'code', tells: 'duration' }],
  ['RESPONSE_DURATION', { holds: 'code' }],
  ['RESPONSE_TX_DURATION', { holds: 'code' }],
  ['REQUEST_DURATION', { holds: 'code' }],
  ['UPSTREAM_HOST', { holds: 'word', tells: 'server' }],
  ['UPSTREAM_REMOTE_ADDRESS', { holds: 'word', tells: 'server' }],
  ['UPSTREAM_LOCAL_ADDRESS', { holds: 'word' }],
  ['UPSTREAM_CLUSTER', { holds: 'word' }],
  ['UPSTREAM_TRANSPORT_FAILURE_REASON', { holds: 'text' }],
  ['DOWNSTREAM_REMOTE_ADDRESS', { holds: 'word', tells: 'client' }],
  ['DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT', { holds: 'word', tells: 'client' }],
  ['DOWNSTREAM_DIRECT_REMOTE_ADDRESS', { holds: 'word' }],
  ['DOWNSTREAM_DIRECT_REMOTE_ADDRESS_WITHOUT_PORT', { holds: 'word' }],
  ['DOWNSTREAM_REMOTE_PORT', { holds: 'code', tells: 'client-port' }],
  ['DOWNSTREAM_LOCAL_ADDRESS', { holds: 'word' }],
  ['DOWNSTREAM_LOCAL_ADDRESS_WITHOUT_PORT', { holds: 'word' }],
  ['DOWNSTREAM_LOCAL_PORT', { holds: 'code' }],
  ['CONNECTION_ID', { holds: 'code' }],
  ['STREAM_ID', { holds: 'code' }],
  ['REQUESTED_SERVER_NAME', { holds: 'word', tells: 'sni' }],
  ['ROUTE_NAME', { holds: 'word' }],
  ['HOSTNAME', { holds: 'word' }],
]);

/** Request headers, lower case. */
export const ENVOY_REQUEST_HEADERS: ReadonlyMap<string, Directive> = new Map<string, Directive>([
  [':method', { holds: 'word', tells: 'method' }],
  [':path', { holds: 'word', tells: 'target' }],
  ['x-envoy-original-path', { holds: 'word', tells: 'target' }],
  [':scheme', { holds: 'word', tells: 'scheme' }],
  [':authority', { holds: 'word', tells: 'host' }],
  ['host', { holds: 'word', tells: 'host' }],
  ['x-forwarded-for', { holds: 'text', tells: 'client-chain' }],
  ['user-agent', { holds: 'text', tells: 'agent' }],
  ['referer', { holds: 'text', tells: 'referrer' }],
  ['content-type', { holds: 'text', tells: 'request-type' }],
  ['content-length', { holds: 'code', tells: 'announced-bytes' }],
  ['x-request-id', { holds: 'word' }],
]);

export const ENVOY_RESPONSE_HEADERS: ReadonlyMap<string, Directive> = new Map<string, Directive>([
  ['content-type', { holds: 'text', tells: 'reply-type' }],
  ['x-envoy-upstream-service-time', { holds: 'code' }],
]);
