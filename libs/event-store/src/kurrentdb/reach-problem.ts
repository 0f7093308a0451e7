/**
 * Why no node could be reached, in words: of nodes whose TLS is not as the address says, the client says the same as of
 * nodes that are down.
 */
import { isIP } from 'node:net';
import { connect } from 'node:tls';
import type { Address } from './address.js';

const probeMilliseconds = 2_000;

/** Of one node. `tls`: it is there, and its TLS is not what the address says; `network`: it is not there. */
interface Problem {
  readonly about: 'tls' | 'network';
  readonly words: string;
}

/**
 * For the first node whose TLS is not as the address says, or else the first one if none of them is there; undefined if
 * that is not the reason. Takes two seconds at most.
 */
export async function reachProblemOf({ endpoints, tls }: Address): Promise<string | undefined> {
  const problems = await Promise.all(endpoints.map((endpoint) => probe(endpoint, tls)));
  const ofTls = problems.find((problem) => problem?.about === 'tls');
  if (ofTls) return ofTls.words;
  return problems.every((problem) => problem !== undefined) ? problems[0]?.words : undefined;
}

/** A handshake also where the address says `tls=false`: a node that takes it needs the other address. */
function probe({ host, port }: Address['endpoints'][number], tls: Address['tls']): Promise<Problem | undefined> {
  const node = `${host}:${port}`;
  return new Promise((resolve) => {
    const socket = connect({
      host,
      port,
      ...(isIP(host) === 0 && { servername: host }),
      ...(tls ?? { rejectUnauthorized: false }),
      ALPNProtocols: ['h2'],
    });
    const settle = (about?: Problem['about'], words = ''): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(about && { about, words });
    };
    // Not the socket's own: looking up a name may take longer.
    const timer = setTimeout(() => settle(), probeMilliseconds);
    socket.once('secureConnect', () => {
      if (tls) settle();
      else settle('tls', `${node} speaks TLS; its address needs tls=true`);
    });
    // More may follow what was settled.
    socket.on('error', ({ code = '' }: NodeJS.ErrnoException) => {
      if (code === 'ECONNREFUSED') settle('network', `${node} refused the connection (${code})`);
      else if (isAboutNames(code)) settle('network', `the host ${host} is not known (${code})`);
      else if (!tls) settle();
      else if (isAboutCertificates(code)) settle('tls', `the certificate of ${node} is not trusted (${code})`);
      else if (isAboutProtocol(code))
        settle('tls', `${node} does not speak TLS (${code}); its address needs tls=false`);
      else settle();
    });
  });
}

function isAboutNames(code: string): boolean {
  return code === 'ENOTFOUND' || code === 'EAI_AGAIN';
}

/** Codes that Node gives after OpenSSL's verification, and its own for a name that does not match. */
function isAboutCertificates(code: string): boolean {
  return /CERT|UNABLE_TO_|SELF_SIGNED|INVALID_(?:CA|PURPOSE)|ERR_TLS_/.test(code);
}

function isAboutProtocol(code: string): boolean {
  return code === 'EPROTO' || code.startsWith('ERR_SSL_');
}
