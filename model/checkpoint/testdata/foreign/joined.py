#!/usr/bin/python3
"""Pairs that are told a class at later layers, and D's that are told one: NAME.pth is {'netG', 'netD'}, NAME.safetensors has in/z (noise with the
class's row), in/labels, want/images, and want/logits of these images with these labels, in eval mode (float64). Statistics are those of 200
batches of 64 latents of random classes, and D's of G's images.

  joined_paper   one-hot labels at every layer, as the paper's authors' train_cond_dcgan.py: two linear layers, 5x5 kernels
  joined_conv    one-hot labels at every layer of convolutions alone, 4x4 kernels, leaky in G
  joined_rows    an Embedding at every layer of G, and one of D's own
  joined_pixels  an Embedding behind G's noise; in D an Embedding that is a feature map of pixels
  joined_first   one-hot labels behind G's noise, and as maps to D's first layer alone

Made with PyTorch 1.13.1 (Debian) on one thread: /usr/bin/python3 joined.py, in this folder.
"""
from nets import *

def join(x, y):
    """conv_cond_concat of the authors, and cat for vectors."""
    return torch.cat((x, y[:, :, None, None].expand(-1, -1, *x.shape[2:]) if x.dim() == 4 else y), 1)

class Net(nn.Module):
    def __init__(s, classes, numbers, embed, every, layers, to=None):
        super().__init__()
        s.classes, s.every, s.to = classes, every, to
        if embed: s.label_emb = nn.Embedding(classes, numbers)
        s.layers = nn.ModuleList(layers)
    def row(s, y): return s.label_emb(y) if hasattr(s, 'label_emb') else F.one_hot(y, s.classes).to(next(s.parameters()))
    def forward(s, x, y):
        row, first = s.row(y), True
        for l in s.layers:
            if isinstance(l, (L, C, CT)):
                if isinstance(l, L): x = x.flatten(1)
                if first and s.to: x = torch.cat((x, row.view(-1, *s.to)), 1)
                elif first or s.every: x = join(x, row)
                first = False
                if isinstance(l, CT) and x.dim() == 2: x = x[:, :, None, None]
            x = l(x)
        return x

class View(nn.Module):
    def __init__(s, *shape): super().__init__(); s.shape = shape
    def forward(s, x): return x.view(-1, *s.shape)

def pairs():
    k, n, w = 3, 5, 5
    five = lambda i, o: CT(i, o, 5, 2, 2, 1, bias=False)
    yield 'paper', n, Net(k, k, False, True, [L(n + k, 7, bias=False), BN1(7), R(), L(7 + k, 6 * 16, bias=False), BN1(6 * 16), R(), View(6, 4, 4),
        five(6 + k, w), BN(w), R(), five(w + k, 1), nn.Tanh()]), Net(k, k, False, True, [C(1 + k, w, 5, 2, 2, bias=False), LR(), C(w + k, 6, 5, 2, 2, bias=False), BN(6), LR(),
        L(6 * 16 + k, 7, bias=False), BN1(7), LR(), L(7 + k, 1, bias=False)])
    yield 'conv', n, Net(k, k, False, True, [CT(n + k, 6, 4, 1, 0), BN(6), LR(), CT(6 + k, w, 4, 2, 1), BN(w), LR(), CT(w + k, 3, 4, 2, 1), nn.Tanh()]), \
        Net(k, k, False, True, [C(3 + k, w, 4, 2, 1), LR(), C(w + k, 6, 4, 2, 1), BN(6), LR(), C(6 + k, 1, 4, 1, 0)])
    yield 'rows', n, Net(4, 2, True, True, [CT(n + 2, 6, 4, 1, 0), BN(6), R(), CT(6 + 2, w, 4, 2, 1), BN(w), R(), CT(w + 2, 1, 4, 2, 1), nn.Tanh()]), \
        Net(4, 3, True, True, [C(1 + 3, w, 4, 2, 1), LR(), C(w + 3, 6, 4, 2, 1), BN(6), LR(), C(6 + 3, 1, 4, 1, 0)])
    yield 'pixels', n, Net(4, 3, True, False, [CT(n + 3, 6, 4, 1, 0), BN(6), R(), CT(6, w, 4, 2, 1), BN(w), R(), CT(w, 1, 4, 2, 1), nn.Tanh()]), \
        Net(4, 256, True, False, [C(1 + 1, w, 4, 2, 1), LR(), C(w, 6, 4, 2, 1), BN(6), LR(), C(6, 1, 4, 1, 0)], (1, 16, 16))
    yield 'first', n, Net(k, k, False, False, [CT(n + k, 6, 4, 1, 0), BN(6), R(), CT(6, w, 4, 2, 1), BN(w), R(), CT(w, 1, 4, 2, 1), nn.Tanh()]), \
        Net(k, k, False, False, [C(1 + k, w, 4, 2, 1), LR(), C(w, 6, 4, 2, 1), BN(6), LR(), C(6, 1, 4, 1, 0)])

if __name__ == '__main__':
    for seed, (name, nz, G, D) in enumerate(pairs()):
        torch.manual_seed(seed + 90)
        for k, N in enumerate((G, D)):
            stir(N, seed + 80 + 7 * k)
            if hasattr(N, 'label_emb'): N.label_emb.weight.data.normal_()
            for m in N.modules():
                if isinstance(m, (BN, BN1)): m.reset_running_stats(); m.momentum = None
        with torch.no_grad():
            for _ in range(200):
                y = torch.randint(G.classes, (64,)); D(G(torch.randn(64, nz), y), y)
        torch.save({'netG': G.state_dict(), 'netD': D.state_dict()}, f'joined_{name}.pth')
        G, D = G.double().eval(), D.double().eval()
        noise, y = torch.randn(8, nz), torch.arange(8) % G.classes
        with torch.no_grad(): x = G(noise.double(), y); logits = D(x, y).flatten(); z = torch.cat((noise.double(), G.row(y)), 1)
        write(f'joined_{name}.safetensors', {'in/labels': y.float(), 'in/z': z.float(), 'want/images': x.float(), 'want/logits': logits.float()})
