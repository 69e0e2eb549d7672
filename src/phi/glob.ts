/**
 * Compiles a glob over whole paths: `*` and `?` stay within a segment, `**` crosses slashes, and with a slash after it
 * (as in `/srv/**` + `/charts`) also stands for no folder at all. Any other character stands for itself.
 *
 * Time is the length of the path times that of the glob, whatever the path: paths come from whoever uses the server.
 */
export function globMatcher(glob: string): (path: string) => boolean {
  const steps = stepsOf(glob);
  return (path) => {
    let reached = new Set<number>();
    enter(reached, 0, steps);
    for (const char of path) {
      const next = new Set<number>();
      for (const at of reached) advance(next, at, char, steps);
      if (next.size === 0) return false;
      reached = next;
    }
    return reached.has(steps.length);
  };
}

type Step =
  | { readonly kind: 'char'; readonly char: string }
  | { readonly kind: 'one' }
  | { readonly kind: 'within-segment' }
  | { readonly kind: 'across' }
  /** Stands before `across` and a slash, and may leave both out. */
  | { readonly kind: 'maybe-folders' };

function stepsOf(glob: string): readonly Step[] {
  const steps: Step[] = [];
  for (let at = 0; at < glob.length; at++) {
    const char = glob.charAt(at);
    if (char === '?') steps.push({ kind: 'one' });
    else if (char !== '*') steps.push({ kind: 'char', char });
    else if (glob[at + 1] !== '*') steps.push({ kind: 'within-segment' });
    else {
      at++;
      const startsSegment = at === 1 || glob[at - 2] === '/';
      if (startsSegment && glob[at + 1] === '/') steps.push({ kind: 'maybe-folders' });
      steps.push({ kind: 'across' });
    }
  }
  return steps;
}

/** Adds a place in the glob and all that can be reached from it without a character. */
function enter(places: Set<number>, at: number, steps: readonly Step[]): void {
  if (places.has(at)) return;
  places.add(at);
  const kind = steps[at]?.kind;
  if (kind === 'within-segment' || kind === 'across') enter(places, at + 1, steps);
  if (kind === 'maybe-folders') {
    enter(places, at + 1, steps);
    enter(places, at + 3, steps);
  }
}

function advance(places: Set<number>, at: number, char: string, steps: readonly Step[]): void {
  const step = steps[at];
  if (step === undefined) return;
  switch (step.kind) {
    case 'char':
      if (char === step.char) enter(places, at + 1, steps);
      return;
    case 'one':
      if (char !== '/') enter(places, at + 1, steps);
      return;
    case 'within-segment':
      if (char !== '/') enter(places, at, steps);
      return;
    case 'across':
      enter(places, at, steps);
      return;
    case 'maybe-folders':
      return;
    default:
      step satisfies never;
  }
}
