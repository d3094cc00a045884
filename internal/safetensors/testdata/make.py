"""Makes foreign.safetensors: what a writer that is not ours could write, with
torch's and numpy's own conversions beside each tensor. Made with Debian's
python3-torch 1.13.0a0 and numpy 1.24.2. Run: python3 make.py"""
import json
import os
import struct

import numpy as np
import torch

half = np.array([0, 0x8000, 1, 0x3FF, 0x400, 0x3C00, 0xBC01, 0x7BFF, 0x7C00, 0xFC00], "<u2")
brain = np.array([0, 0x8000, 1, 0x7F, 0x80, 0x3F80, 0xC049, 0x7F7F, 0x7F80, 0xFF80], "<u2")
single = np.array([0, -0.0, 1e-45, 1.17549421e-38, 1.5, -2.25, 3.4028235e38, np.inf, -np.inf, np.pi], "<f4")
double = np.array([0.1, 1 + 2.0**-24, 1 + 3 * 2.0**-24, 5e-324, -1e-40, np.inf], "<f8")

as_torch = torch.tensor(half.view("<i2")).view(torch.float16).float().numpy()
assert (as_torch == half.view("<f2").astype("<f4")).all()
wide_brain = torch.tensor(brain.view("<i2")).view(torch.bfloat16).float().numpy()

tensors = [  # name, dtype, shape, bytes: the order of the header, not of the data
    ("half", "F16", [2, 5], half),
    ("half as f32", "F32", [2, 5], as_torch),
    ("brain", "BF16", [5, 2], brain),
    ("brain as f32", "F32", [5, 2], wide_brain),
    ("single", "F32", [10], single),
    ("single as f64", "F64", [10], single.astype("<f8")),
    ("double", "F64", [1, 6, 1], double),
    ("double as f32", "F32", [1, 6, 1], double.astype("<f4")),
    ("steps", "I64", [], np.array(-(2**62) - 1, "<i8")),
    ("i32", "I32", [2], np.array([-(2**31), 2**31 - 1], "<i4")),
    ("u32", "U32", [1], np.array([2**32 - 1], "<u4")),
    ("i16", "I16", [2], np.array([-(2**15), 7], "<i2")),
    ("u16", "U16", [1], np.array([2**16 - 1], "<u2")),
    ("i8", "I8", [2], np.array([-128, 127], "i1")),
    ("u8", "U8", [3], np.array([0, 1, 255], "u1")),
    ("flags", "BOOL", [2, 2], np.array([1, 0, 0, 1], "u1")),
    ("empty", "F32", [3, 0], np.zeros((3, 0), "<f4")),
    ("f8", "F8_E4M3", [2], np.array([1, 2], "u1")),
    ('na\u00efve \U0001f600 "quoted"\n', "U8", [1], np.array([42], "u1")),
]
header = {"__metadata__": {"doc": "caf\u00e9 \u2603", "format": "pt"}}
at = 0
place = {}
data = b""
for name, _, _, a in sorted(tensors, key=lambda t: t[0]):
    place[name] = [at, at + a.nbytes]
    data += a.tobytes()
    at += a.nbytes
for name, dtype, shape, a in tensors:
    assert int(np.prod(shape, dtype=int)) == a.size
    header[name] = {"shape": shape, "data_offsets": place[name], "dtype": dtype}
text = json.dumps(header, indent=1).encode()  # white space and \u escapes
out = os.path.join(os.path.dirname(os.path.abspath(__file__)), "foreign.safetensors")
with open(out, "wb") as f:
    f.write(struct.pack("<Q", len(text)) + text + data)
