"""Writes the WebP files of this folder and NAME.ppm, what libwebp makes of each.

    python3 make.py

Made with Pillow 9.4 and its libwebp; no picture is anybody's.
"""
import numpy
from PIL import Image

W, H = 37, 22
y, x = numpy.mgrid[0:H, 0:W] / [[[H - 1]], [[W - 1]]]
smooth = numpy.stack([255 * x, 255 * y, 255 * (1 - x) * (1 - y)], 2).round().astype("uint8")
alpha = (255 * x[..., None]).round().astype("uint8")
colour = Image.fromarray(smooth)
veiled = Image.fromarray(numpy.concatenate([smooth, alpha], 2))

turned = Image.Exif()
turned[0x0112] = 6
for name, picture, options in [
    ("lossy", colour, dict(quality=95)),
    ("lossless", colour, dict(lossless=True)),
    ("lossy-alpha", veiled, dict(quality=95)),
    ("lossless-alpha", veiled, dict(lossless=True, exact=True)),
    ("turned", colour, dict(lossless=True, exif=turned)),
]:
    picture.save(name + ".webp", **options)
    got = Image.open(name + ".webp").convert("RGBA")
    on_white = Image.new("RGBA", got.size, "white")
    on_white.alpha_composite(got)
    on_white.convert("RGB").save(name + ".ppm")
colour.save("animated.webp", save_all=True, append_images=[colour.rotate(180)], duration=100)
