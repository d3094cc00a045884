#!/usr/bin/python3
"""torchvision.utils.save_image of 32x32 pictures of 64x64 pixels to a PNG file; prints one JSON line.

  /usr/bin/python3 grid_bench.py --threads 2 [--npy x.npy]

Also the times of its parts: make_grid, and PIL's PNG encoder at zlib's levels 6 (what save_image uses) and 1.
With --npy the pictures are stored, [1024, 64, 64, 3] in [-1, 1], so that another program can draw the same ones.
"""
import argparse, io, json, os, resource, tempfile, time
ap = argparse.ArgumentParser()
ap.add_argument('--threads', type=int, default=2)
ap.add_argument('--secs', type=float, default=4.0)
ap.add_argument('--npy', default='')
a = ap.parse_args()
os.environ['OMP_NUM_THREADS'] = str(a.threads)
import numpy as np, PIL, torch, torchvision
from PIL import Image
from torchvision.utils import make_grid, save_image
torch.set_num_threads(a.threads); torch.manual_seed(0)

# Each picture is three soft blobs of three colours, with some noise.
yy, xx = torch.meshgrid(torch.linspace(-1, 1, 64), torch.linspace(-1, 1, 64), indexing='ij')
c = torch.rand(1024, 3, 2)*1.2-.6; col = torch.rand(1024, 3)*2-1
x = torch.tanh(sum(col.roll(k, 1)[:, :, None, None]*torch.exp(-((xx-c[:, k, 0, None, None])**2+(yy-c[:, k, 1, None, None])**2)/.15)[:, None]
                   for k in range(3))+.05*torch.randn(1024, 3, 64, 64))
if a.npy: np.save(a.npy, np.ascontiguousarray(x.permute(0, 2, 3, 1).numpy()))

def cpu():
    f = [int(v) for v in open('/proc/stat').readline().split()[1:9]]
    r = resource.getrusage(resource.RUSAGE_SELF); return (f[0]+f[1]+f[2]+f[5]+f[6]+f[7])/100, r.ru_utime+r.ru_stime
def ms(f, secs):
    f(); ts = []; w = time.perf_counter()
    while time.perf_counter()-w < secs or len(ts) < 3:
        t = time.perf_counter(); f(); ts.append(time.perf_counter()-t)
    return sorted(ts)[len(ts)//2]*1e3

out = os.path.join(tempfile.mkdtemp(), 'grid.png'); grid = dict(nrow=32, normalize=True, value_range=(-1, 1))
(b0, o0), w0 = cpu(), time.perf_counter()
full = ms(lambda: save_image(x, out, **grid), a.secs)
(b1, o1), w1 = cpu(), time.perf_counter()
part = ms(lambda: make_grid(x, **grid), 0)
im = Image.fromarray(make_grid(x, **grid).mul(255).add_(.5).clamp_(0, 255).permute(1, 2, 0).to(torch.uint8).numpy())
def png(level): b = io.BytesIO(); im.save(b, 'PNG', compress_level=level); return len(b.getvalue())
print(json.dumps(dict(torchvision=torchvision.__version__, pil=PIL.__version__, threads=a.threads, ms=round(full, 1), img_s=round(1024/full*1e3, 1),
    bytes=os.path.getsize(out), px=list(im.size), make_grid_ms=round(part, 1), level6_ms=round(ms(lambda: png(6), 0), 1),
    level1_ms=round(ms(lambda: png(1), 0), 1), level1_bytes=png(1), others_cores=round(((b1-b0)-(o1-o0))/(w1-w0), 2))))
os.remove(out); os.rmdir(os.path.dirname(out))
