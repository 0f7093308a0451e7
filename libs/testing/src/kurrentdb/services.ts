import gossipServices from '@eventstore/db-client/generated/gossip_grpc_pb.js';
import type { ClusterInfo } from '@eventstore/db-client/generated/gossip_pb.js';
import featureServices from '@eventstore/db-client/generated/serverfeatures_grpc_pb.js';
import type { SupportedMethods } from '@eventstore/db-client/generated/serverfeatures_pb.js';
import streamServices from '@eventstore/db-client/generated/streams_grpc_pb.js';
import type * as streams from '@eventstore/db-client/generated/streams_pb.js';
import type {
  handleBidiStreamingCall,
  handleClientStreamingCall,
  handleUnaryCall,
  sendUnaryData,
  Server,
  ServerUnaryCall,
} from '@grpc/grpc-js';
import { handleAppend } from './append-call.js';
import { handleBatchAppend } from './batch-append-call.js';
import { handleDelete, handleTombstone } from './delete-call.js';
import { clusterInfo, type Member } from './gossip.js';
import { strike, type Node } from './node.js';
import { handleRead, type ReadCall } from './read-call.js';
import { asRpcError } from './rpc-errors.js';
import { supportedMethods } from './server-features.js';

export interface Advertised {
  /** `unknown`: as a server that has no call to ask for its features. */
  readonly appends: 'batch' | 'classic' | 'unknown';
  readonly members: () => readonly Member[];
}

export function addServices(server: Server, node: Node, advertised: Advertised): void {
  const { read } = streamServices.StreamsService;
  const service = { ...streamServices.StreamsService, read: { ...read, responseSerialize: (bytes: Buffer) => bytes } };
  const append: handleClientStreamingCall<streams.AppendReq, streams.AppendResp> = (call, reply) =>
    handleAppend(node, call, reply);
  const batchAppend: handleBidiStreamingCall<streams.BatchAppendReq, streams.BatchAppendResp> = (call) =>
    handleBatchAppend(node, call);
  const remove: handleUnaryCall<streams.DeleteReq, streams.DeleteResp> = (call, reply) =>
    handleDelete(node, call, reply);
  const tombstone: handleUnaryCall<streams.TombstoneReq, streams.TombstoneResp> = (call, reply) =>
    handleTombstone(node, call, reply);
  const readAny = (call: ReadCall): void => handleRead(node, call);
  server.addService(service, { read: readAny, append, batchAppend, delete: remove, tombstone });
  const { appends, members } = advertised;
  if (appends !== 'unknown') {
    server.addService(featureServices.ServerFeaturesService, {
      getSupportedMethods: (_call: unknown, reply: sendUnaryData<SupportedMethods>) => {
        reply(null, supportedMethods(appends));
      },
    });
  }
  server.addService(gossipServices.GossipService, {
    read: (call: ServerUnaryCall<unknown, ClusterInfo>, reply: sendUnaryData<ClusterInfo>) => {
      strike(node, call, 'gossip', '$all').then(
        (struck) => struck === 'over' || reply(null, clusterInfo(members(), node.memory.now())),
        (error: unknown) => reply(asRpcError(error)),
      );
    },
  });
}
