#!/usr/bin/python3
"""Makes the small checkpoints of the tests and expected.json, what is in them by torch's own account. Made with Debian's
python3-torch 1.13.0a0 (Python 3.11). Run: /usr/bin/python3 make.py

Legacy files hold memory addresses as keys, so their bytes differ from run to run; the zip ones and expected.json do not.
"""
import collections
import io
import json
import os
import pathlib
import pickle
import struct
import sys
import zipfile

import numpy as np
import torch
from torch import nn

sys.dont_write_bytecode = True
from dump import describe  # noqa: E402

here = os.path.dirname(os.path.abspath(__file__))
torch.manual_seed(1)
torch.set_num_threads(1)
expected = {}


def save(name, obj, legacy=False, like=None, **kw):
    path = os.path.join(here, name + ".pth")
    torch.save(obj, path, _use_new_zipfile_serialization=not legacy, **kw)
    if like is not False:
        expected[name] = describe(obj if like is None else like)


class Generator(nn.Module):
    def __init__(self):
        super().__init__()
        self.main = nn.Sequential(nn.ConvTranspose2d(3, 2, 2, 1, 0, bias=False), nn.BatchNorm2d(2), nn.ReLU(True), nn.ConvTranspose2d(2, 1, 3, 2, 1), nn.Tanh())

    def forward(self, x):
        return self.main(x)


class Discriminator(nn.Module):
    def __init__(self):
        super().__init__()
        self.main = nn.Sequential(nn.Conv2d(1, 2, 3, 2, 1), nn.LeakyReLU(0.2), nn.Conv2d(2, 1, 2, bias=False))

    def forward(self, x):
        return self.main(x).flatten()


# Made from text, so that a legacy file does not hold the source and path of this script.
exec("class Whole(nn.Module):\n  def __init__(self):\n    super().__init__()\n    self.w = nn.Parameter(torch.ones(2))")

G, D = Generator(), Discriminator()
optG, optD = torch.optim.Adam(G.parameters(), 2e-4, (0.5, 0.999)), torch.optim.SGD(D.parameters(), 0.1, momentum=0.9)
for _ in range(3):
    loss = D(G(torch.randn(4, 3, 1, 1))).mean()
    optG.zero_grad(), optD.zero_grad(), loss.backward(), optG.step(), optD.step()

