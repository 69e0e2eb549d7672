import type { Secret } from '../errors/secret.ts';
import type { DeclaredHttpSink } from '../sinks/http/schema.ts';
import type { DeclaredSink } from '../sinks/schema.ts';
import type { ElasticsearchSettings, HttpSinkSettings, SinkSettings, TlsFiles } from '../sinks/settings.ts';
import { type Secrets, secretOf } from './secrets.ts';

type Resolve = (written: string) => string;

export function sinkSettings(sink: DeclaredSink, resolve: Resolve, secrets: Secrets): SinkSettings {
  const { name, 'min-severity': minSeverity } = sink;
  switch (sink.type) {
    case 'terminal':
      return { name, type: 'terminal', minSeverity };
    case 'syslog': {
      const { protocol, address, format, framing } = sink;
      return { name, type: 'syslog', minSeverity, protocol, ...address, format, framing, tls: tlsFiles(sink, resolve) };
    }
    case 'file': {
      const { path, format, rotate, keep } = sink;
      const rotated = rotate === null ? {} : { rotateBytes: rotate };
      return { name, type: 'file', minSeverity, path: resolve(path), format, ...rotated, keep };
    }
    default:
      return httpSettings(sink, resolve, secrets);
  }
}

function httpSettings(sink: DeclaredHttpSink, resolve: Resolve, secrets: Secrets): HttpSinkSettings {
  const { name, 'min-severity': minSeverity, 'allow-http': allowHttp } = sink;
  const any = { name, minSeverity, allowHttp, tls: tlsFiles(sink, resolve) };
  const secret = (reference: Parameters<typeof secretOf>[0]): Secret => secretOf(reference, secrets);
  switch (sink.type) {
    case 'splunk-hec': {
      const { type, url, token, acknowledge, index, sourcetype } = sink;
      const stored = index === undefined ? {} : { index };
      return { ...any, type, url, token: secret(token), acknowledge, ...stored, sourcetype };
    }
    case 'elasticsearch': {
      const { type, url, 'data-stream': dataStream, format } = sink;
      return { ...any, type, url, dataStream, format, ...elasticCredentials(sink, secret) };
    }
    case 'sentinel': {
      const { type, url, rule, stream, tenant, client, login, scope } = sink;
      return { ...any, type, url, rule, stream, tenant, client, secret: secret(sink.secret), login, scope };
    }
    case 'google-secops': {
      const { type, url, project, location, instance, credentials } = sink;
      return { ...any, type, url, project, location, instance, credentials: resolve(credentials) };
    }
    case 'datadog':
      return { ...any, type: sink.type, url: sink.url, apiKey: secret(sink['api-key']) };
    case 'webhook': {
      const { type, url, format } = sink;
      const signed = sink.secret === undefined ? {} : { secret: secret(sink.secret) };
      return { ...any, type, url: typeof url === 'string' ? url : secret(url), ...signed, format };
    }
    case 'pagerduty':
      return { ...any, type: sink.type, url: sink.url, routingKey: secret(sink['routing-key']) };
    case 'slack':
    case 'teams':
      return { ...any, type: sink.type, url: secret(sink.url) };
    default:
      return sink satisfies never;
  }
}

type ElasticKeys = Pick<Extract<DeclaredHttpSink, { type: 'elasticsearch' }>, 'api-key' | 'username' | 'password'>;

function elasticCredentials(
  { 'api-key': apiKey, username, password }: ElasticKeys,
  secret: (reference: Parameters<typeof secretOf>[0]) => Secret,
): Pick<ElasticsearchSettings, 'credentials'> {
  if (apiKey !== undefined) return { credentials: { apiKey: secret(apiKey) } };
  if (username !== undefined && password !== undefined)
    return { credentials: { username, password: secret(password) } };
  return {};
}

interface DeclaredFiles {
  readonly ca?: string | undefined;
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
}

function tlsFiles({ ca, cert, key }: DeclaredFiles, resolve: Resolve): TlsFiles {
  return {
    ...(ca !== undefined && { ca: resolve(ca) }),
    ...(cert !== undefined && { cert: resolve(cert) }),
    ...(key !== undefined && { key: resolve(key) }),
  };
}
