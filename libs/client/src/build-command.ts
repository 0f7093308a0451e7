import {
  makePrivateFields,
  signCommand,
  type JsonObject,
  type JsonValue,
  type SignedCommand,
  type Signer,
} from '@aidtrail/envelope';

/** A command before it is signed. `type`, `data` and `privateFields` as docs/reference/commands.md lists them. */
export interface CommandToBuild {
  readonly type: string;
  /** UUIDv4; the same id with the same bytes is answered once. */
  readonly id: string;
  readonly data: JsonObject;
  readonly privateFields?: Readonly<Record<string, JsonValue>>;
}

/** Signs a command for a log: the private fields become salted disclosures of which only digests are signed. */
export function buildCommand(
  command: CommandToBuild,
  context: {
    readonly origin: string;
    /** A published checkpoint that the signer knows. */
    readonly anchor: { readonly size: number; readonly root: string };
    /** The actor first, then the second party. */
    readonly signers: readonly Signer[];
    readonly randomBytes: (length: number) => Uint8Array;
  },
): SignedCommand {
  const actor = context.signers[0];
  if (actor === undefined) throw new RangeError('A command needs at least one signer.');
  const fields = command.privateFields ?? {};
  const hidden =
    Object.keys(fields).length === 0 ? undefined : makePrivateFields({ fields, randomBytes: context.randomBytes });
  return signCommand({
    body: {
      v: 1,
      log: context.origin,
      type: command.type,
      id: command.id,
      key: actor.keyId,
      anchor: context.anchor,
      data: command.data,
      ...(hidden === undefined ? {} : { _sd: hidden._sd }),
    },
    signers: context.signers,
    ...(hidden === undefined ? {} : { disclosures: hidden.disclosures }),
  });
}
