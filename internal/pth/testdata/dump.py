#!/usr/bin/python3
"""Prints what torch.load reads from each checkpoint, as JSON for the tests: {path: description}.

    /usr/bin/python3 dump.py FILE...

The description of a file that torch cannot read is {"error": text}; "safe" says whether weights_only takes it. Nothing but tensors, containers and numbers is
unpickled (weights_only of torch 1.13 would do that too, but knows no floats). Needs torch 1.13 or newer.
"""
import json
import pickle
import struct
import sys

import torch


class Careful:
    """A pickle module for torch.load that makes nothing but these."""

    class Unpickler(pickle.Unpickler):
        names = {"collections": ("OrderedDict", "Counter", "defaultdict"), "builtins": ("set", "frozenset", "list", "dict"), "__builtin__": ("set", "frozenset", "list", "dict"), "_codecs": ("encode",), "numpy": ("dtype",),
                 "numpy.core.multiarray": ("scalar",), "torch": ("Size", "device", "float16", "float32"),
                 "torch._utils": ("_rebuild_tensor", "_rebuild_tensor_v2", "_rebuild_parameter")}

        def find_class(self, module, name):
            if name in self.names.get(module, ()):
                return super().find_class(module, name)
            raise pickle.UnpicklingError("foreign: %s.%s" % (module, name))

    __name__ = "careful"
    UnpicklingError = pickle.UnpicklingError

    @classmethod
    def load(cls, f, **kw):
        return cls.Unpickler(f, **kw).load()


def raw(t):
    """The elements in C order, little-endian, as hexadecimal digits."""
    t = t.detach().cpu().contiguous()
    return t.flatten().view(torch.uint8).numpy().tobytes().hex() if t.numel() else ""


def describe(root):
    """Every distinct tensor by the path at which it is first, and the whole tree as one line of text."""
    tensors, seen = [], set()

    def show(v, path):
        down = lambda key: (path + "." if path else "") + (str(key) if isinstance(key, (str, int)) else "(a %s)" % type(key).__name__)
        if isinstance(v, torch.Tensor):
            if id(v) not in seen:
                seen.add(id(v))
                as_float = raw(v.detach().float()) if v.dtype in (torch.float16, torch.bfloat16, torch.float64) else None
                tensors.append({"name": path, "dtype": str(v.dtype).removeprefix("torch."), "shape": list(v.shape),
                                "strides": list(v.stride()), "offset": v.storage_offset(), "bytes": raw(v), "float32": as_float})
            return "tensor%s" % str(list(v.shape)).replace(",", "")
        if isinstance(v, dict):
            return "{%s}" % " ".join("%s=%s" % (show(k, ""), show(x, down(k))) for k, x in v.items())
        if isinstance(v, (set, frozenset)):
            return "<%s>" % " ".join(sorted(show(x, "") for x in v))
        if isinstance(v, list):
            return "[%s]" % " ".join(show(x, down(i)) for i, x in enumerate(v))
        if isinstance(v, tuple):
            return "(%s)" % " ".join(show(x, down(i)) for i, x in enumerate(v))
        if v is None or isinstance(v, bool):
            return str(v)
        if isinstance(v, torch.dtype):
            return str(v).removeprefix("torch.")
        if isinstance(v, torch.device):
            return json.dumps(str(v))
        if hasattr(v, "item"):  # a numpy scalar
            v = v.item()
            if isinstance(v, bool):
                return str(v)
        if isinstance(v, int):
            return str(v)
        if isinstance(v, float):
            return "f" + struct.pack(">d", v).hex()
        if isinstance(v, bytes):
            return "b" + v.hex()
        if isinstance(v, str):
            return json.dumps(v, ensure_ascii=False)
        raise TypeError(type(v))

    tree = show(root, "")
    return {"tensors": tensors, "tree": tree}


if __name__ == "__main__":
    torch.serialization.pickle = Careful()  # Debian's torch 1.13 ignores the argument pickle_module
    out = {}
    for path in sys.argv[1:]:
        safe = True
        try:
            torch.load(path, map_location="cpu", weights_only=True)
        except Exception:
            safe = False
        try:
            out[path] = describe(torch.load(path, map_location="cpu", pickle_module=Careful()))
        except Exception as e:
            out[path] = {"error": "%s: %s" % (type(e).__name__, e)}
        out[path]["safe"] = safe
    json.dump(out, sys.stdout)
