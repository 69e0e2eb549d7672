type Token = { readonly kind: 'run' } | { readonly kind: 'one'; readonly accepts: (character: string) => boolean };

/**
 * A test for file names by a shell pattern: `*`, `?`, `[a-z]` and `[!a-z]`. As in the shell, a leading dot must be
 * written out, and a `[` that is never closed stands for itself.
 */
export function globMatcher(pattern: string): (name: string) => boolean {
  if (!isGlob(pattern)) return (name) => name === pattern;
  const tokens = tokenize(pattern);
  const showsHidden = pattern.startsWith('.');
  return (name) => (showsHidden || !name.startsWith('.')) && matches(tokens, name);
}

export function isGlob(pattern: string): boolean {
  return /[*?[]/.test(pattern);
}

function tokenize(pattern: string): readonly Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < pattern.length) {
    const character = pattern.charAt(at);
    const close = character === '[' ? pattern.indexOf(']', classStart(pattern, at) + 1) : -1;
    if (character === '*') tokens.push({ kind: 'run' });
    else if (character === '?') tokens.push({ kind: 'one', accepts: () => true });
    else if (close >= 0) tokens.push({ kind: 'one', accepts: characterClass(pattern.slice(at + 1, close)) });
    else tokens.push({ kind: 'one', accepts: (it) => it === character });
    at = close >= 0 ? close + 1 : at + 1;
  }
  return tokens;
}

/** A `]` that comes first in a class stands for itself. */
function classStart(pattern: string, open: number): number {
  return /[!^]/.test(pattern.charAt(open + 1)) ? open + 2 : open + 1;
}

function characterClass(body: string): (character: string) => boolean {
  const negated = /^[!^]/.test(body);
  const members = negated ? body.slice(1) : body;
  return (character) => isMember(members, character) !== negated;
}

function isMember(members: string, character: string): boolean {
  for (let at = 0; at < members.length; at++) {
    const isRange = members.charAt(at + 1) === '-' && at + 2 < members.length;
    if (isRange && members.charAt(at) <= character && character <= members.charAt(at + 2)) return true;
    if (!isRange && members.charAt(at) === character) return true;
    if (isRange) at += 2;
  }
  return false;
}

/** Goes back only to the latest `*`: earlier ones have taken as little as they can, so that is enough. */
function matches(tokens: readonly Token[], name: string): boolean {
  let token = 0;
  let at = 0;
  let retry: { token: number; at: number } | undefined;
  while (at < name.length) {
    const current = tokens[token];
    if (current?.kind === 'run') {
      token++;
      retry = { token, at };
    } else if (current?.accepts(name.charAt(at))) {
      token++;
      at++;
    } else if (retry !== undefined) {
      retry.at++;
      token = retry.token;
      at = retry.at;
    } else {
      return false;
    }
  }
  return tokens.slice(token).every(({ kind }) => kind === 'run');
}
