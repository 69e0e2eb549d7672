import { EHR, STAFF } from './cast.mjs';
import { at, HOUR_MS, MIDNIGHT_MS, MINUTE_MS } from './day.mjs';
import { BLOCKED, CLINICAL, FOREIGN_PAGES, FOREIGN_TUNNELS, PAGES, TUNNELS, UPDATES } from './destinations.mjs';
import { bumpRow, squidRow, tunnelRow } from './squid-row.mjs';

/** Visits in each hour from 06:00 to 19:59: rounds in the morning, a dip at lunch, a quiet evening. */
const VISITS = {
  6: 42,
  7: 98,
  8: 142,
  9: 158,
  10: 160,
  11: 140,
  12: 100,
  13: 134,
  14: 148,
  15: 136,
  16: 108,
  17: 70,
  18: 46,
  19: 30,
};

/** The load balancer opens and closes a connection to see whether the proxy is alive. */
const HEALTH_CHECK = { client: '10.20.0.9', everyMs: 5 * MINUTE_MS };

/** Everything on the sample day that nobody needs to know about. */
export function ordinaryWeb(random) {
  const seen = new Set();
  const visits = Object.entries(VISITS).flatMap(([hour, count]) =>
    Array.from({ length: count }, () =>
      visit(random, MIDNIGHT_MS + Number(hour) * HOUR_MS + random.between(0, HOUR_MS - 1)),
    ),
  );
  visits.sort((a, b) => a.startMs - b.startMs);
  return [
    ...visits.flatMap((it) => rowsOf(random, it, seen)),
    ...healthChecks(random),
    ...clinical(random),
    ...updates(random),
  ];
}

function visit(random, startMs) {
  return { startMs, person: random.pick(STAFF), size: random.between(1, 4) };
}

function rowsOf(random, { startMs, person, size }, seen) {
  const rows = [];
  let startedMs = startMs;
  if (random.chance(0.045)) rows.push(credentialsAsked(random, startedMs, person));
  for (let left = size; left > 0; left--) {
    startedMs += random.between(40, 9000);
    rows.push(oneRow(random, startedMs, person, seen));
  }
  return rows;
}

function oneRow(random, startedMs, person, seen) {
  const draw = random.next();
  if (draw < 0.7) return tunnel(random, startedMs, person, random.weighted(TUNNELS));
  if (draw < 0.73) return tunnel(random, startedMs, person, random.weighted(FOREIGN_TUNNELS));
  if (draw < 0.942) return page(random, startedMs, person, random.weighted(PAGES), seen);
  if (draw < 0.955) return page(random, startedMs, person, random.weighted(FOREIGN_PAGES), seen);
  if (draw < 0.972) return blocked(random, startedMs, person);
  if (draw < 0.985) return givenUp(random, startedMs, person, random.weighted(PAGES));
  return unreachable(random, startedMs, person);
}

function tunnel(random, startedMs, { user, ip }, site) {
  const ms = random.skewed([site.seconds[0] * 1000, site.seconds[1] * 1000]) + random.between(0, 999);
  const serverIp = random.pick(site.ips);
  const up = random.skewed(site.up);
  const truth = site.country && foreign({ host: site.host, ip: serverIp, country: site.country, bytes: up });
  return tunnelRow({
    endMs: startedMs + ms,
    ms,
    client: ip,
    host: site.host,
    ip: serverIp,
    user,
    down: random.skewed(site.down),
    up,
    truth,
  });
}

/** A page's first request goes to its server; what may be cached is served from the cache afterwards, or revalidated. */
function page(random, startedMs, { user, ip }, { url, ip: serverIp, type, size, cacheable, country }, seen) {
  const base = { client: ip, method: 'GET', url, user, up: 150 + url.length + random.between(0, 240) };
  const first = !seen.has(url);
  seen.add(url);
  if (cacheable && !first && random.chance(0.85)) {
    const [result, status, down] = random.pick([
      ['TCP_MEM_HIT', 200, size + 56],
      ['TCP_HIT', 200, size + 56],
      ['TCP_IMS_HIT', 304, 290],
      ['TCP_INM_HIT', 304, 312],
    ]);
    const ms = random.between(0, 3);
    return squidRow({ ...base, endMs: startedMs + ms, ms, result, status, down, type });
  }
  const ms = random.between(4, 240);
  const truth = country && foreign({ host: new URL(url).hostname, ip: serverIp, country, bytes: base.up });
  const result = cacheable && !first ? 'TCP_REFRESH_UNMODIFIED' : 'TCP_MISS';
  return squidRow({
    ...base,
    endMs: startedMs + ms,
    ms,
    result,
    status: 200,
    down: size,
    peer: `HIER_DIRECT/${serverIp}`,
    type,
    truth,
  });
}

