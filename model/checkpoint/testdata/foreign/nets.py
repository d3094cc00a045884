"""What gen.py and norms.py share."""
import os, struct, json
os.environ['OMP_NUM_THREADS'] = '1'
import numpy as np, torch, torch.nn as nn, torch.nn.functional as F
torch.set_num_threads(1)
CT, C, L, BN, BN1, R = nn.ConvTranspose2d, nn.Conv2d, nn.Linear, nn.BatchNorm2d, nn.BatchNorm1d, nn.ReLU
def LR(s=.2): return nn.LeakyReLU(s)

def write(name, tensors):
    header, blobs, at = {}, [], 0
    for k, v in tensors.items():
        v = np.ascontiguousarray(v.detach().numpy() if torch.is_tensor(v) else v)
        header[k] = {'dtype': 'F32', 'shape': list(v.shape), 'data_offsets': [at, at + v.nbytes]}
        at += v.nbytes; blobs.append(v.tobytes())
    text = json.dumps(header).encode(); text += b' ' * (-len(text) % 8)
    with open(name, 'wb') as f: f.write(struct.pack('<Q', len(text)) + text + b''.join(blobs))

class Main(nn.Module):
    def __init__(s, *layers): super().__init__(); s.main = nn.Sequential(*layers)
    def forward(s, x): return s.main(x)

def stir(net, seed):
    """Weights and statistics in which no two numbers are alike."""
    g = torch.Generator().manual_seed(seed)
    for k, v in net.state_dict().items():
        if not v.is_floating_point(): v.fill_(7); continue
        r = torch.randn(v.shape, generator=g)
        if k.endswith('running_var'): v.copy_(r.abs() + .4)
        elif k.endswith('running_mean'): v.copy_(r * .3)
        elif v.dim() == 1 and k.endswith('weight'): v.copy_(1 + .3 * r)
        elif v.dim() == 1: v.copy_(.2 * r)
        else: v.copy_(r * .9 / v[0].numel() ** .5)
    return net

def results(name, G, D, nz, batch=3, latent4=True, step=True, more={}):
    rng = np.random.default_rng(len(name))
    z = rng.standard_normal((batch, nz)).astype(np.float32)
    G, D = G.double(), D.double()
    zz = torch.tensor(z, dtype=torch.float64)
    shape = (batch, nz, 1, 1) if latent4 else (batch, nz)
    G.eval(); D.eval()
    zz.requires_grad_(True)
    x = G(zz.view(shape)); gy = rng.standard_normal(x.shape).astype(np.float32)
    (x * torch.tensor(gy, dtype=torch.float64)).sum().backward()
    xx = x.detach().clone().requires_grad_(True); y = D(xx).flatten(); y.sum().backward()
    T = {'in/z': z, 'in/gy': gy, 'want/images': x, 'want/logits': y, 'want/dz': zz.grad, 'want/dx': xx.grad}
    state = [{k: v.clone() for k, v in n.state_dict().items()} for n in (G, D)]
    G.train(); D.train()
    zz = zz.detach()
    T['want/batch/images'] = G(zz.view(shape)); T['want/batch/logits'] = D(x.detach()).flatten()
    if step:
        for n, s in zip((G, D), state): n.load_state_dict(s)
        G.zero_grad(); D.zero_grad()
        fake = G(zz.view(shape)); loss = F.binary_cross_entropy_with_logits(D(fake).flatten(), torch.ones(batch, dtype=torch.float64)); loss.backward()
        T['want/loss'] = loss.reshape(1)
        for p, n in (('D', D), ('G', G)):
            for k, v in n.named_parameters(): T[f'want/{p}/{k}'] = v.grad
    write(name + '.safetensors', {**more, **{k: v.float() if torch.is_tensor(v) else v for k, v in T.items()}})
