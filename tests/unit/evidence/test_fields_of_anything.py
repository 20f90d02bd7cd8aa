"""Whatever is read: nothing raises, and no number that differs is taken for the dispute's."""

from hypothesis import given
from hypothesis import strategies as st

from evidence.facts import CaseFacts
from evidence.fields import FieldName, read_fields
from evidence.fields.labels import LABELS
from evidence.kinds import recognise
from evidence.text import Barcode, Box, Line

_PIECES = st.sampled_from(
    [
        *(
            "运单号：",
            "SF3230380012621",
            "收件 ",
            "胡超 132****9543",
            "合计：",
            "¥206.76元",
            "日期",
            "2024-06-06 09:50",
            "kg",
        ),
        *(
            "27.21",
            "贰佰零陆元",
            "店铺名称",
            "：",
            " ",
            "(",
            "-",
            "检测报告",
            "收",
            "·",
            "年",
            "月",
            "1Z",
            "Ⅳ",
            "٣",
            "²",
            "WAYBİLL NO",
            "重量(kgſ)",
        ),
    ]
)
_ODD_CASES = {"I": "İ", "i": "ı", "S": "ſ", "s": "ſ", "K": "\u212a", "k": "\u212a", "B": "ß"}
"""Letters that are the same as another one where case is ignored, but not in capitals."""
_LABELS = st.sampled_from([label for labels in LABELS.values() for label in labels])
_ODD_LABELS = st.builds(
    lambda label, odd, behind: "".join(odd.get(each, each) for each in label) + behind,
    _LABELS,
    st.sets(st.sampled_from(sorted(_ODD_CASES))).map(lambda some: {each: _ODD_CASES[each] for each in some}),
    st.sampled_from(["", "：", "：27.21", "(kg)", "(kgſ)：27.21"]),
)
_TEXTS = st.one_of(st.text(max_size=40), st.lists(_PIECES, max_size=6).map("".join), _ODD_LABELS)
_SHARES = st.floats(0, 1)
_SPANS = st.tuples(_SHARES, _SHARES).map(sorted)
_BOXES = st.builds(lambda across, down: Box(across[0], down[0], across[1], down[1]), _SPANS, _SPANS)
_LINES = st.lists(st.builds(Line, _TEXTS, _BOXES, _SHARES), max_size=8)
_FACTS = st.builds(
    CaseFacts, _TEXTS, _TEXTS, st.lists(_TEXTS, max_size=2).map(tuple), st.lists(_TEXTS, max_size=2).map(tuple)
)
_BARCODES = st.lists(st.builds(Barcode, _TEXTS, st.just("QRCode"), _BOXES), max_size=2)
_DIGITS = st.text("0123456789", min_size=13, max_size=13)


@given(_LINES, _FACTS, _BARCODES)
def test_nothing_raises(lines, facts, barcodes):
    for each in read_fields(lines, facts, barcodes):
        assert each.value
        assert 0 <= each.confidence <= 1
    recognise(lines, barcodes, screenshot=True)


@given(_DIGITS, _DIGITS, _SHARES, st.sampled_from(["运单号：", "运单号 ", "", "快递单号: "]), st.integers(2, 6))
def test_a_number_that_differs_is_never_the_disputes(ours, read, confidence, label, group):
    grouped = " ".join(read[place : place + group] for place in range(0, len(read), group))
    lines = [Line(f"{label}SF{grouped}", Box(0.1, 0.1, 0.9, 0.2), confidence)]
    found = read_fields(lines, CaseFacts(waybills=(f"SF{ours}",)), [])
    matching = [each for each in found if each.name is FieldName.WAYBILL_NUMBER and each.matches]
    assert not matching or read == ours
