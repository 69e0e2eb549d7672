/** RFC 9110 section 9.3: a body in these has no meaning. */
const METHODS_WITHOUT_BODY = new Set(['GET', 'HEAD', 'CONNECT', 'TRACE', 'OPTIONS', 'DELETE']);

/**
 * The media type of what an exchange moved: that of the request body where there can be one and the log tells it, else
 * that of the reply.
 */
export function movedType(
  method: string | undefined,
  requestType: string | undefined,
  replyType: string | undefined,
): string | undefined {
  const hasBody = method !== undefined && !METHODS_WITHOUT_BODY.has(method);
  return (hasBody ? mediaType(requestType) : undefined) ?? mediaType(replyType);
}

/** Lower case, without parameters. */
function mediaType(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const semicolon = text.indexOf(';');
  const type = (semicolon === -1 ? text : text.slice(0, semicolon)).trim().toLowerCase();
  return type === '' ? undefined : type;
}
