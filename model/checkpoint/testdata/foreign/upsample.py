#!/usr/bin/python3
"""Generators of Upsample and Conv2d, and what they do in PyTorch: NAME.pth, NAME_d.pth and NAME.safetensors as
gen.py's, with the weights as state/G/... and state/D/....

  gan       the layout of PyTorch-GAN's dcgan.py, with epsilons of 0.8 and norms behind the activations of D
  bilinear  Upsample(mode='bilinear') by 3 and by 2, with names that tell nothing
  corners   the same with align_corners=True

Made with PyTorch 1.13.1 (Debian) on one thread: /usr/bin/python3 upsample.py, in this folder.
"""
from nets import *

class Generator(nn.Module):
    def __init__(s, nz, size, width, channels):
        super().__init__()
        s.width, s.side = width, size // 4
        s.l1 = nn.Sequential(L(nz, width * s.side ** 2))
        s.conv_blocks = nn.Sequential(BN(width), nn.Upsample(scale_factor=2), C(width, width, 3, 1, 1), BN(width, .8), LR(), nn.Upsample(scale_factor=2),
            C(width, width // 2, 3, 1, 1), BN(width // 2, .8), LR(), C(width // 2, channels, 3, 1, 1), nn.Tanh())
    def forward(s, z): return s.conv_blocks(s.l1(z).view(-1, s.width, s.side, s.side))

class Discriminator(nn.Module):
    def __init__(s, size, channels):
        super().__init__()
        block = lambda i, o, bn=True: [C(i, o, 3, 2, 1), LR(), nn.Dropout2d(0)] + ([BN(o, .8)] if bn else [])
        s.model = nn.Sequential(*block(channels, 2, False), *block(2, 4), *block(4, 3))
        s.adv_layer = nn.Sequential(L(3 * (size // 8) ** 2, 1))
    def forward(s, x): return s.adv_layer(s.model(x).flatten(1))

state = lambda G, D: {f'state/{n}/{k}': v.clone().float() for n, net in (('G', G), ('D', D)) for k, v in net.state_dict().items()}

G, D = stir(Generator(7, 16, 4, 1), 30), stir(Discriminator(16, 1), 31)
torch.save(G.state_dict(), 'gan.pth'); torch.save(D.state_dict(), 'gan_d.pth')
results('gan', G, D, 7, latent4=False, more=state(G, D))

class Odd(nn.Module):
    def __init__(s, **how):
        super().__init__()
        s.fc, s.a, s.na, s.b, s.nb, s.c = L(5, 4 * 6), C(4, 4, 5, 1, 2), BN(4), C(4, 3, 3, 1, 1, bias=False), BN(3), C(3, 3, 3, 1, 1)
        s.up = lambda x, f: F.interpolate(x, scale_factor=f, mode='bilinear', **how)
    def forward(s, z):
        x = F.leaky_relu(s.fc(z).view(-1, 4, 2, 3), .1)
        x = F.leaky_relu(s.na(s.a(s.up(x, 3))), .1)
        return torch.tanh(s.c(F.leaky_relu(s.nb(s.b(s.up(x, 2))), .1)))

for name, how in (('bilinear', {'align_corners': False}), ('corners', {'align_corners': True})):
    G = stir(Odd(**how), 32)
    D = stir(Main(C(3, 2, 4, 2, 1), LR(), C(2, 4, 4, 2, 1), LR(), C(4, 1, (3, 4), 1, 0)), 33)
    torch.save(G.state_dict(), name + '.pth'); torch.save(D.state_dict(), name + '_d.pth')
    results(name, G, D, 5, latent4=False, more=state(G, D))
