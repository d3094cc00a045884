#!/usr/bin/python3
"""Pairs of other losses than cross-entropy, for what doctor says of them.

    /usr/bin/python3 critics.py FOLDER [SEEDS]

trains each kind for 300 steps on the pictures of told.py, for so many seeds (2), and writes FOLDER/KIND-SEED.pth, {'netG', 'netD'}, and
FOLDER/KIND-SEED.safetensors as told.py does.

  wgan-gp-instance  a critic with instance norms and a gradient penalty of 10 (Gulrajani et al. 2017, arXiv:1704.00028), three steps for one of G
  wgan-gp-layer     the same with layer norms
  lsgan             least squares to 0 and 1 (Mao et al. 2017, arXiv:1611.04076), batch norm in both nets

Made with PyTorch 1.13.1 (Debian) on one thread.
"""
import sys
from nets import *
from told import pictures, up

nz, w, batch = 8, 8, 32
KINDS = {
    'wgan-gp-instance': lambda: nn.InstanceNorm2d(2 * w, affine=True),
    'wgan-gp-layer': lambda: nn.LayerNorm([2 * w, 4, 4]),
    'lsgan': lambda: BN(2 * w),
}

def trained(kind, seed, steps=300):
    torch.manual_seed(seed); rng = np.random.default_rng(seed)
    G = Main(CT(nz, 2 * w, 4, 1, 0, bias=False), BN(2 * w), R(), up(2 * w, w), BN(w), R(), up(w, 1), nn.Tanh())
    D = Main(C(1, w, 4, 2, 1), LR(), C(w, 2 * w, 4, 2, 1), KINDS[kind](), LR(), C(2 * w, 1, 4, 1, 0))
    wgan = kind.startswith('wgan')
    betas = (0., .9) if wgan else (.5, .999)
    og, od = (torch.optim.Adam(n.parameters(), 2e-4 * (5 if wgan else 1), betas) for n in (G, D))
    draw = lambda: G(torch.randn(batch, nz, 1, 1))
    for _ in range(steps):
        for _ in range(3 if wgan else 1):
            real, fake = pictures(batch, rng), draw().detach()
            if wgan:
                mix = torch.rand(batch, 1, 1, 1); x = (mix * real + (1 - mix) * fake).requires_grad_(True)
                slope = torch.autograd.grad(D(x).sum(), x, create_graph=True)[0].flatten(1).norm(2, 1)
                loss = D(fake).mean() - D(real).mean() + 10 * ((slope - 1) ** 2).mean()
            else: loss = ((D(real) - 1) ** 2).mean() + (D(fake) ** 2).mean()
            od.zero_grad(); loss.backward(); od.step()
        y = D(draw())
        og.zero_grad(); (-y.mean() if wgan else ((y - 1) ** 2).mean()).backward(); og.step()
    state = {'netG': G.state_dict(), 'netD': D.state_dict()}
    z = torch.randn(6, nz)
    G, D = G.double().eval(), D.double().eval()
    x = G(z.double().view(6, nz, 1, 1))
    return {n: {k: v.clone().float() if v.is_floating_point() else v.clone() for k, v in s.items()} for n, s in state.items()}, {'in/z': z, 'want/images': x.float(), 'want/logits': D(x).flatten().float()}

if __name__ == '__main__':
    folder, seeds = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 2
    os.makedirs(folder, exist_ok=True)
    for seed in range(seeds):
        for kind in KINDS:
            state, results = trained(kind, seed)
            torch.save(state, f'{folder}/{kind}-{seed}.pth'); write(f'{folder}/{kind}-{seed}.safetensors', results)
