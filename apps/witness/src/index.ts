export { originHash, startWitness, type RunningWitness, type WitnessSetup } from './start-witness.js';
export { startMirror, type MirrorSetup } from './mirror/start-mirror.js';
