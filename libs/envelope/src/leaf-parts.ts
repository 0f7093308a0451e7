import { encodeWellFormed } from './bytes.js';
import type { CommandBody } from './command.js';
import { canonicalize } from './json.js';
import { parseLeafOrThrow } from './leaf.js';
import type { LeafCommand } from './leaf.js';
import { scanLeaf } from './leaf-scan.js';
import type { LeafParts } from './leaf-scan.js';

/**
 * Untrusted: `parseLeafOrThrow` for a reader of whole logs, and a good deal faster. Leaves that hold nothing but ASCII
 * without escapes, hence nearly all, are read in one walk over their bytes that accepts nothing else; whatever it does not
 * accept, the plain reader judges. Throws `MalformedInput`.
 */
export function readLeafOrThrow(bytes: Uint8Array): LeafParts {
  return scanLeaf(bytes) ?? plainLeafOrThrow(bytes);
}

/** The bytes are canonical, so the text of what stands before a part tells where it lies. */
function plainLeafOrThrow(bytes: Uint8Array): LeafParts {
  const leaf = parseLeafOrThrow(bytes);
  const { stream, type, version, sig } = leaf;
  const tail = `${JSON.stringify({ stream, type, v: 1, version }).slice(1)}`;
  const sigEnd = bytes.length - tail.length;
  const sigStart = sigEnd - `"sig":${canonicalize(sig)},`.length;
  if (!hasBody(leaf.command)) return { leaf, sigStart, sigEnd, bodyStart: 0, bodyEnd: 0 };
  const digests = leaf._sd === undefined ? '' : `"_sd":${canonicalize(leaf._sd)},`;
  const bodyStart = `{${digests}"command":{"body":`.length;
  const bodyEnd = bodyStart + encodeWellFormed(canonicalize(leaf.command.body)).length;
  return { leaf, sigStart, sigEnd, bodyStart, bodyEnd };
}

function hasBody(command: LeafCommand): command is Extract<LeafCommand, { readonly body: CommandBody }> {
  return 'body' in command;
}
