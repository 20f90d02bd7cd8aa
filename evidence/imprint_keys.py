"""By what an imprint is looked up. Without Pillow: who erases imprints has no picture."""

WAVES = 16
"""Of an imprint, in each direction, the slowest first."""
_COARSEST = sorted(range(1, WAVES**2), key=lambda wave: wave // WAVES + wave % WAVES)
_KEYED = [_COARSEST[number : 6 * 24 : 6] for number in range(6)]
"""For each key, its waves."""


def keys(imprint: str) -> tuple[str, ...]:
    """Six short keys to look an imprint up by. Only imprints that share one need be compared.

    Each is of 24 of the 144 coarsest waves, which re-encoding mostly leaves as they are. Of 180 re-encodes (JPEG from
    30), resizes (25 to 140 %) and slight changes of light, each shared a key with its original. One in 2.8 million
    pairs of random imprints does, so that few must be compared however many there are; forms of one template, laid out
    and photographed alike, mostly do.
    """
    bits = int(imprint, 16)
    return tuple(
        f"{number}{sum((bits >> wave & 1) << at for at, wave in enumerate(chosen)):06x}"
        for number, chosen in enumerate(_KEYED)
    )
