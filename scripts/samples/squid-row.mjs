/**
 * One row in the order of
 * `%ts.%03tu %6tr %>a %Ss/%03>Hs %<st %rm %ru %[un %Sh/%<a %mt %>st "%{Content-Type}>h"`.
 * `endMs` is when the exchange was over, which is when Squid writes; `up` and `down` count headers too.
 */
export function squidRow({
  endMs,
  ms,
  client,
  result,
  status,
  down,
  method,
  url,
  user = '-',
  peer = 'HIER_NONE/-',
  type = '-',
  up,
  requestType = '-',
  truth,
}) {
  const time = `${Math.floor(endMs / 1000)}.${String(endMs % 1000).padStart(3, '0')}`;
  const quoted = requestType.replace(/["\\]/g, '\\$&');
  const text =
    `${time} ${String(ms).padStart(6)} ${client} ${result}/${String(status).padStart(3, '0')} ${down} ${method} ${url} ` +
    `${user} ${peer} ${type} ${up} "${quoted}"`;
  return { endMs, text, ...(truth !== undefined && { truth }) };
}

/** A tunnel that Squid passes through unread. */
export function tunnelRow({ host, port = 443, ip, ...rest }) {
  return squidRow({
    result: 'TCP_TUNNEL',
    status: 200,
    method: 'CONNECT',
    url: `${host}:${port}`,
    peer: `HIER_DIRECT/${ip}`,
    ...rest,
  });
}

/** With ssl-bump each decrypted connection begins with a row of its own, in which nothing has moved yet. */
export function bumpRow({ endMs, ms, client, host, user }) {
  const up = `CONNECT ${host}:443 HTTP/1.1\r\nHost: ${host}:443\r\nUser-Agent: \r\n\r\n`.length + 34;
  return squidRow({
    endMs,
    ms,
    client,
    result: 'NONE_NONE',
    status: 200,
    down: 0,
    method: 'CONNECT',
    url: `${host}:443`,
    user,
    up,
  });
}
