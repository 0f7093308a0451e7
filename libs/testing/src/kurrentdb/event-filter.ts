import type { ReadReq } from '@eventstore/db-client/generated/streams_pb.js';
import type { KeptEvent } from './kept.js';
import { invalidArgument } from './rpc-errors.js';

/**
 * By stream name or event type; undefined without a filter. Expressions are JavaScript's here, .NET's on the real
 * server: keep to what is the same in both.
 */
export function filterOf(options: ReadReq.Options): ((event: KeptEvent) => boolean) | undefined {
  const filter = options.getFilter();
  if (filter === undefined) return undefined;
  const byStream = filter.hasStreamIdentifier();
  const expression = byStream ? filter.getStreamIdentifier() : filter.getEventType();
  if (expression === undefined) throw invalidArgument('By what is to be filtered?');
  const text = (event: KeptEvent): string => (byStream ? event.stream : event.type);
  if (expression.getRegex() !== '') {
    const regex = new RegExp(expression.getRegex());
    return (event) => regex.test(text(event));
  }
  const prefixes = expression.getPrefixList();
  return (event) => prefixes.some((prefix) => text(event).startsWith(prefix));
}

/** After how many events that were looked at, whether they match or not, the server sends a checkpoint. */
export function checkpointInterval(filter: ReadReq.Options.FilterOptions): number {
  const window = filter.hasMax() ? filter.getMax() : 32;
  return window * Math.max(1, filter.getCheckpointintervalmultiplier());
}
