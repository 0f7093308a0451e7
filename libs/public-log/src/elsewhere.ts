/**
 * Whether a witness's address can belong to somebody else than whoever runs the log. One on the ledger's own machine or inside
 * its network is under the hands of whoever could forge the log, and so is none at all. `own`: hosts of the ledger, origins of its
 * logs or addresses of what it serves; only their host is looked at. True does not show that somebody else is behind the address; false, that nobody need be.
 */
export function canBeElsewhere(url: string | undefined, own: readonly string[]): boolean {
  if (url === undefined || !/^https?:/i.test(url) || !URL.canParse(url)) return false;
  const host = hostOf(new URL(url));
  return !isInside(host) && !own.some((one) => ownHost(one) === host);
}

/** Nobody outside reaches it: of one machine, of one network, or without a domain, as services of one composition are. */
function isInside(host: string): boolean {
  if (host.includes(':')) return INSIDE_IPV6.test(host);
  if (/^\d+(\.\d+){3}$/.test(host)) return INSIDE_IPV4.test(host);
  return !host.includes('.') || /\.(local|internal|localhost|home\.arpa)$/.test(host);
}

/** This machine, private, link-local and behind a carrier's NAT. */
const INSIDE_IPV4 =
  /^(0|10|127)\.|^192\.168\.|^169\.254\.|^172\.(1[6-9]|2\d|3[01])\.|^100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\./;

/** ::/96 (this machine), link-local and unique-local. */
const INSIDE_IPV6 = /^::([0-9a-f]{1,4}(:[0-9a-f]{1,4})?)?$|^fe[89ab][0-9a-f]:|^f[cd][0-9a-f]{2}:/;

/**
 * Lower case, without brackets, port and the dot of the root. The parser has written every form of an IPv4 address as four
 * decimal numbers; one inside of IPv6 is written so here.
 */
function hostOf({ hostname }: URL): string {
  const host = hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
  const [, high, low] = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(host) ?? [];
  if (high === undefined || low === undefined) return host;
  return [high, low].flatMap((word) => [parseInt(word, 16) >> 8, parseInt(word, 16) & 255]).join('.');
}

/** An IPv6 address may stand without brackets. */
function ownHost(text: string): string | undefined {
  const rest = text.replace(/^https?:\/\//i, '');
  const url = [`http://${rest}`, `http://[${rest}]`].find((one) => URL.canParse(one));
  return url && hostOf(new URL(url));
}
