import type { CommandAnchor } from '@aidtrail/envelope';
import type { CheckpointLookup } from '../ports.js';
import type { PipelineRefusal } from './results.js';

/**
 * The anchor is a signed checkpoint that the signer knew. Its size must exceed the leaf index of the DayStarted before
 * the latest, so that nobody can sign today what reads as signed last week; free until two days have started.
 */
export async function checkAnchor(
  anchor: CommandAnchor,
  dayBeforeStartedAt: number | undefined,
  checkpoints: CheckpointLookup,
): Promise<PipelineRefusal | undefined> {
  if ((await checkpoints.rootAt(anchor.size)) !== anchor.root) return 'anchor_unknown';
  if (dayBeforeStartedAt !== undefined && anchor.size <= dayBeforeStartedAt) return 'anchor_stale';
  return undefined;
}
