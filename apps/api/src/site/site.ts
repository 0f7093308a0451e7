import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { brotliCompress, gzip } from 'node:zlib';
import type { DivisionNames } from '@aidtrail/nest';

/** One file of the public site, ready to be sent. */
export interface SiteFile {
  readonly type: string;
  readonly bytes: Buffer;
  readonly cacheControl: string;
  /** Strong, of the bytes before they are encoded. */
  readonly etag: string;
  /** By content coding; left out where it would not be smaller. */
  readonly encoded: Readonly<Partial<Record<'br' | 'gzip', Buffer>>>;
}

/** The public site in memory: a request looks its path up and touches no disk. */
export interface Site {
  /** By path without the first slash. Empty where the site was not built. */
  readonly files: ReadonlyMap<string, SiteFile>;
  readonly contentSecurityPolicy: string;
}

/** Injection token of `Site`. */
export const SITE = Symbol('SITE');

/** Where the build puts the portal; the same from the sources and from what is compiled. */
export const portalFolder = fileURLToPath(new URL('../../../portal/dist/', import.meta.url));

const types: Readonly<Record<string, string>> = {
  css: 'text/css; charset=utf-8',
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  json: 'application/json; charset=utf-8',
  svg: 'image/svg+xml',
};

/** What the pages call counties, by code. */
const DIVISION_NAMES = 'division-names.json';
/** Names of files below assets/ change with their content. */
const FOREVER = 'public, max-age=31536000, immutable';
const ASK_AGAIN = 'no-cache';

const [compressBrotli, compressGzip] = [promisify(brotliCompress), promisify(gzip)];

export interface SiteSettings {
  /** Where its pages read the log instead of from this server; it must be an address. */
  readonly logUrl?: string | undefined;
  /** Default: those of the folder, which has none of its own. */
  readonly divisionNames?: DivisionNames | undefined;
}

/** Reads the site, and puts the operator's settings in the place of those that were built. */
export async function loadSite(folder: string, settings: SiteSettings = {}): Promise<Site> {
  const { logUrl, divisionNames } = settings;
  const paths = await pathsUnder(folder);
  const files = await Promise.all(
    paths.map(async (path): Promise<[string, SiteFile]> => {
      const bytes = await readFile(join(folder, path));
      if (path === 'portal.json' && logUrl !== undefined)
        return [path, await siteFile(path, withLogUrl(bytes, logUrl))];
      if (path === DIVISION_NAMES && divisionNames !== undefined)
        return [path, await siteFile(path, Buffer.from(JSON.stringify(divisionNames)))];
      return [path, await siteFile(path, bytes)];
    }),
  );
  return { files: new Map(files), contentSecurityPolicy: policyOf(logUrl) };
}

/** Everything from this host and nothing inline; only the log may lie elsewhere. */
function policyOf(logUrl: string | undefined): string {
  const connect = logUrl === undefined ? "'self'" : `'self' ${new URL(logUrl).origin}`;
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    `connect-src ${connect}`,
    "worker-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

async function siteFile(path: string, bytes: Buffer): Promise<SiteFile> {
  const [br, gz] = await Promise.all([compressBrotli(bytes), compressGzip(bytes)]);
  const smaller = (one: Buffer): boolean => one.length < bytes.length;
  return {
    type: types[path.slice(path.lastIndexOf('.') + 1)] ?? 'application/octet-stream',
    bytes,
    cacheControl: path.startsWith('assets/') ? FOREVER : ASK_AGAIN,
    etag: `"${createHash('sha256').update(bytes).digest('base64url')}"`,
    encoded: { ...(smaller(br) ? { br } : {}), ...(smaller(gz) ? { gzip: gz } : {}) },
  };
}

function withLogUrl(settings: Buffer, logUrl: string): Buffer {
  return Buffer.from(JSON.stringify({ ...(JSON.parse(settings.toString()) as object), log: logUrl }));
}

async function pathsUnder(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true }).catch((fault: unknown) => {
    if ((fault as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw fault;
  });
  return entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => relative(folder, join(parentPath, name)).split(sep).join('/'));
}
