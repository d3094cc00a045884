#!/usr/bin/python3
"""norms.safetensors: a G and a D with every other norm, with results as gen.py's and the weights as state/G/... and state/D/...

Made with PyTorch 1.13.1 (Debian) on one thread: /usr/bin/python3 norms.py, in this folder.
"""
from nets import *
GN, IN, LN = nn.GroupNorm, lambda c: nn.InstanceNorm2d(c, affine=True), nn.LayerNorm
G = stir(Main(CT(5, 6, (2, 3), 1, 0), LR(.2), BN(6), CT(6, 4, 4, 2, 1), GN(2, 4), LR(.2), CT(4, 4, 3, 1, 1, bias=False), IN(4), R(), CT(4, 2, 3, 2, 1), R(), LN([2, 7, 11]),
    C(2, 1, (1, 5), 1, 0), nn.Tanh()), 20)
D = stir(Main(C(1, 4, 3, 2, 1), LR(.2), GN(2, 4), C(4, 6, 3, 1, 0), R(), BN(6), C(6, 4, 2, 1, 0), LN([4, 1, 1]), LR(.1), C(4, 1, 1, 1, 0)), 21)
state = {f'state/{n}/{k}': v.clone().float() for n, net in (('G', G), ('D', D)) for k, v in net.state_dict().items()}
results('norms', G, D, 5, more=state)
