import { base64Encode, MalformedInput, parseLeafOrThrow, sha256, utf8Encode, type Leaf } from '@aidtrail/envelope';
import { readEntryOrThrow, TILE_WIDTH } from '@aidtrail/public-log';
import type { CheckOutcome } from './check-gift.js';
import { entryStep, signatureStep } from './entry-steps.js';
import { openLog, type CheckTools, type Ground } from './open-log.js';
import { LogUnreachable, type ReadFile } from './read-log.js';
import { step } from './step.js';

/** The figures that the page shows. */
export interface FiguresClaim {
  /** The document as it was sent. */
  readonly document: string;
  /** How many leaves it counts: the index of the leaf that marks its cut. */
  readonly treeSize: number;
}

/** Entries after a cut among which its publication is looked for; it comes in the next slot or not at all. */
const SEARCHED = 16 * TILE_WIDTH;

/** Checks the newest checkpoint, and that the figures are those to which the ledger committed itself in the log. */
export async function checkFigures(claim: FiguresClaim, tools: CheckTools): Promise<CheckOutcome> {
  const { ground, remember } = await openLog(tools);
  if (ground !== undefined) await publicationSteps(claim, ground);
  return remember === undefined ? {} : { remember };
}

async function publicationSteps({ document, treeSize }: FiguresClaim, ground: Ground): Promise<void> {
  const { onStep, signed } = ground;
  const digest = base64Encode(sha256(utf8Encode(document)));
  let found: { readonly index: number; readonly leaf: Leaf } | undefined;
  try {
    found = await publicationOf(treeSize, { read: ground.read, size: signed.checkpoint.size });
  } catch (fault) {
    if (!(fault instanceof LogUnreachable || fault instanceof MalformedInput)) throw fault;
    return onStep(step('entry', fault instanceof LogUnreachable ? 'unreachable' : 'notIncluded'));
  }
  if (found === undefined) return onStep(step('figures', 'notYet', [['digest', digest]]));
  const { index, leaf } = found;
  onStep((await entryStep(index, ground)).step);
  onStep(await signatureStep({ index, leaf }, ground));
  const isSame = leaf.data['digest'] === digest && leaf.log === signed.checkpoint.origin;
  onStep(
    step('figures', isSame ? 'same' : 'differ', [
      ['digest of this page', digest],
      ['digest in the log', JSON.stringify(leaf.data['digest'] ?? null)],
      ['leaf index', String(index)],
    ]),
  );
}

/** Untrusted: the log's files. Rejects with MalformedInput or LogUnreachable. */
async function publicationOf(cut: number, { read, size }: { readonly read: ReadFile; readonly size: number }) {
  const kept = keptTiles(read);
  for (let index = cut + 1; index < Math.min(size, cut + SEARCHED); index += 1) {
    const bytes = await readEntryOrThrow(kept, { index, size });
    if (!HINT.test(new TextDecoder().decode(bytes))) continue;
    const leaf = parseLeafOrThrow(bytes);
    if (leaf.type === 'FiguresPublished' && leaf.stream === 'figures-main' && leaf.data['cut'] === cut)
      return { index, leaf };
  }
  return undefined;
}

/** Most entries are something else, and are not worth reading. */
const HINT = /"FiguresPublished"/;

/** Many entries stand in one file: the last one stays at hand. */
function keptTiles(read: ReadFile): ReadFile {
  let last: { readonly path: string; readonly bytes: Promise<Uint8Array | undefined> } | undefined;
  return (path) => {
    if (last?.path !== path) last = { path, bytes: read(path) };
    return last.bytes;
  };
}
