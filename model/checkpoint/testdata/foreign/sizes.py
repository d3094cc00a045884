#!/usr/bin/python3
"""Both families at images that are not square: NAME.pth with netG and netD, and NAME.safetensors as gen.py's.

  wide  pytorch/examples at 12x20: a start of 3x5
  tall  the paper's at 20x12, with linear layers of 5x3 pixels

Made with PyTorch 1.13.1 (Debian) on one thread: /usr/bin/python3 sizes.py, in this folder.
"""
from nets import *

G = stir(Main(CT(3, 4, (3, 5), 1, 0, bias=False), BN(4), R(), CT(4, 2, 4, 2, 1, bias=False), BN(2), R(), CT(2, 3, 4, 2, 1, bias=False), nn.Tanh()), 60)
D = stir(Main(C(3, 2, 4, 2, 1, bias=False), LR(), C(2, 4, 4, 2, 1, bias=False), BN(4), LR(), C(4, 1, (3, 5), 1, 0, bias=False)), 61)
torch.save({'netG': G.state_dict(), 'netD': D.state_dict()}, 'wide.pth')
results('wide', G, D, 3)

class Reshape(nn.Module):
    def __init__(s, *shape): super().__init__(); s.shape = shape
    def forward(s, x): return x.view(x.shape[0], *s.shape)
G = stir(Main(L(3, 60, bias=False), BN1(60), R(), Reshape(4, 5, 3), CT(4, 2, 5, 2, 2, 1, bias=False), BN(2), R(), CT(2, 1, 5, 2, 2, 1, bias=False), nn.Tanh()), 62)
D = stir(Main(C(1, 2, 5, 2, 2, bias=False), LR(), C(2, 4, 5, 2, 2, bias=False), BN(4), LR(), nn.Flatten(), L(60, 1, bias=False)), 63)
torch.save({'netG': G.state_dict(), 'netD': D.state_dict()}, 'tall.pth')
results('tall', G, D, 3, latent4=False)
