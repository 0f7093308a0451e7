export { AidtrailClient, Refused, Unavailable } from './client.js';
export type { CommandReceipt, Problem } from './client.js';
export { buildCommand } from './build-command.js';
export type { CommandToBuild } from './build-command.js';
