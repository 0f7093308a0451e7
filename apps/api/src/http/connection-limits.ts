/** How long and how often a sender may keep this process busy. Numbers of connections, milliseconds. */
export interface ConnectionLimits {
  /** At once; one more is closed unheard. Each costs memory, also before anybody knows whose it is. */
  readonly connections: number;
  /** From the first byte, or from opening the connection, to the end of a request's head. */
  readonly headMilliseconds: number;
  /** In the middle of a request or of an answer without a byte either way: longer than the longest silent work. */
  readonly silentMilliseconds: number;
  /** Between one request and the next. */
  readonly keepAliveMilliseconds: number;
  /** A whole request, also a bulk upload. */
  readonly requestMilliseconds: number;
}

export const REQUEST_MILLISECONDS = 600_000;

/** A body of at most 128 KiB, which anybody may send. */
export const SMALL_BODY_MILLISECONDS = 30_000;

/** Not settings: what fits a machine in front of it belongs into the web server there. docs/operations.md names them. */
export const connectionLimits: ConnectionLimits = {
  connections: 2_048,
  headMilliseconds: 15_000,
  silentMilliseconds: 300_000,
  keepAliveMilliseconds: 72_000,
  requestMilliseconds: REQUEST_MILLISECONDS,
};

/** As options of the HTTP server; `connections` is set on the server itself. */
export function serverOptions(limits: ConnectionLimits) {
  return {
    connectionTimeout: limits.silentMilliseconds,
    keepAliveTimeout: limits.keepAliveMilliseconds,
    requestTimeout: limits.requestMilliseconds,
    http: {
      headersTimeout: limits.headMilliseconds,
      // How often they are looked through for those that are late.
      connectionsCheckingInterval: Math.min(5_000, limits.headMilliseconds),
    },
  };
}
