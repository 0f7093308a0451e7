import { isIP } from 'node:net';
import { resolve } from 'node:path';
import { z } from 'zod';

/** Everything that an operator can set. Nothing else reads the environment. */
export interface Config {
  /** Absolute: keys, erasure list and, without `databaseUrl`, the database. */
  readonly dataDirectory: string;
  /** PostgreSQL to use instead of the embedded one. */
  readonly databaseUrl?: string;
  /** KurrentDB for the events instead of PostgreSQL, which then keeps all that is made from them. */
  readonly storeUrl?: string;
  readonly host: string;
  /** 0 means any free port. */
  readonly port: number;
  /** Length of a publication slot; see "No timestamps by the back door" in the domain page. */
  readonly slotMilliseconds: number;
  /**
   * What this process does. `api`: takes commands and answers. `projector`: read models, policies, checkpoints, publishing
   * and witnesses, while it is the one that leads. `all`: both. Several processes may share a database, in any mixture.
   */
  readonly role: Role;
  /** Threads for signing and verifying in bulk. */
  readonly workers: number;
  readonly logLevel: LogLevel;
  /**
   * `clock`: no day begins in the ledger before it has begun where the ledger is. `free`: for a demo that plays months in
   * seconds; no ledger but one that says `demo` in leaf 0 starts with it.
   */
  readonly calendar: Calendar;
  /** How often a minute one address may ask the public routes; 0: as often as it likes. */
  readonly publicRequestsPerMinute: number;
  /** Addresses or networks whose `X-Forwarded-For` is believed: the web servers in front. */
  readonly trustedProxies: readonly string[];
  /** Holds the token of the operator's monitor; without it nobody sees what moves with each event. */
  readonly monitorTokenFile?: string | undefined;
  /** Where the public site reads the log's files, ending in `/`, if another host serves them: so that two have to lie. */
  readonly logUrl?: string | undefined;
  /** A file with the names of counties, for the public site; see `division-names.ts`. Absolute. */
  readonly divisionNames?: string | undefined;
}

export type Calendar = 'clock' | 'free';

export const roles = ['all', 'api', 'projector'] as const;
export type Role = (typeof roles)[number];

const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

/** Settings given on the command line; they win over the environment. */
export type ConfigOverrides = { readonly [K in keyof Config]?: Config[K] | undefined };

/** What is wrong with the settings, one sentence each, naming the variable and not its value. */
export class ConfigProblem extends Error {
  override readonly name = 'ConfigProblem';

  constructor(readonly problems: readonly string[]) {
    super(problems.join('\n'));
  }
}

