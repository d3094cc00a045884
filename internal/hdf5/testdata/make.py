#!/usr/bin/env python3
"""Writes small files of HDF5 in each form that the package reads, and expected.json with
what h5py reads of them. Made with h5py 3.7.0; the numbers are of seed 1.

    /usr/bin/python3 make.py
"""
import glob, json, os
import h5py
import numpy as np

os.chdir(os.path.dirname(os.path.abspath(__file__)))
rng = np.random.default_rng(1)


def weights(f):
    """What Keras 2 writes: groups, lists of names, long text, arrays."""
    f.attrs["keras_version"] = "2.12.0"
    f.attrs["backend"] = "tensorflow"
    f.attrs["model_config"] = json.dumps({"text": "é" * 40, "n": list(range(40))}, ensure_ascii=False)
    g = f.create_group("model_weights")
    names = ["dense", "batch_normalization", "reshape"]
    g.attrs["layer_names"] = names
    for n in names:
        l = g.create_group(n)
        l.attrs["weight_names"] = [n + "/kernel:0"] if n != "reshape" else []
        if n != "reshape":
            l.create_group(n).create_dataset("kernel:0", data=rng.standard_normal((3, 2)).astype("f4"))
    f["scalar"] = np.float32(2.5)


def many(f):
    """More members and attributes than the header of an object takes."""
    g = f.create_group("g")
    for i in range(60):
        g["member %02d" % i] = np.full((2,), i, "f4")
    for i in range(30):
        g.attrs["attribute %02d" % i] = "text %d" % i


def kinds(f):
    for t in ["<f2", ">f2", "<f4", ">f4", "<f8", ">f8", "<i1", "<u2", "<i8", ">i4"]:
        f[t[1:] + ("big" if t[0] == ">" else "")] = (rng.standard_normal((2, 3)) * 20).astype(t)
    f["empty"] = np.zeros((0, 4), "f4")
    f.attrs["fixed"] = np.bytes_("abc")
    f.attrs.create("fixed list", np.array([b"ab", b"c", b""], "S4"))
    f.attrs["number"] = np.float64(0.25)
    f.attrs["numbers"] = np.arange(3, dtype="f4")
    f.attrs["empty text"] = ""


def chunked(f):
    x = rng.standard_normal((5, 7, 3)).astype("f4")
    f.create_dataset("plain", data=x, chunks=(2, 3, 2))
    f.create_dataset("gzip", data=x, chunks=(2, 7, 3), compression="gzip")
    f.create_dataset("shuffle", data=x, chunks=(5, 4, 2), compression="gzip", shuffle=True)
    f.create_dataset("sum", data=x, chunks=(3, 3, 3), fletcher32=True)
    f.create_dataset("all", data=x.astype("f8"), chunks=(2, 2, 2), compression="gzip", shuffle=True, fletcher32=True)
    f.create_dataset("one", data=x, chunks=x.shape, compression="gzip")
    f.create_dataset("long", data=rng.standard_normal(300).astype("f4"), chunks=(2,))


def write(name, fill, **options):
    with h5py.File(name, "w", **options) as f:
        fill(f)


for name, fill in {"weights": weights, "many": many, "kinds": kinds, "chunked": chunked}.items():
    write(name + ".h5", fill)
    if name != "chunked":
        write(name + "_latest.h5", fill, libver="latest")
write("many_ordered.h5", many, track_order=True)
write("weights_v2.h5", weights, libver=("v108", "v110"))
with h5py.File("one_latest.h5", "w", libver="latest") as f:
    f.create_dataset("one", data=np.arange(12, dtype="f4").reshape(3, 4), chunks=(3, 4), compression="gzip")
    f.create_dataset("plain", data=np.arange(12, dtype="f4").reshape(3, 4), chunks=(3, 4))
# What is refused.
with h5py.File("odd_soft.h5", "w") as f:
    f["a"] = h5py.SoftLink("/b")
with h5py.File("odd_external.h5", "w") as f:
    f["a"] = h5py.ExternalLink("other.h5", "/b")
with h5py.File("odd_hard.h5", "w") as f:
    f.create_group("a")
    f["b"] = f["a"]
with h5py.File("odd_lzf.h5", "w") as f:
    f.create_dataset("a", data=np.zeros((4, 4), "f4"), chunks=(2, 2), compression="lzf")
with h5py.File("odd_block.h5", "w", userblock_size=512) as f:
    f["a"] = np.zeros(2, "f4")
with h5py.File("odd_index.h5", "w", libver="latest") as f:
    f.create_dataset("a", data=np.zeros((9, 9), "f4"), chunks=(2, 2))
with h5py.File("odd_unwritten.h5", "w") as f:
    f.create_dataset("a", (3, 3), "f4")
with h5py.File("odd_bomb.h5", "w") as f:
    f.create_dataset("a", data=np.zeros(17 << 20, "f4"), chunks=(17 << 20,), compression="gzip", compression_opts=9)


def plain(v):
    if isinstance(v, h5py.Empty):
        return None
    v = np.asarray(v)
    if v.dtype.kind in "SO":
        return [x.decode() if isinstance(x, bytes) else x for x in v.reshape(-1).tolist()]
    if v.dtype.kind == "f":
        return v.astype("f4").reshape(-1).tolist()
    return None


expected = {}
for name in sorted(glob.glob("*.h5")):
    if name.startswith("odd_"):
        continue
    objects = {}
    with h5py.File(name, "r") as f:
        def visit(path, o):
            d = {"attributes": {k: plain(v) for k, v in o.attrs.items()}}
            if isinstance(o, h5py.Dataset):
                d["shape"], d["values"] = list(o.shape), plain(o[()])
            else:
                d["members"] = sorted(o.keys())
            objects[path] = d
        visit("", f)
        f.visititems(visit)
    expected[name] = objects
with open("expected.json", "w") as f:
    json.dump(expected, f, ensure_ascii=False, indent=None, separators=(",", ":"))
    f.write("\n")
