import { expect, test } from 'vitest';
import { describeFailure, exitCodeOf, framesOf } from '../../src/cli/failure.ts';
import { OperatorError } from '../../src/errors/problem.ts';

test('what the operator can mend is told in full, without a stack, with exit code 2', () => {
  const error = new OperatorError([
    { code: 'config.bad-value', what: 'Found 1', where: { file: 'a.yaml', line: 3 }, todo: 'write 2' },
    { code: 'config.bad-value', what: 'Found 3' },
  ]);
  expect(describeFailure(error)).toEqual(['a.yaml:3: Found 1; write 2', 'Found 3']);
  expect(framesOf(error)).toEqual([]);
  expect(exitCodeOf(error)).toBe(2);
});

test('trouble with the state is the command’s own failure', () => {
  expect(exitCodeOf(new OperatorError([{ code: 'state.in-use', what: 'Another one is running' }]))).toBe(1);
});

test('a bug of ours is told with its frames and without its message, which may quote a log', () => {
  const error = new TypeError('DOE JANE\n    at DOE JANE 078-05-1120');
  const told = [...describeFailure(error), ...framesOf(error)].join('\n');
  expect(told).toMatch(/^internal error: TypeError\n {4}at [^\n]*failure\.test\.ts/);
  expect(told).not.toContain('DOE');
  expect(exitCodeOf(error)).toBe(1);
});

test('a stack that was made with another message is not shown', () => {
  const error = new Error('another');
  error.stack = 'Error: DOE JANE\n    at DOE JANE';
  expect([...describeFailure(error), ...framesOf(error)]).toEqual(['internal error: Error']);
});

test('what the system refused is told by its call and code', () => {
  const error = Object.assign(new Error('ENOSPC: no space left on device, write'), {
    code: 'ENOSPC',
    syscall: 'write',
  });
  expect(describeFailure(error)).toEqual(['Cannot write (ENOSPC)']);
  expect(framesOf(error)).toEqual([]);
  expect(exitCodeOf(error)).toBe(1);
});
