#!/usr/bin/python3
"""KID with its jackknife, and precision, recall, density and coverage, of two small sets by numpy in float64; prints reference.json.

Everything is written out from the definitions: the kernel pair by pair, the jackknife by leaving out, the neighbours by sorting.
"""
import json, numpy as np
N, M, F, K = 23, 17, 6, 5
a = np.array([[(i*i*7+j*13+i*j*5) % 31 for j in range(F)] for i in range(N)], dtype=np.float64)/8-1
b = np.array([[(i*i*3+j*11+i*j*9) % 29 for j in range(F)] for i in range(M)], dtype=np.float64)/8-2
mean, std = b.mean(0), b.std(0)
x, y = (a-mean)/std, (b-mean)/std

def kid(x, y):
    k = lambda u, v: (u @ v.T/F+1)**3
    n, m = len(x), len(y)
    return (k(x, x).sum()-np.trace(k(x, x)))/(n*(n-1))+(k(y, y).sum()-np.trace(k(y, y)))/(m*(m-1))-2*k(x, y).mean()
left = [np.array([kid(np.delete(x, i, 0), y) for i in range(N)]), np.array([kid(x, np.delete(y, i, 0)) for i in range(M)])]
se = np.sqrt(sum((len(v)-1)/len(v)*((v-v.mean())**2).sum() for v in left))

far = lambda u, v: np.sqrt(((u[:, None]-v[None])**2).sum(-1))
ball = lambda u: np.sort(far(u, u), 1)[:, K]   # the nearest is the point itself
d, rx, ry = far(x, y), ball(x), ball(y)
print(json.dumps(dict(n=N, m=M, features=F, k=K, a=a.ravel().tolist(), b=b.ravel().tolist(), kid=kid(x, y), se=se,
    precision=(d <= ry).any(1).mean(), recall=(d <= rx[:, None]).any(0).mean(), density=(d <= ry).sum()/(K*N), coverage=(d <= ry).any(0).mean(),
    numpy=np.__version__)))
