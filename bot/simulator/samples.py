"""What the phones send: a photo with all that a phone's camera writes into it, and a voice note."""

from __future__ import annotations

import base64
import io

from PIL import Image, ImageDraw
from PIL.TiffImagePlugin import IFDRational

MAKE, ORIENTATION, SOFTWARE, ARTIST, GPS = 0x010F, 0x0112, 0x0131, 0x013B, 0x8825
OWNER = "Kofi Mensah"
SIDEWAYS = 6  # held upright: to be turned a quarter


def photo() -> bytes:
    """A JPEG of 640 x 480 that is to be shown upright, with its owner, place and a comment."""
    image = Image.new("RGB", (640, 480), "#e8b04b")
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, 200, 480), fill="#7ec4e8")  # the sky, once it is turned
    for n in range(6):
        draw.ellipse((260 + 60 * n, 60 + 40 * n, 330 + 60 * n, 130 + 40 * n), fill="#8c3b2a")
    exif = Image.Exif()
    exif[MAKE], exif[SOFTWARE], exif[ARTIST] = "Tecno", "Camera 9", OWNER
    exif[ORIENTATION] = SIDEWAYS
    degrees = tuple(IFDRational(n) for n in (5, 36, 13))
    exif.get_ifd(GPS).update({1: "N", 2: degrees, 3: "W", 4: degrees})
    out = io.BytesIO()
    image.save(out, "JPEG", quality=80, exif=exif, comment=f"at home, {OWNER}".encode())
    return out.getvalue()


def voice() -> bytes:
    """1.4 seconds of Ogg Opus, three notes, whose comments name its owner and a place."""
    return base64.b64decode(_VOICE)


