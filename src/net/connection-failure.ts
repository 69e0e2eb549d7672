/** What went wrong below HTTP. */
export interface ConnectionFailure {
  /** A certificate that is refused is refused again. */
  readonly isCertificate: boolean;
  readonly because: string;
}

/** In words. Messages of the network's own are not repeated: they quote what was sent. */
export function describeConnectionFailure(error: unknown): ConnectionFailure {
  const code = codeOf(error);
  const certificate = CERTIFICATES[code];
  if (certificate !== undefined)
    return { isCertificate: true, because: `the server's certificate is refused (${certificate})` };
  return { isCertificate: false, because: CONNECTIONS[code] ?? `the connection failed (${code})` };
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown error';
  if ('code' in error && typeof error.code === 'string') {
    const isWrapped = error.code === 'UND_ERR_SOCKET' && error.cause !== undefined;
    return isWrapped ? codeOf(error.cause) : error.code;
  }
  return error.cause === undefined ? error.name : codeOf(error.cause);
}

const CONNECTIONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nobody listens there',
  ECONNRESET: 'the connection was cut',
  EPIPE: 'the connection was cut',
  UND_ERR_SOCKET: 'the connection was cut',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'the answer is shorter than announced',
  UND_ERR_CONNECT_TIMEOUT: 'the server cannot be reached in time',
  UND_ERR_HEADERS_TIMEOUT: 'the server does not answer in time',
  UND_ERR_BODY_TIMEOUT: 'the answer came to a stop',
  UND_ERR_ABORTED: 'the proxy refuses to connect',
  ENOTFOUND: "the server's name is not known",
  EAI_AGAIN: "the server's name cannot be looked up now",
  ENETUNREACH: 'the network cannot be reached',
  EHOSTUNREACH: 'the server cannot be reached',
};

const CERTIFICATES: Readonly<Record<string, string>> = {
  UNABLE_TO_GET_ISSUER_CERT: 'its issuer is not known',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its issuer is not known',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its issuer is not known',
  SELF_SIGNED_CERT_IN_CHAIN: 'its issuer is not known',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'it is signed by itself',
  CERT_HAS_EXPIRED: 'it has expired',
  CERT_NOT_YET_VALID: 'it is not valid yet',
  ERR_TLS_CERT_ALTNAME_INVALID: 'it is for another name',
};
