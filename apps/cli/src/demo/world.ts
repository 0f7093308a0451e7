import { Refused, type AidtrailClient, type CommandReceipt, type Problem } from '@aidtrail/client';
import type { AnyCommand } from '@aidtrail/domain';
import type { JsonObject, JsonValue, SignedCommand, Signer } from '@aidtrail/envelope';
import type { Narrator, Progress } from './narrator.js';
import type { Random } from './random.js';
import type { Steps } from './steps.js';

/** What every act of the story works with. */
export interface World {
  readonly client: AidtrailClient;
  readonly baseUrl: string;
  /** For a ledger that is no demo: what it wants to see before it tells how many events it has. */
  readonly monitorToken?: string | undefined;
  /** Makes what is told: who comes, what is bought. Always from the same seed, so that every run has the same totals. */
  readonly story: Random;
  /** Makes keys, ids and salts. */
  readonly entropy: Random;
  readonly narrator: Narrator;
  /** Aborted when somebody wants the story to end before its end. */
  readonly stop: AbortSignal;
  /** One thing after the other, if the demo is deterministic. */
  readonly steps?: Steps | undefined;
  /** The ledger's local day, YYYY-MM-DD. */
  day: string;
}

type WithoutId<C> = C extends AnyCommand ? Omit<C, 'id'> & { readonly id?: string } : never;
/** Any command, typed by its table entry; the id is made up if it is left out. */
export type Order = WithoutId<AnyCommand>;

/** The ledger refused what the story says it accepts: a bug, here or there. */
export class UnexpectedAnswer extends Error {
  override readonly name = 'UnexpectedAnswer';
}

/** Signs and hands in one command. Throws `UnexpectedAnswer` with the command's type and the code if it is refused. */
export async function submit(world: World, signers: readonly Signer[], order: Order): Promise<CommandReceipt> {
  const receipt = await handIn(world, signers, order);
  await world.steps?.rest();
  return receipt;
}

async function handIn(world: World, signers: readonly Signer[], order: Order): Promise<CommandReceipt> {
  world.stop.throwIfAborted();
  try {
    return await world.client.submit(toBuild(order), signers);
  } catch (fault) {
    if (fault instanceof Refused) throw unexpected(order.type, fault.problem);
    throw fault;
  }
}

/** Hands in a command that has to be refused with this code, and shows the refusal. */
export async function expectRefusal(
  world: World,
  attempt: {
    readonly title: string;
    readonly code: string;
    readonly signers: readonly Signer[];
    readonly order: Order;
  },
): Promise<void> {
  try {
    await world.client.submit(toBuild(attempt.order), attempt.signers);
  } catch (fault) {
    if (!(fault instanceof Refused)) throw fault;
    if (fault.problem.code !== attempt.code) throw unexpected(attempt.order.type, fault.problem, attempt.code);
    world.narrator.refused(attempt.title, fault.problem);
    return;
  }
  throw new UnexpectedAnswer(`${attempt.order.type} was accepted; the story expects the refusal ${attempt.code}.`);
}

/** One command with those who sign it, for bulk work. */
export interface SignedOrder {
  readonly order: Order;
  readonly signers: readonly Signer[];
}

/**
 * Hands in many commands that do not depend on each other; the receipts come in the order given. Throws
 * `UnexpectedAnswer` if one of them is refused.
 */
export async function submitMany(
  world: World,
  orders: readonly SignedOrder[],
  progress?: Progress,
): Promise<readonly CommandReceipt[]> {
  const receipts: CommandReceipt[] = [];
  const { steps } = world;
  for (let from = 0; from < orders.length; from += CHUNK) {
    world.stop.throwIfAborted();
    const chunk = orders.slice(from, from + CHUNK);
    receipts.push(...(steps === undefined ? await handInTogether(world, chunk) : await handInSingly(world, chunk)));
    await steps?.rest();
    progress?.(receipts.length, orders.length);
  }
  return receipts;
}

const CHUNK = 500;

/** As one bulk, whose commands the ledger handles side by side. */
async function handInTogether(world: World, chunk: readonly SignedOrder[]): Promise<readonly CommandReceipt[]> {
  const signed: SignedCommand[] = [];
  for (const { order, signers } of chunk) signed.push(await world.client.build(toBuild(order), signers));
  const results = await world.client.sendBulk(signed);
  if (results.length !== chunk.length) throw new UnexpectedAnswer('A bulk answer has another number of lines.');
  return results.map((result, i) => {
    if (!('event' in result)) throw unexpected((chunk[i] as SignedOrder).order.type, result);
    return result;
  });
}

async function handInSingly(world: World, chunk: readonly SignedOrder[]): Promise<readonly CommandReceipt[]> {
  const receipts: CommandReceipt[] = [];
  for (const { order, signers } of chunk) receipts.push(await handIn(world, signers, order));
  return receipts;
}

/** Asks again and again until the answer is there. Throws after a minute, naming what was waited for. */
export async function until<T>(what: string, probe: () => Promise<T | undefined>): Promise<T> {
  for (let attempt = 0; attempt < MAX_PROBES; attempt += 1) {
    const found = await probe();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, PROBE_MILLISECONDS));
  }
  throw new UnexpectedAnswer(`Waited in vain for ${what}.`);
}

const PROBE_MILLISECONDS = 50;
const MAX_PROBES = 1_200;

/** A moment of the story's day, as tills and phones report it: UTC in whole seconds. */
export function momentOf(world: World, hour: number): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${world.day}T${two(hour)}:${two(world.story.below(60))}:${two(world.story.below(60))}Z`;
}

function toBuild(order: Order): {
  readonly type: string;
  readonly id?: string;
  readonly data: JsonObject;
  readonly privateFields?: Readonly<Record<string, JsonValue>>;
} {
  const fields = 'private' in order ? (order.private as Readonly<Record<string, JsonValue>>) : undefined;
  return {
    type: order.type,
    data: order.data,
    ...(order.id === undefined ? {} : { id: order.id }),
    ...(fields === undefined ? {} : { privateFields: fields }),
  };
}

function unexpected(type: string, problem: Problem, expected?: string): UnexpectedAnswer {
  const wanted = expected === undefined ? '' : ` The story expects ${expected}.`;
  return new UnexpectedAnswer(`${type} was refused: ${problem.code}. ${problem.en}${detailOf(problem)}${wanted}`);
}

function detailOf(problem: Problem): string {
  return problem.detail === undefined || problem.detail === problem.en ? '' : ` ${problem.detail}`;
}
