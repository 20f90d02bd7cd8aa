"""A PDF's pages as pictures. PDFium is large native code and PDFs are programs, so it runs in a process of its own.

That process has no environment, little memory and little time; where it fails, however that may be, there are fewer
pages to see, and nothing else happens: only what pypdf finds is a defect (A13).
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress

from PIL import Image

from policies.model import FileLimits

_HEAD = 8
"""Bytes: width and height before the pixels of a page."""
_MOST_PIXELS = 4_000_000


def render(content: bytes, limits: FileLimits) -> Iterator[Image.Image]:
    """The first pages in RGB, upright, at most `max_pdf_pages`; white where a page can't be rendered.

    Fewer, or none, where the file is encrypted or broken, or takes more than 12 s of CPU time or about 500 MB in all.
    """
    command = [sys.executable, "-m", "evidence.page_renderer", str(limits.max_pdf_pages)]
    # Of the environment, it gets only where its libraries lie: there are credentials in it.
    environment = {"PYTHONPATH": os.pathsep.join(sys.path), "LD_LIBRARY_PATH": os.environ.get("LD_LIBRARY_PATH", "")}
    with subprocess.Popen(  # noqa: S603 (the command is ours)
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment
    ) as renderer:
        try:
            yield from _received(renderer, content)
        finally:
            renderer.kill()


def _received(renderer: subprocess.Popen[bytes], content: bytes) -> Iterator[Image.Image]:
    if renderer.stdin is None or renderer.stdout is None:
        return
    with suppress(BrokenPipeError), renderer.stdin:
        renderer.stdin.write(content)
    while len(head := renderer.stdout.read(_HEAD)) == _HEAD:
        size = int.from_bytes(head[:4]), int.from_bytes(head[4:])
        length = 3 * size[0] * size[1]
        if not 0 < length <= 3 * _MOST_PIXELS or len(pixels := renderer.stdout.read(length)) < length:
            return
        yield Image.frombytes("RGB", size, pixels)
