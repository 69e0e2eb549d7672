/** `.1`, `-20261124`, `.2026-11-24`, `-20261124T0300Z`, `_1764042486`, `.old`: what rotation puts after a log's name. */
const ROTATION_SUFFIX = /^(?:[-._]\d[-._:T\d]*Z?|\.old)$/;

export function isRotationSuffix(suffix: string): boolean {
  return ROTATION_SUFFIX.test(suffix);
}

/**
 * The log that a file in its directory belongs to: `access.log` for `access.log.1`, if `access.log` is among `logs`.
 * A name that only starts with a log's name (`access.log.bak`) belongs to it as well, unless it is a log itself.
 */
export function logNameOf(name: string, logs: ReadonlySet<string>): string | undefined {
  let longest: string | undefined;
  for (let end = 1; end < name.length; end++) {
    const start = name.slice(0, end);
    if (!logs.has(start)) continue;
    if (isRotationSuffix(name.slice(end))) return start;
    longest = start;
  }
  return logs.has(name) ? name : longest;
}
