/**
 * Why no node of a cluster could be reached, when it is their certificates: the client then says only that it discovered
 * nothing, as it does of nodes that are down.
 */
import { isIP } from 'node:net';
import { connect } from 'node:tls';
import type { Address } from './address.js';

const probeMilliseconds = 2_000;

/** In words, for the first node whose certificate is not trusted; undefined if that is not the reason, or without TLS. */
export async function tlsProblemOf({ endpoints, tls }: Address): Promise<string | undefined> {
  if (tls === undefined) return undefined;
  const problems = await Promise.all(endpoints.map((endpoint) => probe(endpoint, tls)));
  return problems.find((problem) => problem !== undefined);
}

function probe(
  { host, port }: Address['endpoints'][number],
  tls: { readonly ca?: Buffer },
): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect({
      host,
      port,
      ...(isIP(host) === 0 && { servername: host }),
      ...tls,
      ALPNProtocols: ['h2'],
    });
    const settle = (problem?: string): void => {
      socket.destroy();
      resolve(problem);
    };
    socket.setTimeout(probeMilliseconds, () => settle());
    socket.once('secureConnect', () => settle());
    socket.once('error', ({ code = '' }: NodeJS.ErrnoException) => {
      if (isAboutCertificates(code)) settle(`the certificate of ${host}:${port} is not trusted (${code})`);
      else if (isAboutProtocol(code))
        settle(`${host}:${port} does not speak TLS (${code}); its address needs tls=false`);
      else settle();
    });
  });
}

/** Codes that Node gives after OpenSSL's verification, and its own for a name that does not match. */
function isAboutCertificates(code: string): boolean {
  return /CERT|UNABLE_TO_|SELF_SIGNED|INVALID_(?:CA|PURPOSE)|ERR_TLS_/.test(code);
}

function isAboutProtocol(code: string): boolean {
  return code === 'EPROTO' || code.startsWith('ERR_SSL_');
}
