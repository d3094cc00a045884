#!/usr/bin/python3
"""Generators that are told a class: NAME.pth is a state dict, NAME.safetensors has in/noise, in/z (noise with the class's row), in/labels and
want/images in eval mode. Statistics are those of 200 batches of 64 latents of random classes.

  class_last   an Embedding behind the noise, as cat((z, embed(y)), 1)
  class_first  an Embedding before the noise, as PyTorch-GAN's cgan.py
  class_times  the noise times an Embedding, and Upsample, as PyTorch-GAN's acgan.py
  class_hot    one-hot labels behind the noise, and class_hot10 before it

Made with PyTorch 1.13.1 (Debian) on one thread: /usr/bin/python3 classes.py, in this folder.
"""
from nets import *

class Conditional(nn.Module):
    def __init__(s, classes, numbers, nz, join):
        super().__init__()
        s.join, s.classes = join, classes
        if not join.startswith('hot'): s.label_emb = nn.Embedding(classes, numbers)
        n = nz if join == 'times' else nz + numbers
        if join == 'times':
            s.l1 = nn.Sequential(L(n, 4 * 16))
            s.conv_blocks = nn.Sequential(BN(4), nn.Upsample(scale_factor=2), C(4, 4, 3, 1, 1), BN(4, .8), LR(), nn.Upsample(scale_factor=2),
                C(4, 3, 3, 1, 1), BN(3, .8), LR(), C(3, 1, 3, 1, 1), nn.Tanh())
        else:
            s.main = nn.Sequential(CT(n, 8, 4, 1, 0, bias=False), BN(8), R(), CT(8, 6, 4, 2, 1, bias=False), BN(6), R(), CT(6, 1, 4, 2, 1, bias=False), nn.Tanh())
    def latent(s, noise, y):
        e = F.one_hot(y, s.classes).to(noise) if s.join.startswith('hot') else s.label_emb(y)
        return noise * e if s.join == 'times' else torch.cat((e, noise), 1) if s.join in ('first', 'hot10') else torch.cat((noise, e), 1)
    def forward(s, noise, y):
        z = s.latent(noise, y)
        return s.conv_blocks(s.l1(z).view(-1, 4, 4, 4)) if s.join == 'times' else s.main(z[:, :, None, None])

for seed, (join, classes, numbers, nz) in enumerate((('last', 4, 3, 8), ('first', 4, 6, 7), ('times', 5, 9, 9), ('hot', 3, 3, 6), ('hot10', 10, 10, 20))):
    torch.manual_seed(seed + 50)
    G = stir(Conditional(classes, numbers, nz, join), seed + 40)
    if not join.startswith('hot'): G.label_emb.weight.data.normal_()
    for m in G.modules():
        if isinstance(m, BN): m.reset_running_stats(); m.momentum = None
    with torch.no_grad():
        for _ in range(200): G(torch.randn(64, nz), torch.randint(classes, (64,)))
    torch.save(G.state_dict(), f'class_{join}.pth')
    G.double().eval()
    noise, y = torch.randn(8, nz), torch.arange(8) % classes
    with torch.no_grad(): z, x = G.latent(noise.double(), y), G(noise.double(), y)
    state = {f'state/{k}': v.clone().float() for k, v in G.state_dict().items()}
    write(f'class_{join}.safetensors', {**state, 'in/noise': noise, 'in/labels': y.float(), 'in/z': z.float(), 'want/images': x.float()})