_VOICE = """
T2dnUwACAAAAAAAAAAB1+Vq4AAAAABQUuH8BE09wdXNIZWFkAQE4AYC7AAAAAABPZ2dTAAAAAAAAAAAAAHX5WrgBAAAAejjz
XwGbT3B1c1RhZ3MNAAAATGF2ZjYyLjEyLjEwMgUAAAASAAAAYXJ0aXN0PUtvZmkgTWVuc2FoFwAAAGxvY2F0aW9uPTUuNjAz
NywtMC4xODcwHAAAAERFU0NSSVBUSU9OPVJlY29yZGVkIGF0IGhvbWUQAAAAdGl0bGU9Vm9pY2Ugbm90ZRUAAABlbmNvZGVy
PUxhdmY2Mi4xMi4xMDJPZ2dTAACAuwAAAAAAAHX5WrgCAAAAnu9v9zIqKCQjKyUjHS4eISEgFiEYFRMPDw8bITEqJCcnJich
ExQTFxcUGRcUGg8YGBcZFRcWGEiDnGxD2h8smSXha6sW90WGI+mnGGXYa9yupfu/++yarCJf1XdjVGI0H0ivlxbFqg24n19m
4VuBZo1Di+P2gYiJ9xNVC3XNu1uGehcxt8/aPV1IpRs5eGKp7EdG390c57d6tsqQB1/mFzgFudQRp0FQRoE4bIBIo9MjX+Vu
urfJv4vN0M0Z0dzp9Sd/gYOqAUebw9mH+gRSO0ij0te8GKs03hrVUH9Z6PMqFtxCfGyeqBcC7wVyiE4gBVTeke470TV3KLpI
o9LZeGKi67QIhcNZM6NQR/l48ZFAbzR/ALpvlRgSnqhUKvg8SKPJHo7IBAnnGl5g/PKPnr6+rI/MnodxmdjkVjppBdka7cJI
o9LZeGKihskB5kJw7ZhaKptRka1pJ6IFlb7kxEij0tl4YqKGzXIZP3S5ieCM4ibpuuqQdYQqakQiNuaswANjgBNe5P7jFNMr
DjBIo7zDK9JkcSOIWMV1SvEhE0b2NZvZkEDUh0YwzLtIpRs5eGKi5xUJcr0zMGPssrFzz3kR2yJQX5gJxNpx/NBIpRs5eGKi
hskYgoIaQb0Aqsdg1ED9G8O7L7bhKt7nLPZIonRjK9JkaMYHQ8tGMbY7RFJ3OZa2c39t7KhfHRD/eEilGzl4YqsXMY7FMjKi
jRLgPiB26HhIpRs5eGKihslFIcbKIbFD98s9dHGi0MSch3burEkpscBIo8kejsgECc3DJc4v6srVO2/qe6czFoxIo9LZeGKp
s4SEWk3DrubhYk3q6YBIo9LZeGKihsjCJ11quN3dk/8sSKKKw1/kalJW3OvsEPJoSKKKxUlXiZvbQEP/byfASAZvoSAUHz4U
U3R5Rf80SLRzkHi3l+0zOE9qGheSgm2z6/+rVLDyrx1oSKtB/C3XKGWx+AbNMAfSdj4IusfDNTXxLZGFLt9ZVuYwSKz0vDKS
j5pw1CteCsaSgI+teUhdVJ4vF/HAvHbLb8vs9Mm1nAnun3nnXlBn/qc6hEiwWjwyko+acNNyHLwvoAq0+y8mBfY9IpHwxgv4
o0peXaxVlZ1gDT4aC0iwWjwyko+acNOnPGHdrTDCHaVuUKxt6a/knPoMxh0Lc+D/R0iwMVog1kgWoTXLlQeWWJ2GyOeM5s4g
og7Iq5e7S+hdJf7xezwhgEiup3wyko+acNNuFGPkAGxPeETXrAQA/rHr49lSQUB3kGmgJ17KgEiup3wyko+acNNsnx/daDGw
SSX411PPTLDdYhndVAGYAd5jH+4gSKz0u8PmR3acLo0C9bgJNmM43wH2/EIkPonhysslB38IHWzdpyWwSKz0vDKSj5pw09+n
XtoiItYs3b+hlCc3IPA9A3LI81NgSKz0vDKSj5pw1BBF7GpoWN9TiEirQfwyko+acNOaFDqvyjVGQAYgSKtB/DKSj5pw1BBb
UEmN+kKCqEg+v36R6Q4y/GLJHPjvnBBDsLmFAR8gSD5dI/ipDHKVTzIXGhBHSOJp/f+a1KBIPiGOA+sSXMcv5f/4ED0Ig2Az
Hkg+Ev6R6QxY7N7Ahz1A7dNljHkMQaSMYqRIPctOA+sOPFJdj9c2StYd2kIosV8RwEg9y04D6xIG826ZY/Ntb70Ur9WQSD3C
/Efgt19frHUvrgvDw74TXgjcGQMUYFBIhXDEg/BC2f8mzGbu18BIufgs0zPTi8GWQ5U/Rv5tHMqlJGmycHBIsgz/kf34IIbG
Jg2IAaAbnSN1/3+VtbxIsYeiy6XieMuHVasjzRtl6sd5cXIbqEiwWnXRagJ+voIljdO4mGswChGXTuw2pIBIsDFa7+3ieMuA
TLKFOHz5s8+TVCRIrqd/pFb9qI9bsCTQooycqM8CfTgXs0iup7XRagJ+voCDY4WVUS+0yc2qOMBIriIiy6XieMv/68oBek50
Gy2Sw7ty64BPZ2dTAAS4BwEAAAAAAHX5WrgDAAAAmROQZhUSEA8OFxgWFxkXGBgOFgoICAgICAhIrPS/pFb9qI0WZQvg3mR+
dFBIrPS/pFb9qI84zq3tdIhgSKxvYsul4njLek078HfaSKtB/6RW/aiRdBNhl3hIPxW9cYZ9RK6TPJBeDzVA8AUXwTqvUEg+
YCFLxmi42lfWleItJ7I8Mmi1ZfntwEg+IYk3yWTnFUIeS0fkSEza58qdRUBIPhk7J3PhhFlJ2ODCggpAeLXwFR4SOEg9ypAM
2aOjw+9Jkg91mzk6ElbWX/vR1CBIPXUJN8lfMpMKLZmr9Hu9iUvEzDDKwEg9dQk3yV9rSKnMGCEC5v9Qkup8CiMFWEg9dFAM
2aMXiX+fgnyUU+mf2XuojtDockgGcHEgSXtLQHX2StugSD36gDyhsW46pnxEqIQWbfia8TcUgEguewC/jZabq7hICjfxzPIm
f0gJlXnIyVfASAmVecjJV8BICZV5yMlXwEgJlXnIyVfASAmVecjJV8A=
"""
