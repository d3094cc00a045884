"""Prints the SHA-256 that half_test.go compares with: numpy's own conversions
between float16 and float32. Run: python3 numpy_digests.py"""
import hashlib

import numpy as np


def digest(a):
    return hashlib.sha256(a.tobytes()).hexdigest()


# Every half that is no NaN, widened, in the order of its pattern.
halves = np.arange(65536, dtype="<u2").view("<f2")
wide = halves[~np.isnan(halves)].astype("<f4")
print("numpy", np.version.version)
print("widen", len(wide), digest(wide))

# Floats at and beside every finite half and every midpoint of two, both signs.
finite = np.arange(0x7C00, dtype="<u2").view("<f2").astype("<f8")
middle = (finite[:-1] + finite[1:]) / 2
points = np.concatenate([finite, middle, [65520, 65536, 3e38]]).astype("<f4").view("<u4")
points = np.concatenate([np.maximum(points, 1) - 1, points, points + 1])
points = np.concatenate([points, points | 0x80000000]).astype("<u4")
with np.errstate(over="ignore", under="ignore"):
    narrow = points.view("<f4").astype("<f2")
print("points", len(points), digest(points))
print("narrow", len(narrow), digest(narrow))