state = G.state_dict()
floats = [k for k, v in state.items() if v.is_floating_point()]
cast = lambda t: {k: v.to(t) if v.is_floating_point() else v for k, v in state.items()}
for legacy, tail in ((False, ""), (True, "_legacy")):
    save("plain" + tail, state, legacy)
    save("half" + tail, cast(torch.float16), legacy)
    save("double" + tail, cast(torch.float64), legacy)
    # A plain OrderedDict of plain tensors, which is what WriteZip writes.
    save("ordered" + tail, collections.OrderedDict((k, v.clone()) for k, v in state.items()), legacy)

    flat = torch.cat([state[k].flatten() for k in floats])
    shared, at = {}, 0
    for k in floats:
        shared[k] = flat[at : at + state[k].numel()].view(state[k].shape)
        at += state[k].numel()
    save("shared" + tail, shared, legacy)
    save("dataparallel" + tail, {"module." + k: v for k, v in state.items()}, legacy)

    ramp = torch.arange(120, dtype=torch.float32)
    save("strided" + tail, {
        "transposed": ramp[:6].clone().view(2, 3).t(),
        "channels last": ramp.clone().view(2, 3, 4, 5).contiguous(memory_format=torch.channels_last),
        "permuted": ramp[:24].clone().view(2, 3, 4).permute(1, 2, 0),
        "scalar": torch.tensor(1.5), "one": torch.ones(1, 1, 1), "empty": torch.empty(0, 3), "empty rows": torch.empty(2, 0),
    }, legacy)
    save("views" + tail, {
        "offset": ramp[7:10], "step": ramp[1:20:3], "window": ramp.view(10, 12)[2:4, 3:6], "column": ramp.view(10, 12)[:, 5],
        "window of transposed": ramp.view(10, 12).t()[1:3, 4:7], "expanded": torch.tensor([[1.0], [2.0]]).expand(2, 3), "end": ramp[120:],
    }, legacy)
    save("dtypes" + tail, {
        "f2": torch.tensor([0, -0.0, 1, 65504, 6e-8, np.inf, np.nan], dtype=torch.float16),
        "bf": torch.tensor([0, -0.0, 1, 3e38, 1e-40, -np.inf, np.nan], dtype=torch.bfloat16),
        "f4": torch.tensor([0, -0.0, 1, 3.4e38, 1e-45, np.inf, np.nan], dtype=torch.float32),
        "f8": torch.tensor([0, -0.0, 0.1, 1 + 2.0**-24, 1 + 3 * 2.0**-24, -np.inf, np.nan, 5e-324], dtype=torch.float64),
        "i8": torch.tensor([-(2**62) - 1, 7]), "i4": torch.tensor([-(2**31), 2**31 - 1], dtype=torch.int32),
        "i2": torch.tensor([-(2**15), 7], dtype=torch.int16), "i1": torch.tensor([-128, 127], dtype=torch.int8),
        "u1": torch.tensor([0, 1, 255], dtype=torch.uint8), "b": torch.tensor([[True, False], [False, True]]),
        "i8 transposed": torch.arange(6).view(2, 3).t(), "f2 transposed": torch.arange(6).half().view(2, 3).t(), "f8 permuted": torch.arange(24).double().view(2, 3, 4).permute(2, 0, 1),
    }, legacy)
    checkpoint = {
        "epoch": 3, "netG": state, "netD": D.state_dict(), "optimizerG": optG.state_dict(), "optimizerD": optD.state_dict(), "note": "full ch\u00e9ckpoint \u2603",
        "losses": [0.5, 1e300, -0.0, float("inf")], "best": None, "ok": True, "done": False, "shape": state["main.0.weight"].shape, "pair": (1, "two"), "one": (1,), "three": (1, 2, 3), "none": (),
        "numbers": [0, -1, 255, 256, 65535, 65536, -(2**31), 2**31, 2**40, -(2**40), 2**63 - 1, -(2**63)],
        "seeds": [2**63, 2**64 - 1, -(2**63) - 1, 10**40], "device": torch.device("cuda", 1), "cpu": torch.device("cpu"), "dtype": torch.float16, "set": {1, 2, 3}, "frozen": frozenset(("a",)),
        "milestones": collections.Counter([30, 80, 80]), "byName": collections.defaultdict(list, {"a": [1]}), "rng": torch.arange(16, dtype=torch.uint8), "bytes": b"\x00\x80\xff", "longer" * 50: "x" * 300,
        "numpy": [np.float64(0.1), np.float32(0.5), np.float16(-2), np.int64(-5), np.uint64(2**64 - 1), np.int8(-3), np.uint16(65535), np.bool_(True)],
        (1, 2): {0: {"deep": [[{"x": torch.ones(2)}]]}}, "same": state,
    }
    save("training" + tail, checkpoint, legacy)
    save("parameter" + tail, G.state_dict(keep_vars=True), legacy)
    save("list" + tail, [state, D.state_dict()], legacy)
    save("tensor" + tail, torch.arange(3.0), legacy)
    for protocol in (3, 4, 5):
        save("protocol%d%s" % (protocol, tail), {k: v for k, v in checkpoint.items() if k[:4] not in ("netG", "netD", "opti")}, legacy, pickle_protocol=protocol)
    # What has to be refused.
    save("protocol1" + tail, {"w": torch.ones(1)}, legacy, like=False, pickle_protocol=1)
    save("odd_module" + tail, Whole(), legacy, like=False)
    save("odd_foreign" + tail, {"w": torch.ones(2), "path": pathlib.PurePosixPath("/x")}, legacy, like=False)

    class Evil:
        def __reduce__(self):
            return os.system, ("echo never run",)

    save("odd_evil" + tail, {"w": torch.ones(2), "x": Evil()}, legacy, like=False)
    loop = [torch.ones(1)]
    loop.append(loop)
    save("odd_loop" + tail, loop, legacy, like=False)
    deep = torch.ones(1)
    for _ in range(100):
        deep = [deep]
    save("odd_deep" + tail, deep, legacy, like=False)
    save("odd_function" + tail, {"w": torch.ones(1), "f": collections.OrderedDict}, legacy, like=False)
    save("odd_complex" + tail, {"w": torch.ones(1, dtype=torch.complex64)}, legacy, like=False)
    save("odd_sparse" + tail, {"w": torch.eye(2).to_sparse()}, legacy, like=False)
    save("odd_quantized" + tail, {"w": torch.quantize_per_tensor(torch.ones(2), 0.1, 0, torch.qint8)}, legacy, like=False)
    save("odd_array" + tail, {"w": torch.ones(1), "a": np.ones(3)}, legacy, like=False)
