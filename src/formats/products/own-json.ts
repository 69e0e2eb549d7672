import type { JsonKey, JsonMapping } from '../../sources/settings.ts';
import { type JsonField, webJsonFormat } from '../engines/web-json.ts';
import type { WebKey } from '../engines/web-keys.ts';
import { outcomeByStatus } from '../engines/web-record.ts';
import { badTemplate } from '../engines/web-template.ts';
import type { Format } from '../format.ts';

/** What each key of an operator's mapping stands for. */
const KEYS: Readonly<Record<Exclude<JsonKey, 'time'>, WebKey>> = {
  'client.ip': 'client',
  'client.port': 'client-port',
  'client.host': 'client-name',
  'client.user': 'user',
  'server.ip': 'server',
  'server.port': 'server-port',
  'server.host': 'host',
  bytesToServer: 'bytes-from-client',
  bytesToClient: 'bytes-to-client',
  durationMs: 'duration',
  request: 'request',
  method: 'method',
  url: 'target',
  scheme: 'scheme',
  status: 'status',
  contentType: 'reply-type',
  agent: 'agent',
  referrer: 'referrer',
  session: 'session',
  proxyResult: 'result',
};

/**
 * The format of a JSON log whose keys the operator maps.
 *
 * @throws OperatorError `format.bad-template` when no time is mapped
 */
export function jsonFormat({ time, ...mapped }: JsonMapping): Format {
  if (time === undefined) {
    throw badTemplate('Found no time in the mapping', 'add the key "time" with the path of the timestamp');
  }
  const fields = Object.entries(mapped).map(([key, path]) => [KEYS[key as keyof typeof KEYS], fieldOf(path)]);
  return webJsonFormat(
    { name: 'json', product: 'JSON log, own mapping', manual: 'the mapping in the configuration', samples: [] },
    {
      time: fieldOf(time),
      fields: Object.fromEntries(fields),
      course: () => (status) => ({ outcome: outcomeByStatus(status) }),
    },
    {
      recommended: { file: 'the configuration of phi-egress', line: 'format: { json: { <LogRecord key>: <path> } }' },
      always: [],
    },
  );
}

function fieldOf(path: NonNullable<JsonMapping['time']>): JsonField {
  return typeof path === 'string' ? { paths: [path] } : { paths: [path.path], unit: path.unit };
}
