import { setFlagsFromString } from 'node:v8';
import { Worker } from 'node:worker_threads';
import type { ProjectionFaultTold, ProjectionSetup } from './projection-worker.js';

const PAUSE_MILLISECONDS = 500;
/** What a batch of events leaves behind dies here; with less room much of it would be copied about first. */
const YOUNG_GENERATION_MB = 192;
/**
 * V8 marks the whole heap again and again while its old generation has less room left than the young one takes, with
 * helper threads that take the processors from the tills. There is no resource limit for where it begins; the flag is read
 * when a thread's heap is made.
 */
const OLD_GENERATION_FLAG = '--initial-old-space-size=512';

/**
 * Keeps the read models up to date in a thread of their own, so that no transaction over twenty tables makes a till wait,
 * until the signal aborts. Outages are waited out; rejects when only an operator can help.
 */
export async function runProjection(
  setup: ProjectionSetup,
  options: { readonly signal: AbortSignal; readonly onFault: (fault: unknown) => void },
): Promise<void> {
  const { signal, onFault } = options;
  while (!signal.aborted) {
    const failure = await oneRun(setup, signal, onFault);
    if (failure === undefined) return;
    if (!failure.transient) throw errorOf(failure);
    onFault(errorOf(failure));
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MILLISECONDS));
  }
}

/** Resolves when the thread has ended, with the reason if it was not told to. */
async function oneRun(
  setup: ProjectionSetup,
  signal: AbortSignal,
  onFault: (fault: unknown) => void,
): Promise<ProjectionFaultTold | undefined> {
  setFlagsFromString(OLD_GENERATION_FLAG);
  // Built JavaScript also when this module itself runs from src, as in tests.
  const worker = new Worker(new URL('../../dist/system/projection-worker.js', import.meta.url), {
    workerData: setup,
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION_MB },
  });
  const stop = (): void => worker.postMessage('stop');
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  let failure: ProjectionFaultTold | undefined;
  worker.on('message', (told: ProjectionFaultTold) => {
    if (told.kind === 'failed') failure = told;
    else onFault(errorOf(told));
  });
  try {
    await new Promise<void>((resolve, reject) => {
      worker.once('error', reject);
      worker.once('exit', () => resolve());
    });
    return failure;
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

function errorOf({ name, code, stack }: ProjectionFaultTold): Error {
  const error: Error & { code?: string } = new Error(
    `The read models: ${name}${code === undefined ? '' : ` (${code})`}`,
  );
  error.name = name;
  if (code !== undefined) error.code = code;
  if (stack !== undefined) error.stack = stack;
  return error;
}
