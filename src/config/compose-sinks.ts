import type { SecretReference } from '../errors/secret.ts';
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
    case 'nats': {
      const { type, protocol, address, subject, format, token } = sink;
      const credentials = token === undefined ? (login(sink, secrets) ?? {}) : { token: secretOf(token, secrets) };
      const tls = tlsFiles(sink, resolve);
      return { name, minSeverity, type, protocol, ...address, subject, format, tls, credentials };
    }
    case 'smtp': {
      const { type, protocol, address, from, to, every: everyMs } = sink;
      const credentials = login(sink, secrets);
      const tls = tlsFiles(sink, resolve);
      const own = { type, protocol, ...address, from, to, tls, everyMs };
      return { name, minSeverity, ...own, ...(credentials !== undefined && { credentials }) };
    }
    default:
      return httpSettings(sink, resolve, secrets);
  }
}

interface DeclaredLogin {
  readonly username?: string | undefined;
  readonly password?: SecretReference | undefined;
}

function login({ username, password }: DeclaredLogin, secrets: Secrets) {
  if (username === undefined || password === undefined) return undefined;
  return { username, password: secretOf(password, secrets) };
}

function httpSettings(sink: DeclaredHttpSink, resolve: Resolve, secrets: Secrets): HttpSinkSettings {
  const { name, 'min-severity': minSeverity, 'allow-http': allowHttp } = sink;
  const any = { name, minSeverity, allowHttp, tls: tlsFiles(sink, resolve) };
  const secret = (reference: SecretReference) => secretOf(reference, secrets);
  switch (sink.type) {
    case 'splunk-hec': {
      const { type, url, token, acknowledge, index, sourcetype } = sink;
      const stored = index === undefined ? {} : { index };
      return { ...any, type, url, token: secret(token), acknowledge, ...stored, sourcetype };
    }
    case 'elasticsearch': {
      const { type, url, 'data-stream': dataStream, format } = sink;
      return { ...any, type, url, dataStream, format, ...elasticCredentials(sink, secrets) };
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

type ElasticKeys = DeclaredLogin & { readonly 'api-key'?: SecretReference | undefined };

function elasticCredentials(keys: ElasticKeys, secrets: Secrets): Pick<ElasticsearchSettings, 'credentials'> {
  const { 'api-key': apiKey } = keys;
  const credentials = apiKey === undefined ? login(keys, secrets) : { apiKey: secretOf(apiKey, secrets) };
  return credentials === undefined ? {} : { credentials };
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
