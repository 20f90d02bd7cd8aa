"""The one way in which a check says that a file can't be used."""

from typing import override

from evidence.messages import Code, defect
from evidence.model import Defect


class UnusableError(Exception):
    """The file can't be used; `defect` says why and what to do. Never leaves this package."""

    def __init__(self, code: Code, **facts: str | int) -> None:
        super().__init__(code, facts)
        self.code = code
        self.defect: Defect = defect(code, **facts)

    @override
    def __str__(self) -> str:
        return self.defect.message.en
