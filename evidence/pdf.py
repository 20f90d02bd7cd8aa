"""A PDF: whether it can be opened, and how many pages it has. What they show is for the reviewer.

A PDF of 10 MB can unfold into gigabytes of objects, so what pypdf may read of it is rationed. Where the ration runs
out, nothing is certain, and the file is taken as it is, its pages uncounted (A13).
"""

import io
import logging
import struct
import zlib
from collections.abc import Iterator
from typing import override

from pypdf import PdfReader, apply_configuration
from pypdf.errors import DependencyError, FileNotDecryptedError, LimitReachedError, PyPdfError
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, PdfObject, StreamObject

from evidence.errors import UnusableError
from evidence.messages import Code
from policies.model import FileLimits

# It logs pieces of the file that it can't make sense of, and names may stand in them.
logging.getLogger("pypdf").setLevel(logging.CRITICAL)

_RATION = 1_000_000
"""Reads of a token or a piece of one, and bytes unpacked from object streams. Worth 250 MB of objects at the worst."""
_UNPACKED = 1_000_000
"""Bytes that one stream may unpack to. Page images are never unpacked here."""
_MAX_OBJECTS_TRIED = 100
"""In search of a catalogue that the trailer doesn't name; each costs a pass over the file."""
_MAX_ENTRIES = 200_000

_LOCKED = (
    FileNotDecryptedError,
    DependencyError,  # a cipher that nothing here can open
    NotImplementedError,  # an encryption handler other than the standard one
)
_UNREADABLE = (
    PyPdfError,
    OSError,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,  # pypdf asks objects for what their type, in a broken file, doesn't have
    AssertionError,
    ArithmeticError,
    RecursionError,  # arrays nested without end
    struct.error,
    zlib.error,
)
"""What pypdf raises for a malformed file: it has errors of its own, but trusts the file in many places."""


def count_pages(content: bytes, limits: FileLimits) -> int | None:
    """How many pages a PDF has; None where that can't be told within the ration.

    Raises UnusableError if it needs a password, has more pages than the limit, or can't be opened for certain.
    A PDF that is only restricted (no printing, no copying) opens without a password, and is as good as any.
    """
    ration = _Ration(_RATION)
    try:
        with apply_configuration(
            zlib_maximum_output_length=_UNPACKED,
            zlib_maximum_recovery_input_length=_UNPACKED,
            lzw_maximum_output_length=_UNPACKED,
            run_length_maximum_output_length=_UNPACKED,
            brotli_maximum_output_length=_UNPACKED,
            array_based_stream_maximum_output_length=_UNPACKED,
            stream_decoding_work_maximum_length=4 * _UNPACKED,
        ):
            return _count(content, ration, limits.max_pdf_pages)
    except LimitReachedError:
        return None
    except _LOCKED as failure:
        raise UnusableError(Code.PDF_ENCRYPTED) from failure
    except _UNREADABLE as failure:
        if ration.left <= 0:
            return None
        raise UnusableError(Code.PDF_BROKEN) from failure


class _Ration:
    """What may still be read. Raises LimitReachedError, which pypdf lets through, once it is used up."""

    def __init__(self, left: int) -> None:
        self.left = left

    def use(self, amount: int) -> None:
        self.left -= amount
        if self.left <= 0:
            raise LimitReachedError("The ration is used up.")


class _RationedBytes(io.BytesIO):
    """The file, a unit of the ration a read: pypdf builds no object without reading."""

    def __init__(self, content: bytes, ration: _Ration) -> None:
        super().__init__(content)
        self._ration = ration

    @override
    def read(self, size: int | None = -1, /) -> bytes:
        self._ration.use(1)
        return super().read(size)


class _RationedReader(PdfReader):
    """Takes the ration for an object stream before pypdf makes objects of all that is in it."""

    def __init__(self, content: bytes, ration: _Ration) -> None:
        self._ration = ration
        self._unpacked: set[int] = set()
        super().__init__(
            _RationedBytes(content, ration),
            root_object_recovery_limit=_MAX_OBJECTS_TRIED,
            xref_stream_maximum_entries=_MAX_ENTRIES,
        )

    @override
    def get_object(self, indirect_reference: int | IndirectObject) -> PdfObject | None:
        number = indirect_reference if isinstance(indirect_reference, int) else indirect_reference.idnum
        holder, _ = self.xref_objStm.get(number, (None, None))
        if holder is not None and holder not in self._unpacked:
            self._unpacked.add(holder)
            stream = self.get_object(holder)
            if isinstance(stream, StreamObject):
                self._ration.use(len(stream.get_data()))
        return super().get_object(indirect_reference)


def _count(content: bytes, ration: _Ration, most: int) -> int:
    reader = _RationedReader(content, ration)
    if reader.is_encrypted and not reader.decrypt(""):
        raise UnusableError(Code.PDF_ENCRYPTED)
    count = 0
    for _ in _pages(reader):
        count += 1
        if count > most:
            raise UnusableError(Code.PDF_TOO_MANY_PAGES, limit=most)
    if not count:
        raise UnusableError(Code.PDF_BROKEN)
    return count


def _pages(reader: PdfReader) -> Iterator[DictionaryObject]:
    """Every page of the tree, in no particular order. A branch that isn't there means that the file is broken."""
    seen: set[int] = set()
    waiting: list[PdfObject | None] = [reader.root_object.raw_get("/Pages")]
    while waiting:
        reference = waiting.pop()
        node = reference.get_object() if reference is not None else None
        if not isinstance(node, DictionaryObject):
            raise UnusableError(Code.PDF_BROKEN)
        if "/Kids" not in node and node.get("/Type") != "/Pages":
            yield node
            continue
        if isinstance(reference, IndirectObject):
            if reference.idnum in seen:
                raise UnusableError(Code.PDF_BROKEN)
            seen.add(reference.idnum)
        kids = node.get("/Kids")
        if not isinstance(kids, ArrayObject):
            raise UnusableError(Code.PDF_BROKEN)
        waiting.extend(kids)
