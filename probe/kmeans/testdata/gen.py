#!/usr/bin/python3
"""Writes reference.json: what scikit-learn and numpy make of K-means and of the triangle
encoding (Coates, Ng & Lee 2011). Needs numpy and scikit-learn; made with 1.24 and 1.2."""
import json
import numpy as np
from sklearn.cluster import KMeans

rng = np.random.default_rng(3)
f32 = np.float32

# Clusters: strict Lloyd steps from given centres.
k, d, n = 7, 5, 300
x = (rng.standard_normal((n, d)) + 2.5 * rng.standard_normal((k, d))[rng.integers(0, k, n)]).astype(f32)
start = x[rng.choice(n, k, replace=False)]
m = KMeans(n_clusters=k, init=start.astype(np.float64), n_init=1, tol=0, max_iter=300, algorithm='lloyd').fit(x.astype(np.float64))

# The encoding of two images, 11x9, 3 channels, with patches of 4x4.
side, centres = 4, 10
images = rng.uniform(-1, 1, (2, 11, 9, 3)).astype(f32)
levels = (images.astype(np.float64) + 1) * 127.5
def patches(im):
    h, w, c = im.shape
    p = np.array([im[y:y+side, x:x+side].reshape(-1) for y in range(h-side+1) for x in range(w-side+1)])
    p = p - p.mean(1, keepdims=True)
    return p / np.sqrt(p.var(1, ddof=1, keepdims=True) + 10)
train = np.concatenate([patches(im) for im in levels])
mean, cov = train.mean(0), np.cov(train.T)
values, vectors = np.linalg.eigh(cov)
white = vectors @ np.diag(1 / np.sqrt(values + 0.1)) @ vectors.T
C = rng.standard_normal((centres, side * side * 3)).astype(f32)
features = []
for im in levels:
    p = (patches(im) - mean) @ white
    z = np.sqrt(((p[:, None] - C[None].astype(np.float64)) ** 2).sum(2))
    a = np.maximum(0, z.mean(1, keepdims=True) - z).reshape(11-side+1, 9-side+1, centres)
    r, q = (a.shape[0] + 1) // 2, (a.shape[1] + 1) // 2
    features.append(np.concatenate([part.sum((0, 1)) for part in (a[:r, :q], a[:r, q:], a[r:, :q], a[r:, q:])]))

def flat(v): return [float('%.9g' % u) for u in np.asarray(v).reshape(-1)]
json.dump(dict(
    clusters=dict(x=flat(x), start=flat(start), k=k, d=d, centres=flat(m.cluster_centers_), nearest=[int(v) for v in m.labels_], inertia=float(m.inertia_)),
    encoding=dict(side=side, images=flat(images), shape=list(images.shape), centres=flat(C), k=centres, features=flat(np.array(features)))),
    open('reference.json', 'w'), separators=(',', ':'))
