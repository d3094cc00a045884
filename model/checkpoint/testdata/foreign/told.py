#!/usr/bin/python3
"""Pairs whose state dicts leave out what their statistics tell: activations, their order with the norm, the law of the latents.

    /usr/bin/python3 told.py FOLDER [SEEDS]

trains each kind for 300 steps as DCGANs are, for so many seeds (1), and writes FOLDER/KIND-SEED.pth, {'netG', 'netD'}, and
FOLDER/KIND-SEED.safetensors with latents, images and logits in eval mode (float64). told/ here is of seed 0, narrower and without D.
Made with PyTorch 1.13.1 (Debian) on one thread.
"""
import sys
from nets import *

class Reshape(nn.Module):
    def __init__(s, *shape): super().__init__(); s.shape = shape
    def forward(s, x): return x.view(x.shape[0], *s.shape)

def up(i, o, k=4, bias=False): return CT(i, o, k, 2, 1 if k == 4 else 2, 0 if k == 4 else 1, bias=bias)
nz, w = (16, 16) if len(sys.argv) > 2 else (8, 8)
def project(): return CT(nz, 2 * w, 4, 1, 0, bias=False)
KINDS = {  # G, the slope of D, the law
    'relu': (lambda: [project(), BN(2 * w), R(), up(2 * w, w), BN(w), R(), up(w, 1), nn.Tanh()], .2, 'normal'),
    'leaky': (lambda: [project(), BN(2 * w), LR(), up(2 * w, w), BN(w), LR(), up(w, 1), nn.Tanh()], .2, 'normal'),
    'slight': (lambda: [project(), BN(2 * w), LR(.01), up(2 * w, w), BN(w), LR(.01), up(w, 1), nn.Tanh()], .01, 'normal'),
    'none': (lambda: [L(nz, 32 * w), Reshape(2 * w, 4, 4), up(2 * w, w), BN(w), R(), up(w, 1), nn.Tanh()], .2, 'uniform'),
    'five': (lambda: [L(nz, 32 * w), R(), Reshape(2 * w, 4, 4), up(2 * w, w, 5, True), BN(w), R(), up(w, 1, 5, True), nn.Tanh()], .2, 'normal'),
    'after': (lambda: [project(), R(), BN(2 * w), up(2 * w, w), R(), BN(w), up(w, 1), nn.Tanh()], .2, 'uniform'),
}

def pictures(n, rng):
    """Bright ellipses on dark ground, 16x16."""
    y, x = np.mgrid[:16, :16]
    c, r, b = rng.uniform(4, 12, (n, 2, 1, 1)), rng.uniform(2, 6, (n, 2, 1, 1)), rng.uniform(.2, 1, (n, 1, 1))
    d = ((y - c[:, 0]) / r[:, 0]) ** 2 + ((x - c[:, 1]) / r[:, 1]) ** 2
    return torch.tensor((b / (1 + np.exp(4 * (d - 1))) * 2 - 1)[:, None], dtype=torch.float32)

def latents(law, n, g): return torch.randn(n, nz, generator=g) if law == 'normal' else torch.rand(n, nz, generator=g) * 2 - 1

def trained(kind, seed, steps=300, batch=64):
    make, slope, law = KINDS[kind]
    torch.manual_seed(seed); rng = np.random.default_rng(seed); gen = torch.Generator().manual_seed(seed)
    G, D = Main(*make()), Main(C(1, w, 4, 2, 1, bias=False), LR(slope), C(w, 2 * w, 4, 2, 1, bias=False), BN(2 * w), LR(slope), C(2 * w, 1, 4, 1, 0, bias=False))
    for n in (G, D):
        for m in n.modules():
            if isinstance(m, (CT, C, L)): nn.init.normal_(m.weight, 0, .05)
    draw = lambda n: (lambda z: z.view(n, nz, 1, 1) if isinstance(G.main[0], CT) else z)(latents(law, n, gen))
    og, od = (torch.optim.Adam(n.parameters(), 2e-4, (.5, .999)) for n in (G, D))
    loss = lambda y, t: F.binary_cross_entropy_with_logits(y.flatten(), torch.full((batch,), t))
    for _ in range(steps):
        fake = G(draw(batch))
        od.zero_grad(); loss(D(pictures(batch, rng)), 1.).backward(); loss(D(fake.detach()), 0.).backward(); od.step()
        og.zero_grad(); loss(D(fake), 1.).backward(); og.step()
    state = {'netG': G.state_dict(), 'netD': D.state_dict()}
    z = latents(law, 6, gen)
    G, D = G.double().eval(), D.double().eval()
    x = G(z.double().view(6, nz, 1, 1) if isinstance(G.main[0], CT) else z.double())
    return {n: {k: v.clone().float() if v.is_floating_point() else v.clone() for k, v in s.items()} for n, s in state.items()}, {'in/z': z, 'want/images': x.float(), 'want/logits': D(x).flatten().float()}

if __name__ == '__main__':
    folder, seeds = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 1
    os.makedirs(folder, exist_ok=True)
    for seed in range(seeds):
        for kind in KINDS:
            state, results = trained(kind, seed)
            torch.save(state if seeds > 1 else state['netG'], f'{folder}/{kind}-{seed}.pth'); write(f'{folder}/{kind}-{seed}.safetensors', results)
