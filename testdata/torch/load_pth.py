#!/usr/bin/python3
"""Proves that PyTorch loads a .pth of arch pytorch that dcganviz converted, and draws the same images with it.

    dcganviz convert MODEL both.pth
    dcganviz sample MODEL --z z.npy --npy images.npy ...
    /usr/bin/python3 testdata/torch/load_pth.py both.pth z.npy images.npy

torch.load takes the file, load_state_dict (strict) of the nets of pytorch/examples takes what is in it: one state dict of a G,
or netG and netD. G in eval mode draws z, to be compared with the images (NCHW). Prints one line; exits with 1 on a mismatch.
"""
import inspect
import sys

import torch

from load_safetensors import compare, discriminator, generator


def load(path):
    safe = {"weights_only": True} if "weights_only" in inspect.signature(torch.load).parameters else {}
    return torch.load(path, **safe)


def main(path, z_path, images_path):
    got = load(path)
    sd_g, sd_d = (got["netG"], got["netD"]) if set(got) == {"netG", "netD"} else (got, {})
    compare(path, {k: v.float() if v.is_floating_point() else v for k, v in sd_g.items()},
            {k: v.float() if v.is_floating_point() else v for k, v in sd_d.items()}, z_path, images_path)


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    main(*sys.argv[1:])
