import { join, resolve } from 'node:path';
import { AidtrailClient } from '@aidtrail/client';
import { IdentityProblem } from '@aidtrail/nest';
import { clearDemoFolder, FolderProblem } from './data-folder.js';
import { Narrator, type Screen } from './narrator.js';
import { openingDay } from './places.js';
import { seededRandom, systemRandom } from './random.js';
import { untilAllIsOut, untilPublished } from './reads.js';
import { playStory } from './scenario.js';
import { startDemoServer, type DemoServer } from './server.js';
import { smallStory, wholeStory } from './size.js';
import type { Story } from './story.js';
import { summarise, summaryLines, type DemoSummary } from './summary.js';
import { UnexpectedAnswer, type World } from './world.js';

export interface DemoOptions {
  /** Removed first if it holds an earlier demo. */
  readonly dataDirectory: string;
  /** The first port to try; the next free one is taken. 0: any. */
  readonly port: number;
  /** Shut down after the summary instead of serving on. */
  readonly once: boolean;
  /** The summary as JSON on `output`, the story on `screen` as ever. */
  readonly json: boolean;
  /** All random numbers come from seeds and everything happens in one order, so that every run has the same leaves. */
  readonly deterministic: boolean;
  /** A fifth of the people. */
  readonly small?: boolean;
  /** An empty KurrentDB for the events; only with `deterministic`. */
  readonly storeUrl?: string | undefined;
  readonly output: Screen;
  /** Where the story is told; with `json` this should be standard error. */
  readonly screen: Screen;
  /** Ends the story or the serving (Ctrl-C). */
  readonly stop: AbortSignal;
}

/**
 * Plays one programme through the HTTP API and shows what became of the money. Resolves to the exit code: 0; 1 if the
 * ledger answered otherwise than the story says, a check failed, or it was stopped before the end; 2 if it could not begin.
 */
export async function runDemo(options: DemoOptions): Promise<0 | 1 | 2> {
  const narrator = new Narrator(options.screen);
  const folder = resolve(options.dataDirectory);
  let server: DemoServer | undefined;
  try {
    narrator.line('aidtrail demo: one relief programme, start to end. All names and numbers are invented.');
    if (await clearDemoFolder(folder)) narrator.line(`The earlier demo in ${options.dataDirectory} was removed.`);
    server = await startDemoServer({
      dataDirectory: folder,
      port: options.port,
      deterministic: options.deterministic,
      storeUrl: options.storeUrl,
    });
    const { story, summary } = await play(options, narrator, server);
    if (options.json) options.output.write(`${JSON.stringify(summary, undefined, 2)}\n`);
    else for (const line of summaryLines(summary, story)) options.output.write(`${line}\n`);
    const holds = summary.invariants.every((invariant) => invariant.holds);
    if (!options.once) await serveOn(options, narrator, { server, story });
    return holds ? 0 : 1;
  } catch (fault) {
    const ending = endingOf(fault, options.stop);
    if (ending === undefined) throw fault;
    narrator.line(`\n✘ ${ending.message}`);
    return ending.code;
  } finally {
    await server?.close();
  }
}

async function play(
  options: DemoOptions,
  narrator: Narrator,
  server: DemoServer,
): Promise<{ readonly story: Story; readonly summary: DemoSummary }> {
  const entropy = options.deterministic ? seededRandom('aidtrail demo keys') : systemRandom();
  const client = new AidtrailClient({
    baseUrl: server.url,
    randomBytes: (length) => entropy.bytes(length),
    randomUuid: () => entropy.uuid(),
  });
  const world: World = {
    client,
    baseUrl: server.url,
    story: seededRandom('aidtrail demo story'),
    entropy,
    narrator,
    stop: options.stop,
    steps: server.steps,
    day: openingDay,
  };
  narrator.line(`Ledger ${server.origin} at ${server.url}`);
  const names = server.witnesses.map(({ name }) => name).join(', ');
  narrator.line(
    `Three witnesses cosign its checkpoints, two are needed: ${names}. They run beside it: not independent.`,
  );
  narrator.line('Its calendar is free (AIDTRAIL_CALENDAR=free): the days of the story do not wait for the clock.');
  // What the first commands are anchored to must not depend on how fast leaf 0 is published.
  if (options.deterministic) await untilPublished(world, 1);
  else await client.refresh();
  const story = await playStory(world, server.keys, options.small === true ? smallStory : wholeStory);
  // Settlements come last, which no checkpoint waits with.
  const logSize = await untilAllIsOut(world);
  return { story, summary: await summarise(world, story, { origin: server.origin, logSize }) };
}

async function serveOn(
  options: DemoOptions,
  narrator: Narrator,
  { server, story }: { readonly server: DemoServer; readonly story: Story },
): Promise<void> {
  narrator.heading('The ledger goes on serving. Look around:');
  narrator.lines(
    [
      `the public site: ${server.url}/`,
      `the company’s gift: ${server.url}/#/gift/${story.gifts.company}`,
      `one 1-yuan gift: ${server.url}/#/gift/${story.gifts.single}`,
      `curl -s ${server.url}/ledger`,
      `curl -s ${server.url}/public/figures`,
      `curl -s ${server.url}/log/witnessed-checkpoint`,
      `curl -s ${server.url}/log/status`,
      `curl -s '${server.url}/events?from=0&limit=3'`,
      `data: ${options.dataDirectory}`,
      `the public log as files: ${join(options.dataDirectory, 'log')} (python3 tools/check-log.py checks them)`,
      'Ctrl-C stops it.',
    ],
    '   ',
  );
  await new Promise<void>((done) => {
    if (options.stop.aborted) done();
    else options.stop.addEventListener('abort', () => done(), { once: true });
  });
}

/** What a fault means for whoever started the demo; undefined for what should not happen at all. */
function endingOf(fault: unknown, stop: AbortSignal): { readonly code: 1 | 2; readonly message: string } | undefined {
  if (stop.aborted) return { code: 1, message: 'Stopped before the end of the story.' };
  if (fault instanceof UnexpectedAnswer) return { code: 1, message: fault.message };
  if (fault instanceof FolderProblem || fault instanceof IdentityProblem) return { code: 2, message: fault.message };
  return undefined;
}
