"""A13: a PDF made to keep a renderer busy, or to fill its memory, is given up in time."""

import time
import zlib

import pytest

from evidence.page_renderer import CPU_SECONDS
from tests.unit.evidence.documents import a_document, a_stream
from tests.unit.evidence.test_pages import rendered

FORM = b"/Type/XObject/Subtype/Form/BBox[0 0 200 300]/Group<</S/Transparency>>"
DEEP = 8


def forms_of_ten_forms_each():
    inner = [
        a_stream(FORM + b"/Resources<</XObject<</F %d 0 R>>>>" % (6 + depth), b"/F Do " * 10) for depth in range(DEEP)
    ]
    objects = [*inner, a_stream(FORM, b"0 0 200 300 re f")]
    return a_document(b"/F Do", resources=b"/XObject<</F 5 0 R>>", objects=objects)


def very_many_strokes():
    packer = zlib.compressobj(9)
    strokes = b"0 0 1 1 re f " * 100_000
    data = b"".join([*(packer.compress(strokes) for _ in range(300)), packer.flush()])
    return a_document().replace(b"<</Length 0>>stream\n\nendstream", a_stream(b"/Filter/FlateDecode", data))


@pytest.mark.slow
@pytest.mark.parametrize("make", [forms_of_ten_forms_each, very_many_strokes])
def test_what_would_take_for_ever_is_given_up(make):
    content = make()
    started = time.monotonic()
    assert len(rendered(content)) <= 1
    assert time.monotonic() - started < 4 * CPU_SECONDS
