import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { Problem, type GuardedRequest, type Reader } from '@aidtrail/nest';

/** The reader that the guard admitted; only for routes with `@ReadSession`. */
export const CurrentReader = createParamDecorator((_data: unknown, context: ExecutionContext): Reader => {
  const { reader } = context.switchToHttp().getRequest<GuardedRequest>();
  if (reader === undefined) throw new Problem('session_required');
  return reader;
});

/** Keys may be limited to some campaigns; what belongs to others is not theirs to see. Throws `Problem`. */
export function requireCampaign(reader: Reader, campaign: string | undefined): void {
  if (reader.campaigns === undefined) return;
  if (campaign === undefined || !reader.campaigns.includes(campaign)) throw new Problem('reader_out_of_scope');
}
