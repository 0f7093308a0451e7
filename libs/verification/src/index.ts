export { LogReplay, ReplayFault } from './replay/log-replay.js';
export type { FoldedStream } from './replay/states.js';
