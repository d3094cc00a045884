#!/usr/bin/python3
"""Checkpoints of small DCGANs as PyTorch writes them, and what the nets do in PyTorch.

Made with PyTorch 1.13.1 (Debian) on one thread: /usr/bin/python3 gen.py, in this folder. Legacy files name storages by their
addresses, so the two digits*.pth differ from run to run; all else does not.

All is computed in float64 and stored in float32. Each case has NAME.pth (zip or legacy), maybe NAME_d.pth for D, or a folder, and NAME.safetensors with, for latents in/z:
  want/images, want/logits             in eval mode: running statistics where there are some
  want/batch/images, want/batch/logits with batch statistics (D's input is want/images both times)
  want/dz, want/dx                     gradients of sum(images*in/gy) and of sum(logits)
  want/loss, want/D/..., want/G/...     one training pass with batch statistics: the loss of D for images as real ones, its gradients to
                                     D's parameters, and those to G's parameters through D
"""
from nets import *

# pytorch/examples, both nets in a training checkpoint, with DataParallel's prefix
torch.manual_seed(1)
G = stir(Main(CT(3, 4, 4, 1, 0, bias=False), BN(4), R(), CT(4, 2, 4, 2, 1, bias=False), BN(2), R(), CT(2, 3, 4, 2, 1, bias=False), nn.Tanh()), 1)
D = stir(Main(C(3, 2, 4, 2, 1, bias=False), LR(), C(2, 4, 4, 2, 1, bias=False), BN(4), LR(), C(4, 1, 4, 1, 0, bias=False)), 2)
mod = lambda n: {'module.' + k: v for k, v in n.state_dict().items()}
torch.save({'epoch': 3, 'netG': mod(G), 'netD': mod(D), 'optG': torch.optim.Adam(G.parameters()).state_dict()}, 'examples.pth')
results('examples', G, D, 3)

# The 28x28 family: two legacy files, names of nested Sequentials, D's class with its layers named first
class Gen(nn.Module):
    def __init__(s):
        super().__init__(); b = lambda i, o, k, t: nn.Sequential(CT(i, o, k, t), BN(o), R())
        s.gen = nn.Sequential(b(5, 4, 3, 2), b(4, 2, 4, 1), b(2, 2, 3, 2), nn.Sequential(CT(2, 1, 4, 2), nn.Tanh()))
    def forward(s, z): return s.gen(z)
class Disc(nn.Module):
    def __init__(s):
        super().__init__(); s.conv1, s.conv2, s.conv3, s.bn1, s.bn2 = C(1, 2, 4, 2), C(2, 4, 4, 2), C(4, 1, 4, 2), BN(2), BN(4)
    def forward(s, x): return s.conv3(F.leaky_relu(s.bn2(s.conv2(F.leaky_relu(s.bn1(s.conv1(x)), .2))), .2))
G, D = stir(Gen(), 3), stir(Disc(), 4)
torch.save(G.state_dict(), 'digits.pth', _use_new_zipfile_serialization=False); torch.save(D.state_dict(), 'digits_d.pth', _use_new_zipfile_serialization=False)
results('digits', G, D, 5, batch=2)

# The paper's, without running statistics, as one state dict of a module that holds both nets and a moving average of G
class Reshape(nn.Module):
    def __init__(s, *shape): super().__init__(); s.shape = shape
    def forward(s, x): return x.view(x.shape[0], *s.shape)
def paper():
    G = Main(L(5, 64, bias=False), BN1(64, track_running_stats=False), R(), Reshape(4, 4, 4), CT(4, 2, 5, 2, 2, 1, bias=False), BN(2, track_running_stats=False), R(), CT(2, 3, 5, 2, 2, 1, bias=False), nn.Tanh())
    D = Main(C(3, 2, 5, 2, 2, bias=False), LR(), C(2, 4, 5, 2, 2, bias=False), BN(4, track_running_stats=False), LR(), nn.Flatten(), L(64, 1, bias=False))
    return G, D
class GAN(nn.Module):
    def __init__(s): super().__init__(); s.generator, s.discriminator = paper(); s.generator_ema = paper()[0]
gan = GAN(); stir(gan.generator, 5), stir(gan.discriminator, 6), stir(gan.generator_ema, 7)
torch.save({'state_dict': gan.state_dict(), 'hyper_parameters': {'lr': 2e-4}}, 'paper.pth')
results('paper', gan.generator, gan.discriminator, 5, latent4=False, step=False)

# The same as the authors' arrays: kernels turned around, dense weights [in, out], eps 1e-8. Theano's convolution is taken to turn kernels
# around; that their own net draws house numbers then, and mush otherwise, is what says so.
G, D = paper(); stir(G, 10), stir(D, 11)
for m in [*G.modules(), *D.modules()]:
    if isinstance(m, (BN, BN1)): m.eps = 1e-8
os.makedirs('arrays', exist_ok=True)
for name, net in (('gen', G), ('discrim', D)):
    for i, w in enumerate(net.parameters(), 1):
        w = w.detach().numpy()
        w = w.T if w.ndim == 2 else w[:, :, ::-1, ::-1] if w.ndim == 4 else w
        np.save(f'arrays/200_{name}_params.jl_{i:02}.npy', np.ascontiguousarray(w))
results('arrays', G, D, 5, latent4=False, step=False)

# No family: everything odd at once
G = stir(Main(L(5, 12), BN1(12), LR(.1), Reshape(3, 2, 2), CT(3, 4, (3, 4), 2, 1), BN(4), LR(.1), CT(4, 3, (4, 3), 1, 0), BN(3), LR(.1),
    C(3, 5, 3, 1, 1, bias=False), BN(5, affine=False), LR(.1), CT(5, 2, 5, 3, 2, 2), LR(.1), CT(2, 1, 2, 1, 1), BN(1), nn.Tanh()), 8)
D = stir(Main(C(1, 3, 3, 3, 1), BN(3), LR(.3), CT(3, 2, 2, 1, 0), LR(.3), C(2, 4, 3, 2, 0), BN(4), LR(.3), nn.Flatten(), L(36, 6), BN1(6), LR(.3), L(6, 1)), 9)
torch.save(G.state_dict(), 'odd.pth'); torch.save(D.state_dict(), 'odd_d.pth')
results('odd', G, D, 5, latent4=False)

# A few bytes that claim gigabytes: every weight is one number, seen many times
one = lambda *s: torch.zeros(1).expand(*s)
claims = {'main.0.weight': one(100, 8192, 4, 4), 'main.3.weight': one(8192, 4096, 4, 4), 'main.6.weight': one(4096, 3, 4, 4)}
torch.save({k: v for k, v in claims.items()}, 'claims.pth')
