import { createHash, randomBytes, randomUUID } from 'node:crypto';

/** Where a spec's ids, keys and salts come from. */
export interface Entropy {
  bytes(length: number): Uint8Array;
  uuid(): string;
}

export const systemEntropy: Entropy = {
  bytes: (length) => new Uint8Array(randomBytes(length)),
  uuid: () => randomUUID(),
};

/** The same values in the same order for one seed, so that two runs of a scenario can be compared. */
export function seededEntropy(seed: string): Entropy {
  let block = 0;
  const bytes = (length: number): Uint8Array => {
    const parts: Buffer[] = [];
    for (let have = 0; have < length; have += 32)
      parts.push(createHash('sha256').update(`${seed} ${block++}`).digest());
    return new Uint8Array(Buffer.concat(parts).subarray(0, length));
  };
  return {
    bytes,
    uuid: () => {
      const hex = Buffer.from(bytes(16)).toString('hex');
      const variant = ((Number.parseInt(hex.charAt(16), 16) & 3) | 8).toString(16);
      return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20)}`;
    },
  };
}
