"""Evidence as shops submit it, drawn on the spot with its truth: photographed papers and parcels, and screenshots."""

from bench.documents.generate import draw, generate
from bench.documents.invented import a_name, a_shop, a_waybill, another_waybill, near_miss
from bench.documents.model import Document, Fact, Kind, Severity

__all__ = [
    "Document",
    "Fact",
    "Kind",
    "Severity",
    "a_name",
    "a_shop",
    "a_waybill",
    "another_waybill",
    "draw",
    "generate",
    "near_miss",
]
