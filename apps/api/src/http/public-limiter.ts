import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { PublicLimiter } from '@aidtrail/nest';

const MINUTE_MILLISECONDS = 60_000;
/** Addresses that are remembered; beyond that, those that have not asked for longest are forgotten. */
const MAX_ADDRESSES = 20_000;

/**
 * Counts the requests of one address, IPv6 by networks of 64 bits, over all public routes together, in this process.
 * Undefined for no limit. No route gets a hook: the guard asks, and only for public routes, so a command pays nothing.
 */
export async function createPublicLimiter(
  http: FastifyInstance,
  requestsPerMinute: number,
): Promise<PublicLimiter | undefined> {
  if (requestsPerMinute === 0) return undefined;
  await http.register(rateLimit, {
    global: false,
    max: requestsPerMinute,
    timeWindow: MINUTE_MILLISECONDS,
    cache: MAX_ADDRESSES,
  });
  const count = http.createRateLimit();
  return {
    secondsToWait: async (request) => {
      const counted = await count(request as FastifyRequest);
      return counted.isAllowed || !counted.isExceeded ? undefined : counted.ttlInSeconds;
    },
  };
}
