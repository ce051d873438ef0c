"""Values at and beyond the edges of every type."""

import math
import struct

REALS = [0.0, -0.0, 1.0, -1.0, 0.5, 1e-320, 5e-324, 1e-300, 1e-12, 1e-6, 0.1, 45.0, 89.99999999, 90.0, 90.0000001, -90.0,
         99.0, 99.99, 180.0, 359.9999999, 360.0, 360.1, -10.0, 370.0, 999.0, -999.0, -9999.0, 9999.0, 1e4, 57388.5, 2457388.5,
         99999.0, 1e5, 1e6, 1e7, 1e9, 1e10, 3e10, 1e14, 1e15, 2.0**31, 2.0**53, 2.0**63, -(2.0**63), 1e20, 1e30, 1e38, 3.5e38,
         1e100, 1e154, 1e200, 1e300, 1.7976931348623157e308, -1.7976931348623157e308, math.inf, -math.inf, math.nan]
INTEGERS = [0, 1, -1, 2, 28, 29, 30, 31, 99, -999, 4095, 4096, 4097, 2**31 - 1, 2**31, 2**32, 2**53, 2**53 + 1, 2**62,
            12 * 4**29 - 1, 12 * 4**29, 2**63 - 1, -(2**63)]
TEXTS = ["", " ", "a", "b", "gaia", "GAIA", "no such", "0", "-1", "1e308", "nan", "inf", "0x10", "%", "_", "'", '"', ";", "\\N",
         "NULL", "é", "e\u0301", "\U0001F600", "a\nb", "a\tb", "../../etc/passwd", "x" * 1000]


def any_real(random):
    """A real number: an edge, any bits at all, or an ordinary size."""
    kind = random.random()
    if kind < 0.6:
        return random.choice(REALS)
    if kind < 0.8:
        return struct.unpack("<d", random.randbytes(8))[0]
    return random.choice([-1, 1]) * 10 ** random.uniform(-12, 12)


def any_integer(random):
    """A 64-bit integer: an edge, or any."""
    return random.choice(INTEGERS) if random.random() < 0.8 else random.randrange(-(2**63), 2**63)


def any_text(random):
    """A text: an edge, or any characters."""
    if random.random() < 0.8:
        return random.choice(TEXTS)
    return "".join(chr(random.choice([random.randrange(1, 128), random.randrange(0xA0, 0xD7FF)])) for _ in range(random.randrange(20)))