function credentialsAsked(random, startedMs, { ip }) {
  const url = `${random.weighted(TUNNELS).host}:443`;
  const down = 3500 + url.length;
  return squidRow({
    endMs: startedMs,
    ms: 0,
    client: ip,
    result: 'TCP_DENIED',
    status: 407,
    down,
    method: 'CONNECT',
    url,
    type: 'text/html',
    up: 110 + 2 * url.length,
  });
}

function blocked(random, startedMs, { user, ip }) {
  const url = random.pick(BLOCKED);
  const ms = random.between(0, 2);
  return squidRow({
    endMs: startedMs + ms,
    ms,
    client: ip,
    result: 'TCP_DENIED',
    status: 403,
    down: 3872 + url.length,
    method: 'CONNECT',
    url,
    user,
    type: 'text/html',
    up: 180 + 2 * url.length,
  });
}

function givenUp(random, startedMs, { user, ip }, { url, ip: serverIp }) {
  const ms = random.between(900, 12_000);
  return squidRow({
    endMs: startedMs + ms,
    ms,
    client: ip,
    result: 'TCP_MISS_ABORTED',
    status: 0,
    down: 0,
    method: 'GET',
    url,
    user,
    peer: `HIER_DIRECT/${serverIp}`,
    up: 150 + url.length,
  });
}

function unreachable(random, startedMs, { user, ip }) {
  const down = random.chance(0.5);
  const ms = down ? random.between(38_000, 60_000) : random.between(5, 60);
  const [host, peer] = down
    ? ['provider.midohio-mutual.example', 'HIER_DIRECT/44.196.23.111']
    : ['cdn.retired-widget.example', 'HIER_NONE/-'];
  return squidRow({
    endMs: startedMs + ms,
    ms,
    client: ip,
    result: 'NONE_NONE',
    status: 503,
    down: 0,
    method: 'CONNECT',
    url: `${host}:443`,
    user,
    peer,
    up: 180 + 2 * host.length,
  });
}

function healthChecks(random) {
  const rows = [];
  for (let timeMs = at('06:00:02'); timeMs < at('20:00'); timeMs += HEALTH_CHECK.everyMs) {
    rows.push(
      squidRow({
        endMs: timeMs + random.between(0, 40),
        ms: 0,
        client: HEALTH_CHECK.client,
        result: 'NONE_NONE',
        status: 0,
        down: 0,
        method: '-',
        url: 'error:transaction-end-before-headers',
        up: 0,
      }),
    );
  }
  return rows;
}

/** Patient data that goes to partners in the United States: the ordinary life of the integration servers. */
function clinical(random) {
  const rows = [];
  for (let hour = 6; hour < 20; hour++) {
    for (const partner of CLINICAL) {
      const user = partner.user;
      const client = EHR[partner.client];
      let timeMs = MIDNIGHT_MS + hour * HOUR_MS + random.between(0, 40 * MINUTE_MS);
      rows.push(bumpRow({ endMs: timeMs, ms: random.between(9, 24), client, host: partner.host, user }));
      for (let left = random.between(3, 8); left > 0; left--) {
        const ms = random.between(30, 700);
        timeMs += ms + random.between(5, 30_000);
        const up = random.skewed(partner.up);
        const truth = entry({
          story: 'patient data to a partner in the United States',
          vendor: null,
          host: partner.host,
          ip: partner.ip,
          country: 'US',
          bytes: up,
          because: 'the receiver is in the United States',
        });
        rows.push(
          squidRow({
            endMs: timeMs,
            ms,
            client,
            result: 'TCP_MISS',
            status: 200,
            down: random.skewed(partner.down),
            method: partner.method,
            url: `https://${partner.host}${partner.path}`,
            user,
            peer: `HIER_DIRECT/${partner.ip}`,
            type: partner.type,
            up,
            requestType: partner.requestType,
            truth,
          }),
        );
      }
    }
  }
  return rows;
}

function updates(random) {
  return ['06:25', '18:25'].flatMap((clock, round) =>
    UPDATES.map(({ url, ip, country, type, size }, index) => {
      const ms = random.between(180, 900);
      const up = 170 + url.length;
      const truth = entry({
        story: 'software update of a server that holds patient data',
        vendor: null,
        host: new URL(url).hostname,
        ip,
        country,
        bytes: up,
        because: 'the configuration ignores the update hosts by name',
      });
      return squidRow({
        endMs: at(clock) + index * 1500 + ms,
        ms,
        client: EHR.ehr,
        result: round === 0 ? 'TCP_MISS' : 'TCP_REFRESH_MODIFIED',
        status: 200,
        down: size,
        method: 'GET',
        url,
        peer: `HIER_DIRECT/${ip}`,
        type,
        up,
        truth,
      });
    }),
  );
}

function foreign(facts) {
  return entry({
    story: 'ordinary traffic to a foreign host',
    vendor: null,
    ...facts,
    because: 'nothing says that it carries patient data',
  });
}

function entry({ story, vendor, host, ip, country, bytes, because }) {
  return {
    story,
    kind: 'transfer',
    vendor,
    receiver: { ip, host },
    country,
    bytes,
    rule: null,
    because,
  };
}
