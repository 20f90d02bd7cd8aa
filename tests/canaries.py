"""What must never stand in a log: whatever any test logs is looked through for it."""

import logging
import re
from typing import override

from chalicelib.logs import FORM, Discreet

TOKEN = "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJzaG9wLTc6Y2xlcmsifQ"
SIGNED = "https://bucket.example/uploads/x?X-Amz-Signature=0123456789abcdef"
QUOTED = f"王勇 said: handed over at the door; {TOKEN} {SIGNED} SF1234567890 face.jpg"
"""What a fault may quote of what was read."""

_CANARIES = (
    r"eyJ[\w-]{8,}",  # a token, or a part of one
    r"(?i:bearer )",
    r"(?i:x-amz-(signature|credential|security-token))",  # an address, or a form, that is signed
    r"whsec_",  # a webhook's secret
    r"(?i:hooks\.(example|invalid))",  # where a webhook goes: the address may hold a secret, too
    r"[\u3400-\u9fff]",  # a log is in English: what is Chinese was written, or read, by somebody
    r"(?i:\.(jpe?g|png|webp|pdf)\b)",  # a file's name
    r"handed over (at the door|on the 3rd)|Nothing has arrived|isn't the recipient's|recipient signed",
    r"Sample shop|Sample Express|Teapot|\bSF\d{10,}",  # of an order; an id may have the letters within
)
CANARY = re.compile("|".join(_CANARIES))


class Listener(logging.Handler):
    """Hears what is logged, in the very form in which it would be written, and keeps what must not be."""

    def __init__(self) -> None:
        super().__init__()
        self.setFormatter(Discreet(**FORM))
        self.heard = 0
        self.leaks: list[str] = []

    @override
    def emit(self, record: logging.LogRecord) -> None:
        line = self.format(record)
        self.heard += 1
        if CANARY.search(line):
            self.leaks.append(line)
