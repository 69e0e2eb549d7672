import { runProgram } from './child.ts';
import { programPath } from './requirements.ts';

export interface CurlResult {
  readonly status: number;
  /** Of all requests that it sent, a CONNECT included. Bodies are not in it. */
  readonly headBytes: number;
}

/** Runs curl through the proxy. @throws Error when it fails. */
export async function curl(proxyPort: number, args: readonly string[]): Promise<CurlResult> {
  const fixed = ['--silent', '--show-error', '--verbose', '--output', '/dev/null', '--write-out', '%{http_code}'];
  const { code, stdout, stderr } = await runProgram(programPath('curl'), [
    ...fixed,
    ...['--noproxy', '', '--proxy', `http://127.0.0.1:${proxyPort}`],
    ...args,
  ]);
  if (code !== 0) throw new Error(`curl ended with ${code}:\n${stderr}`);
  return { status: Number(stdout), headBytes: sentHeadBytes(stderr) };
}

/** curl's `--verbose` shows each header line that it sends after `> `, the empty one too. */
function sentHeadBytes(trace: string): number {
  return trace
    .split('\n')
    .filter((line) => line.startsWith('> '))
    .reduce((sum, line) => sum + line.replace(/\r$/, '').length - '> '.length + '\r\n'.length, 0);
}
