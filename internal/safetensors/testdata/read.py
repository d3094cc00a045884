"""Reads a safetensors file with json and numpy alone and prints what is in it,
for TestPythonReadsWhatWeWrite. Run: python3 read.py FILE"""
import hashlib
import json
import re
import struct
import sys

import numpy as np

TYPES = {"F16": "<f2", "F32": "<f4", "F64": "<f8", "I64": "<i8", "I32": "<i4", "U8": "u1", "BOOL": "?"}

b = open(sys.argv[1], "rb").read()
(n,) = struct.unpack("<Q", b[:8])
assert n % 8 == 0 and b[8:9] == b"{"
header = json.loads(b[8 : 8 + n])
meta = header.pop("__metadata__")
zeroed, count = re.subn(rb'"sha256":"[0-9a-f]{64}"', b'"sha256":"' + b"0" * 64 + b'"', b)
print("digest", count == 1 and hashlib.sha256(zeroed).hexdigest() == meta["sha256"])
for key in sorted(meta):
    if not key.startswith("sha256"):
        print("metadata", json.dumps(key), json.dumps(meta[key]))
for name, t in header.items():
    begin, end = t["data_offsets"]
    dtype = np.dtype(TYPES[t["dtype"]])
    assert begin % dtype.itemsize == 0, (name, begin)
    a = np.frombuffer(b[8 + n + begin : 8 + n + end], dtype).reshape(t["shape"])
    print(name, t["dtype"], list(a.shape), a.ravel().tolist())
