# Batches of CIFAR's Python version, as pickled by Python 3 of 2 pictures whose value k of picture i is
# (7*k + 100*i) % 251, with labels 3 and 8. Needs numpy.
import pickle
import numpy as np

k = np.arange(3072)
data = np.stack([(7 * k + 100 * i) % 251 for i in range(2)]).astype(np.uint8)
for protocol in 2, 4, 5:
    d = {b"batch_label": b"x", b"labels": [3, 8], b"data": data, b"filenames": [b"a.png", b"b.png"]}
    pickle.dump(d, open(f"protocol{protocol}", "wb"), protocol)
pickle.dump({b"fine_labels": np.array([3, 8]), b"coarse_labels": [0, 1], b"data": data}, open("fine", "wb"), 4)
