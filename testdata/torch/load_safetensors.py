#!/usr/bin/python3
"""Proves that PyTorch loads a model of arch pytorch that dcganviz wrote, and draws the same images with it.

    dcganviz sample MODEL --z z.npy --npy images.npy ...
    /usr/bin/python3 testdata/torch/load_safetensors.py MODEL z.npy images.npy

Builds the nets of pytorch/examples at the file's own widths, loads them by load_state_dict (strict) after stripping "G."
and "D." from the names, runs G in eval mode on z and compares with the images (NCHW). The file is read with nothing but
json and numpy, so that no other library's view of the format is tested. Prints one line; exits with 1 on a mismatch.
"""
import json
import struct
import sys

import numpy as np
import torch
from torch import nn

TOLERANCE = 1e-5  # of the largest magnitude, which is at most 1: float32 sums in another order

DTYPES = {"F64": "<f8", "F32": "<f4", "F16": "<f2", "I64": "<i8", "I32": "<i4", "U8": "u1"}


def read(path):
    """Returns the tensors and the metadata of a safetensors file."""
    with open(path, "rb") as f:
        (length,) = struct.unpack("<Q", f.read(8))
        header, data = json.loads(f.read(length)), f.read()
    meta = header.pop("__metadata__", {})
    tensors = {}
    for name, t in header.items():
        begin, end = t["data_offsets"]
        a = np.frombuffer(data[begin:end], DTYPES[t["dtype"]]).reshape(t["shape"])
        tensors[name] = torch.tensor(a.astype(np.int64 if t["dtype"][0] == "I" else np.float32))
    return tensors, meta


def state(tensors, prefix):
    return {n[len(prefix):]: t for n, t in tensors.items() if n.startswith(prefix)}


class Net(nn.Module):
    def __init__(self, layers):
        super().__init__()
        self.main = nn.Sequential(*layers)

    def forward(self, x):
        return self.main(x)


def weights(sd):
    """The convolutions' weights in the order of their layers."""
    names = sorted((n for n in sd if sd[n].dim() == 4), key=lambda n: int(n.split(".")[1]))
    return [sd[n] for n in names]


def generator(sd):
    layers, ws = [], weights(sd)
    for i, w in enumerate(ws):
        cin, cout, k, _ = w.shape  # ConvTranspose2d: [in, out, ky, kx]
        layers.append(nn.ConvTranspose2d(cin, cout, k, *((1, 0) if i == 0 else (2, 1)), bias=False))
        layers += [nn.Tanh()] if i == len(ws) - 1 else [nn.BatchNorm2d(cout), nn.ReLU(True)]
    return Net(layers)


def discriminator(sd):
    layers, ws = [], weights(sd)
    for i, w in enumerate(ws):
        cout, cin, k, _ = w.shape  # Conv2d: [out, in, ky, kx]
        layers.append(nn.Conv2d(cin, cout, k, *((1, 0) if i == len(ws) - 1 else (2, 1)), bias=False))
        if 0 < i < len(ws) - 1:
            layers.append(nn.BatchNorm2d(cout))
        layers.append(nn.Sigmoid() if i == len(ws) - 1 else nn.LeakyReLU(0.2, True))
    return Net(layers)


def main(model, z_path, images_path):
    tensors, meta = read(model)
    sd_g, sd_d = state(tensors, "G."), state(tensors, "D.")
    if len(sd_g) + len(sd_d) != len(tensors) or not sd_g:
        sys.exit(f"{model}: want tensors G.* and D.* only, got {sorted(tensors)}")
    if "main.0.weight" not in sd_g or sd_g["main.0.weight"].dim() != 4:
        sys.exit(f"{model}: not of arch pytorch: {json.loads(meta.get('meta', '{}')).get('config')}")
    compare(model, sd_g, sd_d, z_path, images_path)


def compare(model, sd_g, sd_d, z_path, images_path):
    """Draws z with the nets of the state dicts, of which D's may be empty, and compares with the images."""
    g = generator(sd_g)
    g.load_state_dict(sd_g)
    g.eval()
    z = torch.tensor(np.load(z_path)).float()
    want = np.load(images_path)
    with torch.no_grad():
        got = g(z.reshape(z.shape[0], -1, 1, 1)).numpy()
        scores = ""
        if sd_d:
            d = discriminator(sd_d)
            d.load_state_dict(sd_d)
            d.eval()
            s = d(torch.tensor(got)).flatten()
            if s.numel() != len(got) or not torch.isfinite(s).all():
                sys.exit(f"{model}: D gives {s.shape} scores for {len(got)} images")
            scores = f", D scores {s.min():.3f} to {s.max():.3f}"
    if got.shape != want.shape or want.dtype != np.float32:
        sys.exit(f"{images_path}: {want.dtype} {want.shape}, want float32 {got.shape}")
    worst, largest = float(np.abs(got - want).max()), float(np.abs(got).max())
    if not worst <= TOLERANCE * largest:
        at = np.unravel_index(np.abs(got - want).argmax(), got.shape)
        sys.exit(f"{images_path}: differs by {worst:.2g} at {at}: got {want[at]:.7f}, PyTorch draws {got[at]:.7f}")
    print(f"{model}: PyTorch {torch.__version__} draws the same {len(got)} images to {worst:.1e} (largest magnitude {largest:.2g}){scores}")


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    main(*sys.argv[1:])
