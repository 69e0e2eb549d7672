/** What a field holds: text, or several values of it. Absent is null. */
export type Value = string | readonly string[] | boolean | undefined;

export type Lookup = (field: string) => Value;

type Expression = (field: Lookup) => Value;

/**
 * The part of Splunk's eval expressions that the add-on uses ("Evaluation functions" in the Search Reference): equality,
 * OR, text in double quotes, fields as words or in single quotes, and the functions below. What is not known here is an error.
 */
export function compileEval(text: string): Expression {
  const tokens = text.match(/"[^"\\]*"|'[^']+'|\w+|==|!=|[(),]|\S/g) ?? [];
  let at = 0;
  const expression = equality();
  if (at < tokens.length) throw new Error(`${tokens[at]} is left over in ${text}`);
  return expression;

  function equality(): Expression {
    const left = operand();
    const operator = tokens[at];
    if (operator !== '==' && operator !== '!=') return left;
    at++;
    const right = operand();
    return (field) => {
      const [one, other] = [left(field), right(field)];
      if (one === undefined || other === undefined) return undefined;
      return (one === other) === (operator === '==');
    };
  }

  function operand(): Expression {
    const token = tokens[at++] ?? '';
    if (token.startsWith('"') && token.length > 1) return () => token.slice(1, -1);
    if (token.startsWith("'") && token.length > 1) return (field) => field(token.slice(1, -1));
    if (/^\d+$/.test(token)) return () => token;
    if (!/^\w+$/.test(token)) throw new Error(`${token} is no operand in ${text}`);
    if (tokens[at] !== '(') return (field) => field(token);
    at++;
    const operands: Expression[] = [];
    while (tokens[at] !== ')') {
      operands.push(equality());
      if (tokens[at] === ',') at++;
      else if (tokens[at] !== ')') throw new Error(`${token} is not closed in ${text}`);
    }
    at++;
    const apply = FUNCTIONS[token];
    if (apply === undefined) throw new Error(`${token} is no function that is known here, in ${text}`);
    return (field) => apply(operands.map((it) => () => it(field)));
  }
}

const FUNCTIONS: Readonly<Record<string, (operands: readonly (() => Value)[]) => Value>> = {
  null: () => undefined,
  true: () => true,
  coalesce: (operands) => operands.map((it) => it()).find((it) => it !== undefined),
  if: ([condition, yes, no]) => (condition?.() === true ? yes?.() : no?.()),
  case: (operands) => {
    for (let index = 0; index < operands.length; index += 2)
      if (operands[index]?.() === true) return operands[index + 1]?.();
    return undefined;
  },
  isnotnull: ([value]) => value?.() !== undefined,
  lower: ([value]) => textOf(value)?.toLowerCase(),
  split: ([value, by]) => textOf(value)?.split(textOf(by) ?? ''),
  mvindex: ([value, index]) => [value?.()].flat()[Number(index?.())],
  replace: ([value, pattern, by]) =>
    textOf(value)?.replaceAll(new RegExp(textOf(pattern) ?? '', 'g'), textOf(by) ?? ''),
  spath: ([value, path]) => {
    const found = (JSON.parse(textOf(value) ?? '{}') as Readonly<Record<string, unknown>>)[textOf(path) ?? ''];
    return found === undefined ? undefined : String(found);
  },
};

function textOf(value: (() => Value) | undefined): string | undefined {
  const it = value?.();
  return typeof it === 'string' ? it : undefined;
}
