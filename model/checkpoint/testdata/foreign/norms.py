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

# folded.pth and folded_d.pth: weights in parts, as spectral norm and weight norm of both generations of PyTorch name them; the newer
# weight norm, which 1.13 does not have, by its names
from torch.nn.utils import spectral_norm, weight_norm, parametrizations
def spun(m, f=spectral_norm):
    m = f(m, n_power_iterations=9); m.train(); m(torch.randn(3, m.in_channels if hasattr(m, 'in_channels') else m.in_features, *([5, 5] if hasattr(m, 'in_channels') else []))); return m
torch.manual_seed(22)
G = Main(weight_norm(CT(5, 4, 4, 1, 0)), BN(4), R(), spun(CT(4, 4, 4, 2, 1)), BN(4), R(), weight_norm(CT(4, 1, 4, 2, 1, bias=False), dim=1), nn.Tanh())
D = Main(spun(C(1, 4, 4, 2, 1), parametrizations.spectral_norm), LR(), spun(C(4, 4, 4, 2, 1)), LR(), weight_norm(C(4, 1, 4, 1, 0)))
for k, v in [*G.state_dict().items(), *D.state_dict().items()]:
    if k.endswith('weight_g'): v.mul_(2)
G.eval(); D.eval()
named = lambda n: {k.replace('weight_g', 'parametrizations.weight.original0').replace('weight_v', 'parametrizations.weight.original1') if n is G and k.startswith('main.6') else k: v for k, v in n.state_dict().items()}
torch.save(named(G), 'folded.pth'); torch.save(named(D), 'folded_d.pth')
z = torch.randn(3, 5)
with torch.no_grad(): x = G(z.view(3, 5, 1, 1)); write('folded.safetensors', {'in/z': z, 'want/images': x, 'want/logits': D(x).flatten()})
