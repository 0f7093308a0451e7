#!/usr/bin/env python3
"""Checks a published log without any of this project's code, from the format pages alone.

    python3 tools/check-log.py data/demo/log [--policy FILE | --vkey VKEY]

It reads the files of the log (C2SP tlog-tiles), and looks whether

- the checkpoint is signed by the key of VKEY or of the policy, or else of leaf 0 (then that key is only as good as the
  folder);
- with a policy (C2SP tlog-policy): the cosignatures of its witnesses hold, the witnessed checkpoint has a quorum of them
  and is an earlier tree of the same log, and leaf 0 is the one that the policy pins;
- every tile is the one that follows from the entries, and the root is the checkpoint's;
- every leaf is canonical JSON of this log, in the next version of its stream, signed by the event key of its time;
- every command in a leaf is signed by keys that the log knows, its signer's first, each once;
- every command names a checkpoint of this log, smaller than its own place, with the root that the tree had;
- every other leaf names an earlier event as its cause.

What the rules of vouchers and money ask for is not looked at: that needs the ledger's own deciders.

Exit status: 0 clean, 1 findings (one line each), 2 could not run. Needs Python 3.9 and the package "cryptography".
"""

import argparse
import base64
import hashlib
import json
import pathlib
import sys

try:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
except ImportError:
    print("This needs the Python package cryptography (Debian: python3-cryptography).", file=sys.stderr)
    sys.exit(2)

WIDTH = 256
EVENT_TYPE = b"application/vnd.aidtrail.event.v1+json"
COMMAND_TYPE = b"application/vnd.aidtrail.command.v1+json"

# --- Ed25519: RFC 8032, with the encodings refused that would verify what nobody signed -----------------------------