save("odd_parallel", nn.DataParallel(D), like=False)


def rezip(name, source, change=lambda n, b: (n, b), method=zipfile.ZIP_STORED, like=True):
    """Writes the entries of a file once more, with Python's zipfile."""
    with zipfile.ZipFile(os.path.join(here, source + ".pth")) as old, zipfile.ZipFile(os.path.join(here, name + ".pth"), "w", method) as new:
        for n in old.namelist():
            n, b = change(n, old.read(n))
            new.writestr(zipfile.ZipInfo(n), b, method)
    if like:
        expected[name] = expected[source]


rezip("rezipped", "plain")
rezip("odd_deflated", "plain", method=zipfile.ZIP_DEFLATED, like=False)
rezip("cuda", "plain", lambda n, b: (n, b.replace(b"ctorch\nFloatStorage\n", b"ctorch.cuda\nFloatStorage\n").replace(b"X\3\0\0\0cpu", b"X\6\0\0\0cuda:0")))

# A big-endian machine's file: the width of the elements is in the names here.
WIDTH = {"f2": 2, "bf": 2, "f4": 4, "f8": 8, "i8": 8, "i4": 4, "i2": 2, "i1": 1, "u1": 1, "b": 1, "i8 transposed": 8, "f2 transposed": 2, "f8 permuted": 8}
widths = list(WIDTH.values())


def swap(n, b):
    if "/data/" in n:
        w = widths[int(n.rsplit("/", 1)[1])]
        b = b"".join(b[i : i + w][::-1] for i in range(0, len(b), w))
    return n, b


rezip("big_endian", "dtypes", swap)
with zipfile.ZipFile(os.path.join(here, "big_endian.pth"), "a") as z:
    z.writestr(zipfile.ZipInfo("dtypes/byteorder"), "big")

# What torch 0.3 wrote under Python 2: str for text, long for sizes, an OrderedDict from a list of lists, _rebuild_tensor without version.
old = [("main.0.weight", torch.arange(6.0).view(1, 2, 3)), ("main.1.bias", torch.tensor([0.5, -1.0]))]
short = lambda s: b"U" + bytes([len(s)]) + s.encode()
long1 = lambda n: b"\x8a" + (b"\1" + bytes([n]) if n else b"\0")
tup = lambda ns: b"(" + b"".join(map(long1, ns)) + b"t"
body = b"\x80\x02ccollections\nOrderedDict\nq\x00]q\x01("
for i, (name, t) in enumerate(old):
    body += b"](" + short(name) + b"ctorch._utils\n_rebuild_tensor\n((" + short("storage") + b"ctorch\nFloatStorage\n" + short(str(90 + i)) + short("cpu") + long1(t.numel()) + b"NtQK\x00"
    body += tup(t.shape) + tup(t.stride()) + b"tRe"
body += b"e\x85R."
stream = io.BytesIO()
pickle.dump(0x1950A86A20F9469CFC6C, stream, 2)
pickle.dump(1001, stream, 2)
stream.write(b"\x80\x02}(" + short("protocol_version") + b"M\xe9\x03" + short("little_endian") + b"I01\n" + short("type_sizes") + b"}u." + body + b"\x80\x02](" + short("90") + short("91") + b"e.")
for _, t in old:
    stream.write(struct.pack("<q", t.numel()) + t.numpy().tobytes())
with open(os.path.join(here, "python2_legacy.pth"), "wb") as f:
    f.write(stream.getvalue())
expected["python2_legacy"] = describe(torch.load(os.path.join(here, "python2_legacy.pth")))

for name in ("rezipped", "cuda"):  # torch takes what was changed by hand here
    got = describe(torch.load(os.path.join(here, name + ".pth"), map_location="cpu"))
    assert got == expected[name], name
with open(os.path.join(here, "expected.json"), "w") as f:
    # What is the same in both formats is there once.
    for name in list(expected):
        if name.endswith("_legacy") and expected[name] == expected.get(name[:-7]):
            expected[name] = {"as": name[:-7]}
    f.write("{" + ",\n".join("%s: %s" % (json.dumps(k), json.dumps(v)) for k, v in sorted(expected.items())) + "}\n")
