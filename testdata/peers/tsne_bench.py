#!/usr/bin/python3
"""t-SNE peers. usage: tsne_bench.py {sklearn|opentsne-fft|opentsne-bh} N THREADS [X.npy: write X there and stop]  -> one JSON line.
tsne_bench.py score N THREADS Y.npy: the same yardstick of an embedding made elsewhere. $SAVE_Y: write the embedding there. X = first 50 PCA components of the first N MNIST training images (pixels/255)."""
import sys, os, json, time, gzip, glob, resource
which, n, nt = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
os.environ['OMP_NUM_THREADS'] = str(nt); os.environ['OPENBLAS_NUM_THREADS'] = str(nt)
import numpy as np
M = os.environ['MNIST']   # a folder with the four MNIST .gz files
X = np.frombuffer(gzip.open(M+'/train-images-idx3-ubyte.gz').read(), np.uint8, offset=16).reshape(-1, 784)[:n]/np.float32(255)
y = np.frombuffer(gzip.open(M+'/train-labels-idx1-ubyte.gz').read(), np.uint8, offset=8)[:n]
from sklearn.decomposition import PCA
X = np.ascontiguousarray(PCA(50, svd_solver='full').fit_transform(X.astype(np.float64)).astype(np.float32))
if len(sys.argv) > 4 and which != 'score': np.save(sys.argv[4], X); sys.exit()
def cpu():
    f = [int(v) for v in open('/proc/stat').readline().split()[1:9]]; r = resource.getrusage(resource.RUSAGE_SELF)
    return (f[0]+f[1]+f[2]+f[5]+f[6]+f[7])/100, r.ru_utime+r.ru_stime
load0 = open('/proc/loadavg').read().split()[0]; (b0, o0), t0 = cpu(), time.perf_counter()
if which == 'sklearn':
    from sklearn.manifold import TSNE
    m = TSNE(2, perplexity=30, init='pca', learning_rate='auto', n_iter=1000, angle=.5, random_state=0, n_jobs=nt); Y = m.fit_transform(X); kl_own = float(m.kl_divergence_); ver = __import__('sklearn').__version__
elif which == 'score':
    Y = np.load(sys.argv[4]); kl_own = float('nan'); ver = ''
else:
    sys.path.insert(0, os.environ.get('OPENTSNE', '')); import openTSNE
    m = openTSNE.TSNE(2, perplexity=30, initialization='pca', n_jobs=nt, random_state=0, negative_gradient_method={'opentsne-fft': 'fft', 'opentsne-bh': 'bh'}[which]); E = m.fit(X); Y = np.asarray(E); kl_own = float(E.kl_divergence); ver = openTSNE.__version__
t1 = time.perf_counter(); b1, o1 = cpu()
if os.environ.get('SAVE_Y'): np.save(os.environ['SAVE_Y'], np.asarray(Y))
# exact KL in float64 against the exact dense P at perplexity 30 (the same yardstick for every program), and 1-NN accuracy (leave one out) in the embedding
if os.environ.get('NOKL'): kl = None
else:
    Xd = X.astype(np.float64); sq = (Xd**2).sum(1); Pm = np.zeros((n, n), np.float32); target = np.log(30.)
    for s in range(0, n, 1000):
        D = np.maximum(sq[s:s+1000, None]+sq[None]-2*Xd[s:s+1000] @ Xd.T, 0).astype(np.float32); r = np.arange(D.shape[0]); D[r, s+r] = np.inf
        k = np.partition(D, 200, 1)[:, 200:201]; # beyond 200 neighbours p is negligible for the bisection
        idx = np.argpartition(D, 200, 1)[:, :200]; d = np.take_along_axis(D, idx, 1).astype(np.float64); d -= d.min(1, keepdims=True)
        lo, hi, b = np.zeros((len(d), 1)), np.full((len(d), 1), np.inf), np.ones((len(d), 1))*.1
        for _ in range(60):
            e = np.exp(-d*b); S = e.sum(1, keepdims=True); H = np.log(S)+b*(d*e).sum(1, keepdims=True)/S; up = H > target
            lo = np.where(up, b, lo); hi = np.where(up, hi, b); b = np.where(np.isinf(hi), b*2, (lo+hi)/2)
        np.put_along_axis(Pm[s:s+1000], idx, (e/S).astype(np.float32), 1)
    Yd = Y.astype(np.float64); ys = (Yd**2).sum(1); Z = 0.; A = 0.; PL = 0.
    for s in range(0, n, 1000):
        P = (Pm[s:s+1000]+Pm[:, s:s+1000].T).astype(np.float64)/(2*n); q = 1/(1+np.maximum(ys[s:s+1000, None]+ys[None]-2*Yd[s:s+1000] @ Yd.T, 0)); r = np.arange(q.shape[0]); q[r, s+r] = 0; Z += q.sum(); mk = P > 0; PL += (P[mk]*np.log(P[mk])).sum(); A += (P[mk]*np.log(q[mk])).sum()
    kl = PL-A+np.log(Z)
from sklearn.neighbors import NearestNeighbors
nn = NearestNeighbors(n_neighbors=2).fit(Y).kneighbors(return_distance=True, n_neighbors=1)[1][:, 0]
print(json.dumps(dict(which=which, ver=ver, n=n, threads=nt, secs=round(t1-t0, 2), kl_own=None if kl_own != kl_own else round(kl_own, 4), kl_exact=None if kl is None else round(float(kl), 4), nn1_acc=round(float((y[nn] == y).mean()), 4), others_cores=round(((b1-b0)-(o1-o0))/(t1-t0), 2), load=load0, rss_mb=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss//1024)))
