import { base64Encode } from '@aidtrail/envelope';
import { sodiumSigner } from '@aidtrail/crypto-node';
import type { Progress } from './narrator.js';
import type { Batch, Story, Voucher } from './story.js';
import { momentOf, submitMany, type SignedOrder, type World } from './world.js';

type Channel = 'self' | 'assisted' | 'proxy';

/** So many in a hundred never come for their voucher. */
const NEVER = 8;

/**
 * Households take their vouchers: by themselves, with a worker's help, or through somebody they sent. Each claim carries
 * a new key that nobody but the holder has.
 */
export async function claimBatch(world: World, story: Story, batch: Batch, progress: Progress): Promise<string> {
  const claims: { readonly voucher: Voucher; readonly order: SignedOrder; readonly channel: Channel }[] = [];
  for (const voucher of batch.vouchers) {
    if (world.story.chance(NEVER)) continue;
    const channel = channelOf(world, voucher);
    claims.push({ voucher, channel, order: claimOrder(world, story, voucher, channel) });
  }
  await submitMany(
    world,
    claims.map(({ order }) => order),
    progress,
  );
  const counts: Record<Channel, number> = { self: 0, assisted: 0, proxy: 0 };
  for (const { channel } of claims) counts[channel] += 1;
  story.tally.claimedCount += claims.length;
  story.tally.assistedClaims += counts.assisted;
  const { self, assisted, proxy } = counts;
  const never = batch.count - claims.length;
  return `${claims.length} of ${batch.count}: ${self} themselves, ${assisted} assisted, ${proxy} by proxy; ${never} never came`;
}

/** The elderly and the disabled are helped more often; the draw is made for everybody, so that totals do not depend on it. */
function channelOf(world: World, { group }: Voucher): Channel {
  const draw = world.story.below(100);
  const helped = group === 'elderly' || group === 'disabled' ? 45 : 8;
  if (draw < helped) return 'assisted';
  return draw >= 94 ? 'proxy' : 'self';
}

/** Makes the holder's key and signs the claim with it, after the claim service or the worker. */
export function claimOrder(world: World, story: Story, voucher: Voucher, channel: Channel): SignedOrder {
  const { cast } = story;
  const holder = sodiumSigner(world.entropy.bytes(32));
  voucher.holder = holder;
  const worker = world.story.pick(cast.workers);
  const actor = channel === 'assisted' ? worker.signer : cast.services.claims.signer;
  return {
    signers: [actor, holder],
    order: {
      type: 'ClaimVoucher',
      data: { voucher: voucher.id, holder: base64Encode(holder.publicKey), channel },
      private: {
        time: momentOf(world, 1),
        ...(channel === 'assisted' ? { worker: worker.signer.keyId } : {}),
        ...(channel === 'proxy' ? { proxyReference: world.entropy.uuid() } : {}),
      },
    },
  };
}
