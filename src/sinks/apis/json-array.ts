/** JSON texts as one array. */
export function jsonArray(messages: readonly string[]): string {
  return `[${messages.map((it) => it.trimEnd()).join(',')}]`;
}
