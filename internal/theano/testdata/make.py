#!/usr/bin/python3
"""Makes arrays of the authors' layout and tiny sizes. Element i of array k is 100 k + i, so that the tests know them. Made
with numpy 1.24.2. Run: python3 make.py"""
import os

import numpy as np

here = os.path.dirname(os.path.abspath(__file__))
G = [(3, 16), (16,), (16,), (4, 2, 5, 3), (2,), (2,), (2, 3, 5, 3)]
D = [(2, 3, 5, 3), (4, 2, 5, 3), (4,), (4,), (16, 1)]
for net, shapes in (("gen", G), ("discrim", D)):
    index = os.path.join(here, "tiny", "7_%s_params.jl" % net)
    os.makedirs(os.path.dirname(index), exist_ok=True)
    with open(index, "wb") as f:
        f.write(b"cos\nsystem\n(S'echo never run'\ntR.")  # what a reader must not open
    for k, shape in enumerate(shapes, 1):
        np.save("%s_%02d.npy" % (index, k), (100 * k + np.arange(np.prod(shape))).reshape(shape).astype("<f4"))
