"""Writes signed_tokens.hpp: keys, signatures and tokens for the tests of JWT authorizers.

Run by hand, once: python3 make_tokens.py > signed_tokens.hpp && clang-format -i signed_tokens.hpp
The private keys are made by openssl for the run and thrown away. What openssl would not make (bad signatures) is made
with the private exponent.
"""

import base64
import hashlib
import json
import re
import subprocess
import tempfile

DIGEST_INFO = {
    "sha256": "3031300d060960864801650304020105000420",
    "sha384": "3041300d060960864801650304020205000430",
    "sha512": "3051300d060960864801650304020305000440",
}
MESSAGE = b"a message"


def base64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


class Key:
    def __init__(self, bits, exponent=65537):
        self.file = tempfile.NamedTemporaryFile(suffix=".pem")
        run("openssl", "genrsa", "-out", self.file.name, *(["-3"] if exponent == 3 else []), str(bits))
        text = run("openssl", "rsa", "-in", self.file.name, "-noout", "-text").decode()
        self.size = bits // 8
        self.modulus = self.number(text, "modulus")
        self.private = self.number(text, "privateExponent")
        self.exponent = int(re.search(r"publicExponent: (\d+)", text)[1])

    @staticmethod
    def number(text, name):
        return int(re.sub(r"[\s:]", "", re.search(name + r":\n((?:\s+[0-9a-f:]+\n)+)", text)[1]), 16)

    def sign(self, digest, message):
        return run("openssl", "dgst", "-" + digest, "-sign", self.file.name, stdin=message)

    def raw(self, encoded):
        """The private operation on bytes that need not be a proper encoding."""
        power = pow(int.from_bytes(encoded, "big"), self.private, self.modulus)
        return power.to_bytes(self.size, "big")

    def n(self):
        return base64url(self.modulus.to_bytes(self.size, "big"))

    def e(self):
        return base64url(self.exponent.to_bytes((self.exponent.bit_length() + 7) // 8, "big"))


def run(*command, stdin=None):
    return subprocess.run(command, input=stdin, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True).stdout


def encode(size, tail, first=b"\x00\x01", padding=b"\xff"):
    return first + padding * (size - len(first) - 1 - len(tail)) + b"\x00" + tail


def bad_signatures(key):
    digest = hashlib.sha256(MESSAGE).digest()
    info = bytes.fromhex(DIGEST_INFO["sha256"])
    good = info + digest
    size = key.size
    without_null = bytes.fromhex("302f300b0609608648016503040201") + b"\x04\x20" + digest
    short = b"\x00\x01" + b"\xff" * 8 + b"\x00" + good
    flipped = bytearray(encode(size, good))
    flipped[20] = 0xFE
    yield "encryption padding", key.raw(encode(size, good, first=b"\x00\x02"))
    yield "block type 0", key.raw(encode(size, good, first=b"\x00\x00", padding=b"\x00"))
    yield "no padding", key.raw(good.rjust(size, b"\x00"))
    yield "a padding byte changed", key.raw(bytes(flipped))
    yield "short padding and garbage behind the digest", key.raw(short.ljust(size, b"\x00"))
    yield "short padding and garbage before the digest", key.raw(
        b"\x00\x01" + b"\xff" * 8 + b"\x00" + b"\xaa" * (size - 11 - len(good)) + good
    )
    yield "one byte behind the digest", key.raw(encode(size, good + b"\x00"))
    yield "no separator", key.raw(b"\x00\x01" + b"\xff" * (size - 2 - len(good)) + good)
    yield "digest info without NULL", key.raw(encode(size, without_null))
    yield "no digest info", key.raw(encode(size, digest))
    yield "digest info of another algorithm", key.raw(encode(size, bytes.fromhex(DIGEST_INFO["sha512"]) + digest))
    yield "digest of another message", key.raw(encode(size, info + hashlib.sha256(b"another").digest()))
    yield "length in the long form", key.raw(encode(size, b"\x30\x81\x31" + good[2:]))
    proper = key.sign("sha256", MESSAGE)
    yield "zero", bytes(size)
    yield "one", (1).to_bytes(size, "big")
    yield "modulus", key.modulus.to_bytes(size, "big")
    yield "modulus less one", (key.modulus - 1).to_bytes(size, "big")
    yield "a zero byte before", b"\x00" + proper
    yield "a byte behind", proper + b"\x00"
    yield "the last byte missing", proper[:-1]
    yield "empty", b""
    yield "a bit changed", proper[:-1] + bytes([proper[-1] ^ 1])
    yield "reversed", proper[::-1]


def plus_modulus(key):
    """A message whose signature plus the modulus still has the modulus's length, and that sum."""
    for count in range(10000):
        message = b"message %d" % count
        total = int.from_bytes(key.sign("sha256", message), "big") + key.modulus
        if total < 256**key.size:
            return message, total.to_bytes(key.size, "big")
    raise SystemExit("no such message")


def token(key, claims, key_id, algorithm="RS256"):
    header = {"alg": algorithm, "typ": "JWT", "kid": key_id}
    text = ".".join(base64url(json.dumps(part, separators=(",", ":")).encode()) for part in (header, claims))
    return text + "." + base64url(key.sign("sha" + algorithm[2:], text.encode()))


def constant(name, text):
    pieces = [text[index : index + 100] for index in range(0, len(text), 100)] or [""]
    print(f"inline constexpr std::string_view {name} =\n" + "\n".join(f'    "{piece}"' for piece in pieces) + ";")


def table(name, rows, comment):
    row_type = f"std::array<std::string_view, {len(rows[0])}>"
    print(f"/// {comment}\ninline constexpr std::array<{row_type}, {len(rows)}> {name} = {{{{")
    for row in rows:
        print("    {" + ", ".join(f'"{cell}"' for cell in row) + "},")
    print("}};")


def main():
    first, second, small = Key(2048), Key(2048), Key(1024)
    others = [first, Key(3072), Key(4096), Key(2048, exponent=3)]
    print("#pragma once\n\n#include <array>\n#include <string_view>\n")
    print("/// Made by make_tokens.py; base64url unless said otherwise.\nnamespace kelvin::test::signed_tokens {\n")
    constant("message", MESSAGE.decode())
    rows = [
        (key.n(), key.e(), digest, base64url(key.sign(digest, MESSAGE))) for key in others for digest in DIGEST_INFO
    ]
    table("good_signatures", rows, "Modulus, exponent, digest, signature of `message`.")
    table(
        "bad_signatures",
        [(name, base64url(value)) for name, value in bad_signatures(first)],
        "What is wrong, and the signature: of `message`, with the first key of good_signatures and SHA-256.",
    )
    message, total = plus_modulus(first)
    constant("wrapped_message", message.decode())
    constant("wrapped_signature", base64url(total))
    constant("small_modulus", small.n())
    constant("small_signature", base64url(small.sign("sha256", MESSAGE)))
    constant("first_modulus", first.n())
    constant("second_modulus", second.n())
    claims = {
        "iss": "https://issuer.example",
        "aud": "api",
        "sub": "somebody",
        "scope": "pets/read pets/write",
        "iat": 1735689600,
        "exp": 1735689600 + 3600,
        "groups": ["a", "b"],
    }
    constant("token", token(first, claims, "first"))
    constant("token_rs512", token(first, claims, "first", "RS512"))
    constant("token_of_second_key", token(second, claims, "second"))
    constant("token_of_second_key_as_first", token(second, claims, "first"))
    constant("token_of_another_audience", token(first, {**claims, "aud": "other"}, "first"))
    constant("token_without_scope", token(first, {k: v for k, v in claims.items() if k != "scope"}, "first"))
    print("\n}  // namespace kelvin::test::signed_tokens")


main()