FIELD = 2**255 - 19
# y coordinates of the points of low order; with either sign bit they are 14 encodings, some of them not canonical.
LOW_ORDER_Y = {
    0,
    1,
    FIELD - 1,
    FIELD,
    FIELD + 1,
    int.from_bytes(bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"), "little"),
    int.from_bytes(bytes.fromhex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"), "little"),
}


def acceptable_point(encoded):
    y = int.from_bytes(encoded, "little") & (2**255 - 1)
    return len(encoded) == 32 and y < FIELD and y not in LOW_ORDER_Y


def verifies(public_key, message, signature):
    if len(signature) != 64 or not acceptable_point(public_key) or not acceptable_point(signature[:32]):
        return False
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, message)
        return True
    except (InvalidSignature, ValueError):
        return False


# --- RFC 6962 --------------------------------------------------------------------------------------------------------


def sha256(data):
    return hashlib.sha256(data).digest()


def leaf_hash(entry):
    return sha256(b"\x00" + entry)


def node_hash(left, right):
    return sha256(b"\x01" + left + right)


class Tree:
    """The right edge of a growing tree: the roots of its perfect subtrees, largest first."""

    def __init__(self):
        self.size = 0
        self.peaks = []

    def append(self, leaf):
        self.peaks.append(leaf)
        self.size += 1
        size = self.size
        while size % 2 == 0:
            right = self.peaks.pop()
            self.peaks.append(node_hash(self.peaks.pop(), right))
            size //= 2

    def root(self):
        if not self.peaks:
            return sha256(b"")
        root = self.peaks[-1]
        for peak in reversed(self.peaks[:-1]):
            root = node_hash(peak, root)
        return root


def root_of_full_tile(hashes):
    while len(hashes) > 1:
        hashes = [node_hash(hashes[i], hashes[i + 1]) for i in range(0, len(hashes), 2)]
    return hashes[0]


# --- the formats -----------------------------------------------------------------------------------------------------


class Broken(Exception):
    """Something is not of its format."""


def unbase64(text):
    try:
        data = base64.b64decode(text, validate=True)
    except ValueError as error:
        raise Broken("not base64") from error
    if base64.b64encode(data).decode() != text:
        raise Broken("base64 in another spelling than its own")
    return data


def canonical(value):
    """RFC 8785 for strings, whole numbers, booleans, lists and objects."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        if abs(value) > 2**53 - 1:
            raise Broken("a number beyond 2^53 - 1")
        return str(value)
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, list):
        return "[" + ",".join(canonical(item) for item in value) + "]"
    if isinstance(value, dict):
        names = sorted(value, key=lambda name: name.encode("utf-16-be"))
        return "{" + ",".join(canonical(name) + ":" + canonical(value[name]) for name in names) + "}"
    raise Broken("null or a fraction")


def pae(kind, body):
    """The pre-authentication encoding of DSSE v1."""
    return b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(body), body)


def key_id(public_key):
    return hashlib.sha256(public_key).hexdigest()


def tile_path(level, index, width):
    digits = "%03d" % (index % 1000)
    while index >= 1000:
        index //= 1000
        digits = "x%03d/%s" % (index % 1000, digits)
    return "tile/%s/%s%s" % (level, digits, "" if width == WIDTH else ".p/%d" % width)


def parse_bundle(bundle, width):
    entries, at = [], 0
    while at < len(bundle):
        length = int.from_bytes(bundle[at : at + 2], "big")
        entry = bundle[at + 2 : at + 2 + length]
        if len(entry) != length:
            raise Broken("an entry bundle that is cut off")
        entries.append(entry)
        at += 2 + length
    if len(entries) != width:
        raise Broken("an entry bundle of %d entries instead of %d" % (len(entries), width))
    return entries


def parse_vkey(text, kind=1):
    """Kind 1 is a log's Ed25519 key, 4 a cosigner's."""
    name, number, encoded = text.split("+", 2)
    key = unbase64(encoded)
    if len(key) != 33 or key[0] != kind:
        raise Broken("the vkey is not one of Ed25519, or of another use")
    if sha256(name.encode() + b"\n" + key)[:4].hex() != number:
        raise Broken("the vkey's number is not that of its name and key")
    return name, number, key[1:]


def cosigned(text, field, public_key):
    """C2SP tlog-cosignature, Ed25519: 8 bytes of time, 64 of signature over the time and the whole text."""
    if len(field) != 72:
        return False
    time = int.from_bytes(field[:8], "big")
    message = "cosignature/v1\ntime %d\n%s" % (time, text)
    return time > 0 and verifies(public_key, message.encode(), field[8:])


def open_checkpoint(note, vkey, witnesses=()):
    """The size and root of a signed note, and the names of the witnesses that cosigned it.

    Broken unless the key of the vkey signed it, and if a line of the log or of a known witness does not hold.
    """
    name, number, public_key = parse_vkey(vkey)
    text, found, signatures = note.rpartition("\n\n")
    if not found or not signatures.endswith("\n"):
        raise Broken("the checkpoint is no signed note")
    text += "\n"
    signed, by = False, set()
    for line in signatures[:-1].split("\n"):
        dash, signer, encoded = line.split(" ")
        field = unbase64(encoded)
        if dash != "\u2014":
            raise Broken("a signature line without its dash")
        if signer == name and field[:4].hex() == number:
            if not verifies(public_key, text.encode(), field[4:]):
                raise Broken("the log's signature on the checkpoint does not hold")
            signed = True
        for witness, key_name, key_number, witness_key in witnesses:
            if signer == key_name and field[:4].hex() == key_number:
                if not cosigned(text, field[4:], witness_key):
                    raise Broken("the cosignature of %s does not hold" % witness)
                by.add(witness)
    if not signed:
        raise Broken("the checkpoint is not signed by the log's key")
    origin, size, root = text.split("\n")[:3]
    if origin != name or str(int(size)) != size:
        raise Broken("the checkpoint is of another log, or its size is no number")
    return int(size), unbase64(root), by


class Policy:
    """C2SP tlog-policy, with the one comment that pins leaf 0."""

    def __init__(self, text):
        self.logs, self.witnesses, self.rules, self.quorum, self.leaf_zero = [], [], {}, None, None
        for line in text.split("\n"):
            words = line.split()
            if line.startswith("# aidtrail-leaf0 "):
                self.leaf_zero = unbase64(words[2])
            elif words and not words[0].startswith("#"):
                self.read(words)
        if len(self.logs) != 1 or self.quorum is None:
            raise Broken("the policy has not exactly one log and one quorum")

    def read(self, words):
        kind, rest = words[0], words[1:]
        if kind == "log":
            self.logs.append(rest[0])
        elif kind == "witness":
            self.witnesses.append((rest[0],) + parse_vkey(rest[1], 4))
            self.rules[rest[0]] = lambda by, name=rest[0]: name in by
        elif kind == "group":
            members = [self.rules[name] for name in rest[2:]]
            least = {"any": 1, "all": len(members)}.get(rest[1]) or int(rest[1])
            self.rules[rest[0]] = lambda by: sum(rule(by) for rule in members) >= least
        elif kind == "quorum" and self.quorum is None:
            self.quorum = (lambda by: True) if rest[0] == "none" else self.rules[rest[0]]
            self.needs_witnesses = rest[0] != "none"
        else:
            raise Broken("the policy has a line that is none of log, witness, group and one quorum")


# --- the check -------------------------------------------------------------------------------------------------------


class Check:
    def __init__(self, folder):
        self.folder = folder
        self.findings = []
        self.signatures = 0
        self.keys = {}
        self.event_key = None
        self.origin = None
        self.versions = {}
        self.ids = set()
        self.anchors = {}
        self.witnessed = None

    def finding(self, index, what):
        self.findings.append("leaf %d: %s" % (index, what))

    def read(self, level, index, width):
        return (self.folder / tile_path(level, index, width)).read_bytes()

    def entries(self, size):
        for index in range((size + WIDTH - 1) // WIDTH):
            width = min(WIDTH, size - index * WIDTH)
            entries = parse_bundle(self.read("entries", index, width), width)
            tile = b"".join(leaf_hash(entry) for entry in entries)
            if self.read(0, index, width) != tile:
                raise Broken("%s is not that of its entries" % tile_path(0, index, width))
            yield from entries

    def upper_tiles(self, size):
        """Every tile above the leaves follows from the full tiles below it."""
        level, hashes = 0, size
        while hashes >= WIDTH:
            below = []
            for index in range(hashes // WIDTH):
                tile = self.read(level, index, WIDTH)
                below.append(root_of_full_tile([tile[i : i + 32] for i in range(0, len(tile), 32)]))
            level, hashes = level + 1, len(below)
            for index in range((hashes + WIDTH - 1) // WIDTH):
                part = below[index * WIDTH : (index + 1) * WIDTH]
                if self.read(level, index, len(part)) != b"".join(part):
                    raise Broken("%s does not follow from the tiles below" % tile_path(level, index, len(part)))

    def learn(self, text):
        public_key = unbase64(text)
        self.keys[key_id(public_key)] = public_key
        return public_key

    def learn_keys(self, leaf):
        data = leaf["data"]
        if leaf["type"] == "LedgerOpened":
            for officer in data["roots"]:
                self.learn(officer["publicKey"])
            self.event_key = unbase64(data["eventKey"])
            self.origin = data["origin"]
        elif leaf["type"] in ("KeyEnrolled", "RootKeyRotated"):
            self.learn(data["publicKey"])
        elif leaf["type"] == "VoucherClaimed":
            self.learn(data["holder"])

    def signature(self, index, entry, kind, body, public_key):
        self.signatures += 1
        if entry["key"] != key_id(public_key) or not verifies(public_key, pae(kind, body), unbase64(entry["sig"])):
            self.finding(index, "a signature over %s does not hold" % kind.decode())

    def leaf(self, index, entry):
        leaf = json.loads(entry.decode("utf-8"))
        if canonical(leaf).encode() != entry:
            return self.finding(index, "not canonical JSON")
        self.learn_keys(leaf)
        if leaf["log"] != self.origin:
            self.finding(index, "a leaf of another log")
        self.versions[leaf["stream"]] = self.versions.get(leaf["stream"], 0) + 1
        if leaf["version"] != self.versions[leaf["stream"]]:
            self.finding(index, "version %d where %d is next" % (leaf["version"], self.versions[leaf["stream"]]))
        if leaf["id"] in self.ids:
            self.finding(index, "an id that another leaf has")
        self.ids.add(leaf["id"])
        signed = canonical({name: value for name, value in leaf.items() if name != "sig"}).encode()
        self.signature(index, leaf["sig"], EVENT_TYPE, signed, self.event_key)
        self.command(index, leaf["command"])
        if leaf["type"] == "EventKeyRotated":
            self.event_key = unbase64(leaf["data"]["publicKey"])

    def command(self, index, command):
        if "ref" in command:
            if command["ref"] not in self.ids:
                self.finding(index, "its cause is no earlier event")
            return
        body = command["body"]
        signers = [entry["key"] for entry in command["sigs"]]
        if signers[:1] != [body["key"]] or len(set(signers)) != len(signers):
            self.finding(index, "the command's signers are not its actor first, each once")
        for entry in command["sigs"]:
            public_key = self.keys.get(entry["key"])
            if public_key is None:
                self.finding(index, "a command signed by a key that the log does not know")
            else:
                self.signature(index, entry, COMMAND_TYPE, canonical(body).encode(), public_key)
        if body["log"] != self.origin:
            self.finding(index, "a command for another log")
        self.anchors.setdefault(body["anchor"]["size"], []).append((index, body["anchor"]["root"]))

    def check_anchors(self, roots):
        for size, named in self.anchors.items():
            for index, root in named:
                if size > index or roots.get(size) != unbase64(root):
                    self.finding(index, "the command's anchor is no earlier tree of this log")

    def run(self, vkey, policy=None):
        note = (self.folder / "checkpoint").read_bytes().decode("utf-8")
        opening = parse_bundle_start(self.read_first_bundle(note))
        first = json.loads(opening.decode("utf-8"))
        if policy is not None:
            vkey = policy.logs[0]
            if policy.leaf_zero not in (None, leaf_hash(opening)):
                raise Broken("leaf 0 is not the one that the policy pins")
        vkey = vkey or first["data"]["checkpointVkey"]
        size, root, _ = open_checkpoint(note, vkey, policy.witnesses if policy else ())
        self.witnessed, witnessed_root = self.open_witnessed(vkey, policy, size)
        tree, hashes = Tree(), []
        for index, entry in enumerate(self.entries(size)):
            self.leaf(index, entry)
            hashes.append(leaf_hash(entry))
        self.upper_tiles(size)
        roots = {0: tree.root()} if 0 in self.anchors else {}
        for leaf in hashes:
            tree.append(leaf)
            if tree.size in self.anchors:
                roots[tree.size] = tree.root()
            if tree.size == self.witnessed and tree.root() != witnessed_root:
                raise Broken("the witnessed checkpoint is of another tree")
        if tree.root() != root:
            raise Broken("the entries do not have the root of the checkpoint")
        self.check_anchors(roots)
        return size

    def open_witnessed(self, vkey, policy, size):
        """Size and root of the checkpoint that met the quorum; None without a policy that asks for one."""
        if policy is None or not policy.needs_witnesses:
            return None, None
        note = (self.folder / "witnessed-checkpoint").read_bytes().decode("utf-8")
        witnessed, root, by = open_checkpoint(note, vkey, policy.witnesses)
        if not policy.quorum(by):
            raise Broken("the witnessed checkpoint does not meet the quorum of the policy")
        if witnessed > size:
            raise Broken("the witnessed checkpoint is larger than the newest")
        return witnessed, root

    def read_first_bundle(self, note):
        size = int(note.split("\n")[1])
        return self.read("entries", 0, min(WIDTH, size))


def parse_bundle_start(bundle):
    return bundle[2 : 2 + int.from_bytes(bundle[:2], "big")]


def main():
    parser = argparse.ArgumentParser(description="Checks a published log, independently of the programs that made it.")
    parser.add_argument("folder", type=pathlib.Path)
    pin = parser.add_mutually_exclusive_group()
    pin.add_argument("--vkey", help="the log's key, from a source other than the log itself")
    pin.add_argument("--policy", type=pathlib.Path, help="whom to trust, from a source other than the log itself")
    arguments = parser.parse_args()
    check = Check(arguments.folder)
    try:
        policy = Policy(arguments.policy.read_text(encoding="utf-8")) if arguments.policy else None
    except (OSError, Broken, KeyError, IndexError, ValueError) as error:
        print("The policy cannot be used: %s" % error, file=sys.stderr)
        return 2
    try:
        size = check.run(arguments.vkey, policy)
    except FileNotFoundError as error:
        if not arguments.folder.is_dir():
            print("There is no folder %s." % arguments.folder, file=sys.stderr)
            return 2
        print("missing: %s" % error.filename)
        return 1
    except (Broken, KeyError, TypeError, ValueError) as error:
        print("broken: %s" % error)
        return 1
    for line in check.findings:
        print(line)
    print("%d leaves, %d signatures, %d findings" % (size, check.signatures, len(check.findings)))
    if check.witnessed is not None:
        print("Witnessed up to %d, by a quorum of the policy." % check.witnessed)
    if not arguments.vkey and not arguments.policy:
        print("The log's key was taken from the log itself; compare it with one from elsewhere (--vkey).")
    return 1 if check.findings else 0


if __name__ == "__main__":
    sys.exit(main())
