import 'reflect-metadata';
import * as x509 from '@peculiar/x509';
import { webcrypto } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What a node shows, and the file that a client checks it with. */
export interface NodeCertificate {
  /** PEM. */
  readonly certificate: string;
  /** PEM, PKCS #8. */
  readonly key: string;
  readonly caFile: string;
}

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const oneDay = 24 * 60 * 60 * 1000;

/** A certificate for `localhost` and 127.0.0.1, from an authority of its own that is written to `directory`. */
export async function makeNodeCertificate(directory: string): Promise<NodeCertificate> {
  x509.cryptoProvider.set(webcrypto);
  const period = { notBefore: new Date(Date.now() - oneDay), notAfter: new Date(Date.now() + oneDay) };
  const authority = await generateKeys();
  const ca = await x509.X509CertificateGenerator.createSelfSigned({
    ...period,
    name: 'CN=test authority',
    keys: authority,
    signingAlgorithm: algorithm,
    extensions: [new x509.BasicConstraintsExtension(true, undefined, true)],
  });
  const keys = await generateKeys();
  const node = await x509.X509CertificateGenerator.create({
    ...period,
    subject: 'CN=test node',
    issuer: ca.subject,
    publicKey: keys.publicKey,
    signingKey: authority.privateKey,
    signingAlgorithm: algorithm,
    extensions: [
      new x509.SubjectAlternativeNameExtension([
        { type: 'dns', value: 'localhost' },
        { type: 'ip', value: '127.0.0.1' },
      ]),
    ],
  });
  const caFile = join(directory, 'ca.crt');
  await writeFile(caFile, ca.toString('pem'));
  const key = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey);
  return { certificate: node.toString('pem'), key: x509.PemConverter.encode(key, 'PRIVATE KEY'), caFile };
}

function generateKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
}
