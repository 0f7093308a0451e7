import { useSyncExternalStore } from 'react';

export type Route =
  | { readonly page: 'home' }
  | { readonly page: 'gift'; readonly traceCode: string }
  | { readonly page: 'programme'; readonly section?: string }
  | { readonly page: 'data' }
  | { readonly page: 'check' }
  | { readonly page: 'unknown' };

/**
 * Untrusted: `hash`. Pages are addressed in the fragment: it works on any static web server, and the fragment, in which the
 * trace code stands, is the one part of an address that no browser sends.
 */
export function routeOf(hash: string): Route {
  const [page = '', rest, ...more] = hash.replace(/^#\/?/, '').split('/');
  if (more.length > 0) return { page: 'unknown' };
  if (page === 'gift' && rest !== undefined && rest !== '') return { page, traceCode: decoded(rest) };
  if (page === 'programme' && rest !== undefined && rest !== '') return { page, section: decoded(rest) };
  if (rest !== undefined && rest !== '') return { page: 'unknown' };
  if (page === '') return { page: 'home' };
  return page === 'programme' || page === 'check' || page === 'data' ? { page } : { page: 'unknown' };
}

export function giftAddress(traceCode: string): string {
  return `#/gift/${encodeURIComponent(traceCode)}`;
}

/** What is no encoding of anything is left as it is, and is no trace code then. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

export function useRoute(): Route {
  const hash = useSyncExternalStore(
    (changed) => {
      window.addEventListener('hashchange', changed);
      return () => window.removeEventListener('hashchange', changed);
    },
    () => window.location.hash,
  );
  return routeOf(hash);
}
