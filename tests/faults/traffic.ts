const START = Date.UTC(2026, 10, 23, 14, 0, 0);

/** A piece of log, and how many findings it must come to. */
export interface Piece {
  readonly text: string;
  readonly findings: number;
}

/** One upload in twenty to the vendor abroad, else somebody reading a page at home. */
export function proxyLine(number: number, random: () => number): Piece {
  return random() < 0.05 ? upload(number) : ordinary(number);
}

export function upload(number: number): Piece {
  const time = ((START + number * 37) / 1000).toFixed(3);
  const text = `${time}    151 10.1.2.3 TCP_MISS/201 312 PUT https://upload.abroad.example/in/batch-${number}.837 - HIER_DIRECT/192.0.2.9 -\n`;
  return { text, findings: 1 };
}

export function ordinary(number: number): Piece {
  const time = ((START + number * 37) / 1000).toFixed(3);
  const text = `${time}     20 10.1.2.4 TCP_MISS/200 5120 GET http://www.ordinary.example/page/${number} - HIER_DIRECT/198.51.100.7 text/html\n`;
  return { text, findings: 0 };
}

/** A login and a download: two findings. Process ids are reused, ports are not. */
export function sftpSession(number: number): Piece {
  const stamp = (ms: number) => new Date(START + number * 1000 + ms).toISOString().replace('Z', '+00:00');
  const pid = 1000 + (number % 50);
  const text = [
    `${stamp(0)} gw1 sshd[${pid}]: Accepted publickey for abroad_sftp from 192.0.2.77 port ${number} ssh2: ED25519 SHA256:AAAA\n`,
    `${stamp(1)} gw1 internal-sftp[${pid}]: session opened for local user abroad_sftp from [192.0.2.77]\n`,
    `${stamp(2)} gw1 internal-sftp[${pid}]: close "/outbound/chart.zip" bytes read ${number} written 0\n`,
    `${stamp(3)} gw1 internal-sftp[${pid}]: session closed for local user abroad_sftp from [192.0.2.77]\n`,
    `${stamp(4)} gw1 sshd[${pid + 1}]: Disconnected from user abroad_sftp 192.0.2.77 port ${number}\n`,
  ].join('');
  return { text, findings: 2 };
}
