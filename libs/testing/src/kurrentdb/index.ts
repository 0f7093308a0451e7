export { type Fault, type FaultPlace } from './faults.js';
export { KurrentMemory, type KurrentMemoryOptions } from './memory.js';
export { forkKurrentServer, type KurrentServerProcess } from './server-process.js';
export { startKurrentServer, type KurrentServer, type KurrentServerOptions, type ServerSettings } from './server.js';
