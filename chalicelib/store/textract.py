"""AWS Textract behind the recogniser's port. It reads Latin script only, upright or not."""

import io
from typing import TYPE_CHECKING, Any, Protocol

from botocore.exceptions import BotoCoreError, ClientError

from evidence.ocr.order import in_order
from evidence.text import Box, Line, RecogniserError

if TYPE_CHECKING:
    from PIL.Image import Image

_QUALITY = 90
"""Of the JPEG that is sent: Textract takes 10 MB, and 4 megapixels of mere noise stay below that."""


class Client(Protocol):
    """As much of boto3's client for Textract as is used."""

    def detect_document_text(self, *, Document: dict[str, bytes]) -> dict[str, Any]: ...  # noqa: N803  (boto3's name)


class TextractRecogniser:
    """A `evidence.text.Recogniser`."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def read(self, picture: "Image") -> tuple[Line, ...]:
        """The lines of an RGB picture. Raises RecogniserError with Textract's reason."""
        try:
            answer = self._client.detect_document_text(Document={"Bytes": _jpeg(picture)})
        except (ClientError, BotoCoreError) as failure:
            raise RecogniserError(f"Textract: {failure}") from failure
        return in_order(_line(block) for block in answer["Blocks"] if block["BlockType"] == "LINE")


def _jpeg(picture: "Image") -> bytes:
    written = io.BytesIO()
    picture.save(written, "jpeg", quality=_QUALITY)
    return written.getvalue()


def _line(block: dict[str, Any]) -> Line:
    return Line(block["Text"], _box(block["Geometry"]["BoundingBox"]), block["Confidence"] / 100)


def _box(told: dict[str, float]) -> Box:
    """Textract may tell a box that reaches a hair out of the picture."""
    left, top = max(0.0, told["Left"]), max(0.0, told["Top"])
    return Box(left, top, min(1.0, told["Left"] + told["Width"]), min(1.0, told["Top"] + told["Height"]))
