/**
 * Whether an address is the own machine's of whoever dials it: a witness there is under the hands of whoever could forge the
 * log. False for what is no address. That it is another address does not show that somebody else is behind it.
 */
export function isLoopback(url: string | undefined): boolean {
  if (url === undefined || !URL.canParse(url)) return false;
  const host = hostOf(url);
  // The parser has written every form of an IPv4 address as four decimal numbers.
  return (
    /^(.*\.)?localhost$/.test(host) || /^(127(\.\d+){3}|0\.0\.0\.0)$/.test(host) || /^(::1?|::ffff:7f.*)$/.test(host)
  );
}

/** The host of an address: lower case, without brackets and without the dot of the root. */
export function hostOf(url: string): string {
  return new URL(url).hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
}
