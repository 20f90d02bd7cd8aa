"""Documents by kind and severity, from a seed."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from random import Random

from bench.documents.camera import photograph
from bench.documents.chats import draw_chat, screenshot
from bench.documents.freight import draw_freight
from bench.documents.invoices import draw_invoice
from bench.documents.joints import draw_joint
from bench.documents.model import Document, Drawing, Kind, Severity
from bench.documents.others import draw_other
from bench.documents.products import draw_authorisation, draw_report_body, draw_report_cover
from bench.documents.proofs import draw_redstamp
from bench.documents.scales import draw_scale
from bench.documents.waybills import draw_waybill

_DRAWERS: Mapping[Kind, Callable[[Random], Drawing]] = {
    Kind.WAYBILL: draw_waybill,
    Kind.REDSTAMP: draw_redstamp,
    Kind.FREIGHT: draw_freight,
    Kind.REPORT_COVER: draw_report_cover,
    Kind.REPORT_BODY: draw_report_body,
    Kind.AUTHORISATION: draw_authorisation,
    Kind.INVOICE: draw_invoice,
    Kind.SCALE: draw_scale,
    Kind.JOINT: draw_joint,
    Kind.CHAT: draw_chat,
    Kind.OTHER: draw_other,
}


def draw(kind: Kind, severity: Severity, rng: Random, name: str = "") -> Document:
    """One document. A screenshot is the same at every severity: nobody photographs it."""
    drawing = _DRAWERS[kind](rng)
    if kind is Kind.CHAT:
        content, media_type, suffix = screenshot(drawing, rng), "image/png", "png"
    else:
        content, media_type, suffix = photograph(drawing, severity, rng), "image/jpeg", "jpg"
    named = name or f"{severity}_{kind}_{rng.getrandbits(32):08x}"
    return Document(f"{named}.{suffix}", kind, severity, content, media_type, drawing.fields, drawing.shows)


def generate(
    seed: int,
    per_kind: int,
    severities: Sequence[Severity] = tuple(Severity),
    kinds: Sequence[Kind] = tuple(Kind),
) -> Iterator[Document]:
    """So many of each kind and severity; each depends on the seed and its own name alone, and so can be drawn again."""
    for severity in severities:
        for kind in kinds:
            for at in range(per_kind):
                name = f"{severity}_{kind}_{at}"
                yield draw(kind, severity, Random(f"{seed}/{name}"), name)
