import type { Secret } from '../errors/secret.ts';
import type { Severity } from '../rules/severity.ts';
import type { AlertFormatName } from './encoders/alert-format.ts';

interface AnySink {
  readonly name: string;
  /** Alerts below this never reach the sink. */
  readonly minSeverity: Severity;
}

/** PEM files: who vouches for the destination, and our own certificate where it asks for one. */
export interface TlsFiles {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
}

export interface FileSinkSettings extends AnySink {
  readonly type: 'file';
  readonly path: string;
  readonly format: AlertFormatName;
  /** Bytes at which the file is rotated; absent: never. */
  readonly rotateBytes?: number;
  /** Rotated files that are kept. */
  readonly keep: number;
}

/** A syslog receiver: a SIEM, or a relay before it. */
export interface SyslogSinkSettings extends AnySink {
  readonly type: 'syslog';
  readonly protocol: 'udp' | 'tcp' | 'tls';
  /** A name or an address. */
  readonly host: string;
  readonly port: number;
  /** What the message holds. */
  readonly format: AlertFormatName;
  /** Over TCP and TLS. */
  readonly framing: 'octet-counting' | 'lf';
  readonly tls?: TlsFiles;
}

/** Alerts for people, on standard output. */
export interface TerminalSinkSettings extends AnySink {
  readonly type: 'terminal';
}

/** NATS JetStream. */
export interface NatsSinkSettings extends AnySink {
  readonly type: 'nats';
  readonly protocol: 'tls' | 'plain';
  /** A name or an address. */
  readonly host: string;
  readonly port: number;
  readonly subject: string;
  readonly format: JsonFormatName;
  readonly tls: TlsFiles;
  /** Empty: the server asks for none, or for our certificate. */
  readonly credentials:
    | { readonly token: Secret }
    | { readonly username: string; readonly password: Secret }
    | Readonly<Record<string, never>>;
}

/** E-mail. */
export interface SmtpSinkSettings extends AnySink {
  readonly type: 'smtp';
  readonly protocol: 'starttls' | 'tls' | 'plain';
  readonly host: string;
  readonly port: number;
  readonly from: string;
  readonly to: readonly string[];
  readonly credentials?: { readonly username: string; readonly password: Secret };
  readonly tls: TlsFiles;
  /** ms between two messages; what comes meanwhile goes together. */
  readonly everyMs: number;
}

interface HttpSink extends AnySink {
  readonly tls: TlsFiles;
  /** The operator permits that alerts cross the network unencrypted. */
  readonly allowHttp: boolean;
}

/** Splunk HTTP Event Collector. */
export interface SplunkHecSettings extends HttpSink {
  readonly type: 'splunk-hec';
  readonly url: string;
  readonly token: Secret;
  /** The token has indexer acknowledgement on. */
  readonly acknowledge: boolean;
  /** Absent: the token's own. */
  readonly index?: string;
  readonly sourcetype: string;
}

/** Elasticsearch or OpenSearch. */
export interface ElasticsearchSettings extends HttpSink {
  readonly type: 'elasticsearch';
  readonly url: string;
  readonly dataStream: string;
  readonly format: 'ecs' | 'native' | 'ocsf';
  readonly credentials?: { readonly apiKey: Secret } | { readonly username: string; readonly password: Secret };
}

/** Microsoft Sentinel, Logs Ingestion API. */
export interface SentinelSettings extends HttpSink {
  readonly type: 'sentinel';
  /** Logs ingestion endpoint of the data collection rule, or a data collection endpoint. */
  readonly url: string;
  /** Immutable id of the data collection rule. */
  readonly rule: string;
  readonly stream: string;
  readonly tenant: string;
  readonly client: string;
  readonly secret: Secret;
  /** Of Entra ID, and what a token is asked for: both differ in national clouds. */
  readonly login: string;
  readonly scope: string;
}

/** Google Security Operations, Chronicle API. */
export interface GoogleSecopsSettings extends HttpSink {
  readonly type: 'google-secops';
  /** Regional endpoint. */
  readonly url: string;
  readonly project: string;
  readonly location: string;
  readonly instance: string;
  /** File with the key of a service account. */
  readonly credentials: string;
}

export interface DatadogSettings extends HttpSink {
  readonly type: 'datadog';
  readonly url: string;
  readonly apiKey: Secret;
}

/** Any receiver of Standard Webhooks. */
export interface WebhookSettings extends HttpSink {
  readonly type: 'webhook';
  /** A secret where the path is one. */
  readonly url: string | Secret;
  /** Absent: requests are not signed. */
  readonly secret?: Secret;
  readonly format: JsonFormatName;
}

/** What goes into the body of a request by itself. */
export type JsonFormatName = Extract<AlertFormatName, 'native' | 'ecs' | 'ocsf' | 'cloudevents'>;

export interface PagerdutySettings extends HttpSink {
  readonly type: 'pagerduty';
  readonly url: string;
  readonly routingKey: Secret;
}

/** Incoming webhook of Slack, or a workflow of Teams: whoever knows the URL may write. */
export interface ChatSettings extends HttpSink {
  readonly type: 'slack' | 'teams';
  readonly url: Secret;
}

export type HttpSinkSettings =
  | SplunkHecSettings
  | ElasticsearchSettings
  | SentinelSettings
  | GoogleSecopsSettings
  | DatadogSettings
  | WebhookSettings
  | PagerdutySettings
  | ChatSettings;

export type SinkSettings =
  | FileSinkSettings
  | SyslogSinkSettings
  | TerminalSinkSettings
  | NatsSinkSettings
  | SmtpSinkSettings
  | HttpSinkSettings;
