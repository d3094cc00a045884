#!/usr/bin/python3
"""The nets of `dcganviz train --conditional` in PyTorch, and three steps of them as a reference.

    /usr/bin/python3 testdata/torch/conditional.py testdata/torch/conditional_step.safetensors

A class is a one-hot vector y. It is joined to the input of every convolution and linear layer, behind the other channels
and the same at every location; to a flattened input behind its other numbers. load_state_dict takes what a model file
holds after "G." or "D.". The reference is of arch paper with a hidden layer (the layout of the paper's authors for
MNIST), at a size that is not square, in float64: losses of three steps, gradients of the first, weights after the last.
"""
import json
import struct
import sys

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F


class Told(nn.Module):
    """Layers of which each that has weights, but for batch norm, is told y."""

    def __init__(self, *layers):
        super().__init__()
        self.main = nn.Sequential(*layers)

    def forward(self, x, y):
        for layer in self.main:
            if isinstance(layer, nn.Linear):
                x = torch.cat([x, y], 1)
            elif isinstance(layer, (nn.Conv2d, nn.ConvTranspose2d)):
                x = torch.cat([x, y[:, :, None, None].expand(-1, -1, *x.shape[2:])], 1)
            x = layer(x)
        return x


def nets(height, width, channels, noise, classes, ngf, ndf, hidden):
    """G and D of arch paper with a hidden layer, of images whose first feature map has a quarter of their sides."""
    h, w, k = height // 4, width // 4, classes
    g = Told(
        nn.Linear(noise + k, hidden, bias=False), nn.BatchNorm1d(hidden), nn.ReLU(),
        nn.Linear(hidden + k, 2 * ngf * h * w, bias=False), nn.BatchNorm1d(2 * ngf * h * w), nn.ReLU(),
        nn.Unflatten(1, (2 * ngf, h, w)),
        nn.ConvTranspose2d(2 * ngf + k, ngf, 5, 2, 2, 1, bias=False), nn.BatchNorm2d(ngf), nn.ReLU(),
        nn.ConvTranspose2d(ngf + k, channels, 5, 2, 2, 1, bias=False), nn.Tanh())
    d = Told(
        nn.Conv2d(channels + k, ndf, 5, 2, 2, bias=False), nn.LeakyReLU(0.2),
        nn.Conv2d(ndf + k, 2 * ndf, 5, 2, 2, bias=False), nn.BatchNorm2d(2 * ndf), nn.LeakyReLU(0.2),
        nn.Flatten(),
        nn.Linear(2 * ndf * h * w + k, hidden, bias=False), nn.BatchNorm1d(hidden), nn.LeakyReLU(0.2),
        nn.Linear(hidden + k, 1, bias=False))
    return g, d


def main(path):
    cfg = dict(height=16, width=24, channels=1, noise=4, classes=3, ngf=2, ndf=3, hidden=5)
    steps, batch = 3, 6
    torch.manual_seed(7)
    torch.set_default_dtype(torch.float64)
    g, d = nets(**cfg)
    for p in list(g.parameters()) + list(d.parameters()):
        with torch.no_grad():
            p.copy_((p if p.dim() == 1 else 0.1 * torch.randn(p.shape)).float())
    out = {}
    keep = lambda prefix, net, dtype: out.update(
        {prefix + n: v.detach().numpy().copy().astype(np.int64 if v.dtype == torch.int64 else dtype) for n, v in net.state_dict().items()})
    keep("in/G0/", g, np.float32)
    keep("in/D0/", d, np.float32)
    z = torch.randn(steps, batch, cfg["noise"]).float().double()
    real = torch.tanh(torch.randn(steps, batch, cfg["channels"], cfg["height"], cfg["width"])).float().double()
    labels = torch.randint(0, cfg["classes"], (steps, batch))
    opt_g, opt_d = (torch.optim.Adam(n.parameters(), lr=2e-4, betas=(0.5, 0.999)) for n in (g, d))
    loss = F.binary_cross_entropy_with_logits
    losses = []
    for s in range(steps):
        y = F.one_hot(labels[s], cfg["classes"]).double()
        one, zero = torch.ones(batch, 1), torch.zeros(batch, 1)
        d.zero_grad()
        on_real = loss(d(real[s], y), one)
        fake = g(z[s], y)
        on_fake = loss(d(fake.detach(), y), zero)
        (on_real + on_fake).backward()
        grads = {"f64/gradD/" + n: p.grad.numpy().copy() for n, p in d.named_parameters()}
        opt_d.step()
        g.zero_grad()
        on_g = loss(d(fake, y), one)
        on_g.backward()
        grads.update({"f64/gradG/" + n: p.grad.numpy().copy() for n, p in g.named_parameters()})
        opt_g.step()
        losses.append([on_real.item(), on_fake.item(), on_g.item()])
        if s == 0:
            out.update(grads)
    keep("f64/G/", g, np.float64)
    keep("f64/D/", d, np.float64)
    out.update({"in/z": z.numpy().astype(np.float32), "in/real": real.numpy().astype(np.float32),
                "in/labels": labels.numpy(), "f64/losses": np.array(losses)})
    header, data = {"__metadata__": {n: str(v) for n, v in cfg.items()}}, b""
    for name, a in out.items():
        kind = {"float32": "F32", "float64": "F64", "int64": "I64"}[a.dtype.name]
        header[name] = {"dtype": kind, "shape": list(a.shape), "data_offsets": [len(data), len(data) + a.nbytes]}
        data += a.tobytes()
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as f:
        f.write(struct.pack("<Q", len(text)) + text + data)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
