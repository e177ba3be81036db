"""An issuer of JSON Web Tokens: an RSA key of its own, made in arithmetic that needs no package."""

import base64
import hashlib
import json
import random
import time

# DigestInfo of RFC 8017, section 9.2, in front of the hash.
DIGEST_INFO = {"sha256": bytes.fromhex("3031300d060960864801650304020105000420"),
               "sha512": bytes.fromhex("3051300d060960864801650304020305000440")}
ALGORITHMS = {"RS256": "sha256", "RS512": "sha512"}


def encode(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def is_probably_prime(number, rounds=24):
    odd, twos = number - 1, 0
    while odd % 2 == 0:
        odd, twos = odd // 2, twos + 1
    for _ in range(rounds):
        power = pow(random.randrange(2, number - 1), odd, number)
        if power in (1, number - 1):
            continue
        for _ in range(twos - 1):
            power = pow(power, 2, number)
            if power == number - 1:
                break
        else:
            return False
    return True


def prime(bits):
    while True:
        candidate = random.getrandbits(bits) | (3 << (bits - 2)) | 1
        if candidate % 65537 != 1 and is_probably_prime(candidate):
            return candidate


class Issuer:
    def __init__(self, name="https://issuer.example/", key_id="key-1"):
        first, second = prime(1024), prime(1024)
        self.name = name
        self.key_id = key_id
        self.modulus = first * second
        self.private = pow(65537, -1, (first - 1) * (second - 1))

    def key_set(self):
        return json.dumps({"keys": [{"kty": "RSA", "kid": self.key_id, "use": "sig", "e": "AQAB",
                                     "n": encode(self.modulus.to_bytes(256, "big"))}]})

    def token(self, algorithm="RS256", key_id=None, **claims):
        """A token that is valid for ten minutes, unless the claims say otherwise."""
        now = int(time.time())
        header = {"alg": algorithm, "typ": "JWT", "kid": key_id or self.key_id}
        body = {"iss": self.name, "iat": now, "exp": now + 600, "sub": "somebody", **claims}
        signed = encode(json.dumps(header).encode()) + "." + encode(json.dumps(body).encode())
        digest = ALGORITHMS.get(algorithm, "sha256")
        info = DIGEST_INFO[digest] + hashlib.new(digest, signed.encode()).digest()
        block = b"\x00\x01" + b"\xff" * (256 - 3 - len(info)) + b"\x00" + info
        signature = pow(int.from_bytes(block, "big"), self.private, self.modulus)
        return signed + "." + encode(signature.to_bytes(256, "big"))
