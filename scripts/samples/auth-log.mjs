import { MIDNIGHT_MS } from './day.mjs';

const SERVER = '10.30.0.10';

/**
 * Collects the lines of /var/log/auth.log. Times are in microseconds since the epoch, as rsyslog prints them
 * (RSYSLOG_FileFormat: ISO 8601 with microseconds and the local offset).
 */
export function authLog(random) {
  const lines = [];
  const pidAt = risingNumbers(4021, 0.21);
  const logindSessionAt = risingNumbers(1840, 0.004);
  const write = (us, program, message, truth) => {
    const second = new Date(Math.floor(us / 1e6) * 1000 - 5 * 3600 * 1000).toISOString().slice(0, 19);
    const micros = String(us % 1e6).padStart(6, '0');
    lines.push({
      us,
      text: `${second}.${micros}-05:00 gw1 ${program}: ${message}`,
      ...(truth !== undefined && { truth }),
    });
  };

  return {
    lines,
    write,
    pidAt,
    server: SERVER,
    random,
    logindSessionAt,
  };
}

/** Numbers that rise with the time of the day, in whatever order they are asked for, and are given out once each. */
function risingNumbers(first, perSecond) {
  const given = new Set();
  return (us) => {
    let number = first + Math.floor((us / 1e6 - MIDNIGHT_MS / 1000) * perSecond);
    while (given.has(number)) number++;
    given.add(number);
    return number;
  };
}
