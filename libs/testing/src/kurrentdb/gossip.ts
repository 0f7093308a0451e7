import gossip from '@eventstore/db-client/generated/gossip_pb.js';
import { stringUuid } from './wire.js';

/** One node as the cluster knows it. */
export interface Member {
  readonly host: string;
  readonly port: number;
  readonly state: 'leader' | 'follower';
  readonly isAlive: boolean;
}

/** What a client is told that looks for the leader. */
export function clusterInfo(members: readonly Member[], now: number): gossip.ClusterInfo {
  const info = new gossip.ClusterInfo();
  for (const member of members) {
    const endpoint = new gossip.EndPoint();
    endpoint.setAddress(member.host);
    endpoint.setPort(member.port);
    const message = new gossip.MemberInfo();
    message.setInstanceId(stringUuid(`00000000-0000-4000-8000-${member.port.toString(16).padStart(12, '0')}`));
    message.setTimeStamp((BigInt(now) * 10_000n).toString());
    const { LEADER, FOLLOWER } = gossip.MemberInfo.VNodeState;
    message.setState(member.state === 'leader' ? LEADER : FOLLOWER);
    message.setIsAlive(member.isAlive);
    message.setHttpEndPoint(endpoint);
    info.addMembers(message);
  }
  return info;
}
