/**
 * A media type in lower case and without parameters, as records have it; `undefined` for what is no `type/subtype`
 * (RFC 9110 section 8.3.1), such as a product's own word for a kind of content.
 */
export function typeAndSubtype(text: string | undefined): string | undefined {
  if (text === undefined || text.length > LONGEST) return undefined;
  const semicolon = text.indexOf(';');
  const type = (semicolon === -1 ? text : text.slice(0, semicolon)).trim().toLowerCase();
  return /^[^\s/]+\/[^\s/]+$/.test(type) ? type : undefined;
}

const LONGEST = 512;
