export { originHash, startWitness, type RunningWitness, type WitnessSetup } from './start-witness.js';