/** Reads and checks the settings, all at once. Throws `ConfigProblem`. */
export function loadConfigOrThrow(
  overrides: ConfigOverrides = {},
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Config {
  const parsed = variables.safeParse(environment);
  if (!parsed.success) {
    throw new ConfigProblem(parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`));
  }
  const given = parsed.data;
  const databaseUrl = overrides.databaseUrl ?? given.DATABASE_URL;
  const role = overrides.role ?? given.AIDTRAIL_ROLE;
  if (role !== 'all' && databaseUrl === undefined)
    throw new ConfigProblem([
      `AIDTRAIL_ROLE: ${role} shares its database with other processes, so DATABASE_URL must name one`,
    ]);
  const logUrl = overrides.logUrl ?? given.AIDTRAIL_LOG_URL;
  const divisionNames = overrides.divisionNames ?? given.AIDTRAIL_DIVISION_NAMES;
  const storeUrl = overrides.storeUrl ?? given.AIDTRAIL_STORE;
  const monitorTokenFile = overrides.monitorTokenFile ?? given.AIDTRAIL_MONITOR_TOKEN_FILE;
  return {
    dataDirectory: resolve(overrides.dataDirectory ?? given.AIDTRAIL_DATA),
    ...(databaseUrl === undefined ? {} : { databaseUrl }),
    ...(storeUrl === undefined ? {} : { storeUrl }),
    host: overrides.host ?? given.AIDTRAIL_HOST,
    port: overrides.port ?? given.AIDTRAIL_PORT,
    slotMilliseconds: overrides.slotMilliseconds ?? given.AIDTRAIL_PUBLISH_EVERY,
    role,
    workers: overrides.workers ?? given.AIDTRAIL_WORKERS,
    logLevel: overrides.logLevel ?? given.AIDTRAIL_LOG_LEVEL,
    calendar: overrides.calendar ?? given.AIDTRAIL_CALENDAR,
    publicRequestsPerMinute: overrides.publicRequestsPerMinute ?? given.AIDTRAIL_PUBLIC_REQUESTS_PER_MINUTE,
    trustedProxies: overrides.trustedProxies ?? given.AIDTRAIL_TRUSTED_PROXIES,
    ...(monitorTokenFile === undefined ? {} : { monitorTokenFile: resolve(monitorTokenFile) }),
    ...(logUrl === undefined ? {} : { logUrl }),
    ...(divisionNames === undefined ? {} : { divisionNames: resolve(divisionNames) }),
  };
}

/** Only where the events go, for a demo, which takes nothing else from the environment. Throws `ConfigProblem`. */
export function storeUrlOrThrow(
  environment: Readonly<Record<string, string | undefined>> = process.env,
): string | undefined {
  const parsed = variables.pick({ AIDTRAIL_STORE: true }).safeParse(environment);
  if (parsed.success) return parsed.data.AIDTRAIL_STORE;
  throw new ConfigProblem(parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`));
}

/** `500ms`, `1s`, `15m` or `1h` in milliseconds; undefined for anything else. */
export function parseDuration(text: string): number | undefined {
  const [, digits, unit] = /^([1-9]\d{0,8})(ms|s|m|h)$/.exec(text) ?? [];
  return digits === undefined ? undefined : Number(digits) * { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 }[unit as 's'];
}

export const LONGEST_SLOT_MILLISECONDS = 86_400_000;

const duration = z.string().transform((text, context) => {
  const milliseconds = parseDuration(text);
  if (milliseconds !== undefined && milliseconds <= LONGEST_SLOT_MILLISECONDS) return milliseconds;
  context.addIssue({ code: 'custom', message: 'write a length of time such as 1s or 15m, at most 24h' });
  return z.NEVER;
});

const wholeNumber = (bounds: { readonly min: number; readonly max: number }) =>
  z
    .string()
    .regex(/^\d{1,9}$/, 'write a whole number')
    .transform(Number)
    .refine(
      (value) => value >= bounds.min && value <= bounds.max,
      `write a number from ${bounds.min} to ${bounds.max}`,
    );

const addresses = z
  .string()
  .transform((text) => text.split(',').map((part) => part.trim()))
  .refine((parts) => parts.every(isAddressOrNetwork), 'write addresses such as 127.0.0.1 or 10.0.0.0/8, with commas');

function isAddressOrNetwork(text: string): boolean {
  const [address, bits, more] = text.split('/');
  const version = isIP(address ?? '');
  if (version === 0 || more !== undefined) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128));
}

const variables = z.object({
  AIDTRAIL_DATA: z.string().min(1, 'name a directory').default('data/main'),
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'write postgres://user:password@host:port/database')
    .optional(),
  AIDTRAIL_STORE: z
    .string()
    .regex(/^esdb(\+discover)?:\/\//, 'write esdb://user:password@host:port?tls=true&tlsCAFile=…')
    .optional(),
  AIDTRAIL_HOST: z.string().min(1, 'name a host or address').default('127.0.0.1'),
  AIDTRAIL_PORT: wholeNumber({ min: 0, max: 65_535 }).default(7420),
  AIDTRAIL_PUBLISH_EVERY: duration.default(900_000),
  AIDTRAIL_ROLE: z.enum(roles, 'one of all, api, projector').default('all'),
  AIDTRAIL_WORKERS: wholeNumber({ min: 1, max: 64 }).default(1),
  AIDTRAIL_LOG_LEVEL: z.enum(logLevels, 'one of fatal, error, warn, info, debug, trace, silent').default('info'),
  AIDTRAIL_CALENDAR: z.enum(['clock', 'free'], 'clock or free').default('clock'),
  AIDTRAIL_PUBLIC_REQUESTS_PER_MINUTE: wholeNumber({ min: 0, max: 1_000_000 }).default(600),
  AIDTRAIL_TRUSTED_PROXIES: addresses.default([]),
  AIDTRAIL_MONITOR_TOKEN_FILE: z.string().min(1, 'name a file').optional(),
  AIDTRAIL_LOG_URL: z
    .string()
    .regex(/^https?:\/\/[^\s?#]+\/$/, 'write the address of the log’s files, such as https://log.example/relief/')
    .refine((url) => URL.canParse(url), 'write an address that can be asked')
    .optional(),
  AIDTRAIL_DIVISION_NAMES: z.string().min(1, 'name a file').optional(),
});

/** Every variable of the environment that is read, for what must agree with it: documentation and deployment files. */
export const variableNames: readonly string[] = Object.keys(variables.shape);
