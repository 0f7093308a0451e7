export type { KurrentUser } from './access.js';
export { makeNodeCertificate, type NodeCertificate } from './certificates.js';
export { startKurrentCluster, type KurrentCluster } from './cluster.js';
export type { Fault, FaultPlace } from './faults.js';
export { KurrentMemory, type KurrentMemoryOptions } from './memory.js';
export { forkKurrentServer, type KurrentServerProcess } from './server-process.js';
export { startKurrentServer, type KurrentServer, type KurrentServerOptions, type ServerSettings } from './server.js';
