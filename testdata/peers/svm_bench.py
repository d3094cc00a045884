#!/usr/bin/python3
"""scikit-learn's LinearSVC on random LeakyReLU(0.2) features of MNIST, dense float32 with a mean square of 1.

usage: MNIST=DIR svm_bench.py FOLDER N D CLASSES C DUAL(0|1) MAX_ITER...  -> one JSON line for each MAX_ITER

FOLDER is where the features go, as .npy, for BenchmarkPeer of probe/svm to read. MAX_ITER 0 writes them and fits nothing.
The objective is summed over classes in float64: 1/2 (|w|^2 + b^2) + C sum max(0, 1 - s (w.x + b))^2."""
import gzip, json, os, resource, sys, time, warnings
warnings.filterwarnings('ignore')
import numpy as np
from sklearn.svm import LinearSVC

folder, (n, d, k), C, dual = sys.argv[1], map(int, sys.argv[2:5]), float(sys.argv[5]), bool(int(sys.argv[6]))
M = os.environ['MNIST']

def load(p):
    x = np.frombuffer(gzip.open(f'{M}/{p}-images-idx3-ubyte.gz').read(), np.uint8, offset=16).reshape(-1, 784)
    return (x / np.float32(255)).astype(np.float32), np.frombuffer(gzip.open(f'{M}/{p}-labels-idx1-ubyte.gz').read(), np.uint8, offset=8).astype(int)

X, y = load('train'); X, y = X[:n], y[:n]
Xt, yt = load('t10k'); Xt, yt = Xt[:2000], yt[:2000]
W = np.random.default_rng(0).standard_normal((784, d)).astype(np.float32) / 28 * 2

def features(x):
    o = np.empty((len(x), d), np.float32)
    for i in range(0, len(x), 2000):
        h = x[i:i+2000] @ W
        o[i:i+2000] = np.maximum(h, np.float32(.2) * h)
    return o

A, B = features(X), features(Xt)
s = np.float32(1 / np.sqrt((A[:500] ** 2).sum(1).mean())); A *= s; B *= s
y, yt = np.minimum(y, k - 1), np.minimum(yt, k - 1)
for name, v in (('train', A), ('train-labels', y), ('test', B), ('test-labels', yt)):
    np.save(os.path.join(folder, name), v.astype(np.float32))

def objective(m):
    w, b = m.coef_.astype(np.float64), m.intercept_.astype(np.float64)
    total = .5 * ((w ** 2).sum() + (b ** 2).sum())
    for i in range(0, n, 2000):
        f = A[i:i+2000].astype(np.float64) @ w.T + b
        sign = np.where(y[i:i+2000, None] == np.arange(k)[None], 1, -1)
        total += C * (np.maximum(0, 1 - sign * f) ** 2).sum()
    return total

for limit in map(int, sys.argv[7:]):
    if limit == 0:
        continue
    u0, t0 = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter()
    m = LinearSVC(C=C, loss='squared_hinge', dual=dual, max_iter=limit, tol=1e-4).fit(A, y)
    t1, u1 = time.perf_counter(), resource.getrusage(resource.RUSAGE_SELF)
    print(json.dumps(dict(n=n, d=d, classes=k, dual=dual, C=C, max_iter=limit, n_iter=int(np.max(m.n_iter_)), secs=round(t1-t0, 2),
                          cpu_secs=round(u1.ru_utime+u1.ru_stime-u0.ru_utime-u0.ru_stime, 2), objective=objective(m),
                          test_acc=float((m.predict(B) == yt).mean()), rss_peak_mb=u1.ru_maxrss // 1024)), flush=True)
