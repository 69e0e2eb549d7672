/**
 * Looks hosts up in a list of exact names and `*.` wildcards. `*.example.com` holds every name below `example.com`, and
 * not that name itself. One step for each label, however long the list.
 */
export function hostList(entries: readonly string[]): (host: string) => boolean {
  const names = new Set(entries.map((it) => it.toLowerCase()));
  return (host) => {
    if (names.size === 0) return false;
    const lower = host.toLowerCase();
    if (names.has(lower)) return true;
    for (let dot = lower.indexOf('.'); dot !== -1; dot = lower.indexOf('.', dot + 1))
      if (names.has(`*${lower.slice(dot)}`)) return true;
    return false;
  };
}
