"""Makes the .npy files beside it with numpy 1.24.2. Run: python3 make.py

Every array that is not odd holds 0, 1, 2, ... minus 2.5 in C order, whatever
its type, byte order and memory order."""
import hashlib
import io
import os

import numpy as np

here = os.path.dirname(os.path.abspath(__file__))


def save(name, array, version=None):
    with open(os.path.join(here, name + ".npy"), "wb") as f:
        np.lib.format.write_array(f, array, version=version)


def ramp(*shape, dtype="<f4", order="C"):
    return (np.arange(int(np.prod(shape))).reshape(shape) - 2.5).astype(dtype, order=order)


save("scalar", np.array(-2.5, "<f4"))
save("row", ramp(7))
save("z2", ramp(3, 5))
save("z4", ramp(3, 5, 1, 1))
save("images", ramp(2, 3, 4, 5))
save("empty", ramp(0, 5))
save("f2", ramp(3, 5, dtype="<f2"))
save("f8", ramp(3, 5, dtype="<f8"))
save("big_f2", ramp(3, 5, dtype=">f2"))
save("big_f4", ramp(3, 5, dtype=">f4"))
save("big_f8", ramp(3, 5, dtype=">f8"))
save("fortran", ramp(2, 3, 4, order="F"))
save("fortran_big_f8", ramp(2, 3, 4, dtype=">f8", order="F"))
save("version2", ramp(3, 5), version=(2, 0))
save("version3", ramp(3, 5), version=(3, 0))
save("odd_int", np.arange(3))
save("odd_complex", np.zeros(2, "c8"))
save("odd_bool", np.zeros(2, "?"))
save("odd_text", np.array(["a", "bc"]))
save("odd_struct", np.zeros(2, [("x", "<f4"), ("y", "<f4")]))
save("odd_object", np.array([{}, None], object))
save("odd_nan", np.array([[0, np.nan]], "<f4"))
save("odd_large", np.array([[0, 1e300]], "<f8"))

# The headers that numpy writes for many shapes, as one digest for the test.
digest = hashlib.sha256()
for rank in range(20):
    for k in range(10):
        shape = ((10**k,) + (7,) * (rank - 1))[:rank]
        f = io.BytesIO()
        np.lib.format.write_array_header_1_0(f, {"descr": "<f4", "fortran_order": False, "shape": shape})
        digest.update(f.getvalue())
print("numpy", np.version.version, "headers", digest.hexdigest())

# Archives, for npz_test.go.
a = np.arange(12, dtype=np.float32).reshape(3, 4)
np.savez("stored.npz", a)
np.savez_compressed("deflated.npz", a)
np.savez("named.npz", labels=np.zeros(2, np.float32), z=a)
