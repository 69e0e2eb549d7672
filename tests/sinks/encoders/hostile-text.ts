import fc from 'fast-check';

/** Text that means something to one format or another: separators, escapes, quotes, line ends, other scripts. */
export const hostileText = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '|',
        '=',
        '\\',
        '"',
        ']',
        '[',
        '\n',
        '\r',
        '\t',
        '\u0085',
        '\u2028',
        '\u202e',
        ' ',
        'x|y',
        'é',
        '日本',
        '😀',
      ),
      fc.string({ maxLength: 5 }),
    ),
    { minLength: 1, maxLength: 12 },
  )
  .map((parts) => `t${parts.join('')}t`);
