import { suggest } from '../errors/nearest.ts';
import { OperatorError } from '../errors/problem.ts';
import type { FormatChoice, OperatorFormat, OperatorForms } from '../sources/settings.ts';
import { zoneNamed } from '../time/zone.ts';
import type { Format, LineReader, ReaderOptions } from './format.ts';
import { apacheFormat, apacheFormats } from './products/apache/apache.ts';
import { awsAlb } from './products/aws/alb.ts';
import { awsS3 } from './products/aws/s3.ts';
import { awsVpcFlow } from './products/aws/vpc-flow.ts';
import { awsTransfer } from './products/aws-transfer/aws-transfer.ts';
import { caddy } from './products/caddy.ts';
import { cef } from './products/cef.ts';
import { ciscoUmbrella } from './products/cisco-umbrella.ts';
import { ciscoWsa } from './products/cisco-wsa.ts';
import { envoy, envoyFormat, envoyJson } from './products/envoy/envoy.ts';
import { fortigate } from './products/fortigate.ts';
import { haproxy, haproxyFormat } from './products/haproxy/haproxy.ts';
import { leef } from './products/leef.ts';
import { lftp } from './products/lftp.ts';
import { nginx, nginxFormat } from './products/nginx/nginx.ts';
import { openssh } from './products/openssh/openssh.ts';
import { csvFormat } from './products/own-csv.ts';
import { jsonFormat } from './products/own-json.ts';
import { paloalto } from './products/paloalto.ts';
import { proftpdExtendedFormats, proftpdFormat } from './products/proftpd/extended.ts';
import { proftpdSftpLog } from './products/proftpd/sftp-log.ts';
import { proftpdSystem } from './products/proftpd/system.ts';
import { pureFtpdAltLogs } from './products/pure-ftpd/alt-log.ts';
import { pureFtpd } from './products/pure-ftpd/syslog.ts';
import { rclone } from './products/rclone.ts';
import { sftpgo } from './products/sftpgo.ts';
import { skyhigh } from './products/skyhigh.ts';
import { squidFormat, squidFormats } from './products/squid/squid.ts';
import { suricata } from './products/suricata.ts';
import { traefik, traefikJson } from './products/traefik.ts';
import { vsftpd } from './products/vsftpd.ts';
import { cloudfront } from './products/w3c/cloudfront.ts';
import { iis } from './products/w3c/iis.ts';
import { proxysg } from './products/w3c/proxysg.ts';
import { w3c } from './products/w3c/w3c.ts';
import { winscp } from './products/winscp.ts';
import { xferlog } from './products/xferlog.ts';
import { zeek } from './products/zeek/zeek.ts';
import { zscaler } from './products/zscaler.ts';
import { behindSyslog } from './syslog/behind.ts';

/** Every format that has a name. A product adds a line. */
export const formats: readonly Format[] = [
  ...squidFormats,
  ...apacheFormats,
  nginx,
  haproxy,
  envoy,
  envoyJson,
  traefik,
  traefikJson,
  caddy,
  w3c,
  proxysg,
  iis,
  cloudfront,
  zscaler,
  paloalto,
  fortigate,
  ciscoWsa,
  ciscoUmbrella,
  skyhigh,
  zeek,
  suricata,
  awsAlb,
  awsVpcFlow,
  awsS3,
  cef,
  leef,
  openssh,
  xferlog,
  ...proftpdExtendedFormats,
  proftpdSftpLog,
  proftpdSystem,
  vsftpd,
  pureFtpd,
  ...pureFtpdAltLogs,
  sftpgo,
  awsTransfer,
  lftp,
  rclone,
  winscp,
];

/** In place of a name: the log's own first lines tell, see `detect.ts`. */
export const AUTO = 'auto';

/** Formats that operators describe themselves; each throws OperatorError `format.bad-template` when it cannot be used. */
const operatorForms: { readonly [Form in keyof OperatorForms]: (described: OperatorForms[Form]) => Format } = {
  squid: squidFormat,
  apache: apacheFormat,
  nginx: nginxFormat,
  haproxy: haproxyFormat,
  envoy: envoyFormat,
  proftpd: proftpdFormat,
  json: jsonFormat,
  w3c: () => w3c,
  csv: csvFormat,
};

/**
 * The format that was chosen, by name or by a format string of the operator's own.
 *
 * @throws OperatorError `config.bad-value` for a name that is not known, `format.bad-template` for a format string that
 *   cannot be read
 */
export function formatFor(choice: FormatChoice): Format {
  if (typeof choice !== 'string') return describedFormat(choice);
  const format = formats.find(({ name }) => name === choice);
  if (format !== undefined) return format;
  const names = formats.map(({ name }) => name);
  throw new OperatorError([
    {
      code: 'config.bad-value',
      what: `Cannot find format ${JSON.stringify(choice)}; there are ${names.join(', ')}`,
      todo: suggest(choice, names),
    },
  ]);
}

function describedFormat(choice: OperatorFormat): Format {
  const forms = Object.keys(operatorForms) as (keyof OperatorForms)[];
  const chosen = forms.find((form) => form in choice);
  if (chosen === undefined) throw new Error('A format was chosen that has no form');
  return describe(chosen, choice as OperatorForms);
}

function describe<Form extends keyof OperatorForms>(form: Form, choice: Pick<OperatorForms, Form>): Format {
  return operatorForms[form](choice[form]);
}

/**
 * A reader of the lines that were written in the chosen format, with or without a syslog header.
 *
 * @throws OperatorError as `formatFor`
 */
export function readerFor(choice: FormatChoice, options: ReaderOptions): LineReader {
  return readerOf(formatFor(choice), options);
}

/** Like `readerFor`, of a format that is at hand. */
export function readerOf(format: Format, options: ReaderOptions): LineReader {
  return behindSyslog(format.reader(options), zoneNamed(options.timezone));
}
