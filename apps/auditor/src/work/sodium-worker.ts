import { parentPort } from 'node:worker_threads';
import { sodiumVerifier } from '@aidtrail/crypto-node';
import { serveOrders } from './serve-orders.js';

if (parentPort === null) throw new Error('This file is the body of a thread of the auditor.');
serveOrders(parentPort, sodiumVerifier);
