"""Logs, the same for the API and every job: one JSON object a line, with ids to follow a case by.

They tell ids, codes and places in the code, and never what was read: no token, no signed address, no text, no name. So
an exception is logged by its type, its code and where it was raised; not by what it says, for that may quote anything.
"""

import copy
import logging
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import wraps
from itertools import count
from traceback import walk_tb
from types import TracebackType
from typing import Any, Final, TextIO, override

import msgspec
from aws_lambda_powertools.logging import Logger
from aws_lambda_powertools.logging.formatter import LambdaPowertoolsFormatter
from botocore.exceptions import ClientError

from chalicelib.settings import SettingsError

_DEEPEST: Final = 20
"""Frames of one exception that are told, those nearest to where it was raised."""
_INVOCATIONS: Final = count()
_CODE: Final = re.compile(r"[A-Za-z_.]{1,64}")
_ID: Final = re.compile(r"[0-9A-HJKMNP-TV-Z]{26}")


class Discreet(LambdaPowertoolsFormatter):
    """Tells of an exception what can't quote anybody."""

    @override
    def format(self, record: logging.LogRecord) -> str:
        quotes = record.exc_info or record.exc_text or record.stack_info
        return str(super().format(_without_quotes(record) if quotes else record))


class _Line(Discreet):
    """For a handler that ends no lines of its own."""

    @override
    def format(self, record: logging.LogRecord) -> str:
        return f"{super().format(record)}\n"


class _Stdout(logging.StreamHandler[TextIO]):
    """Writes to what is the standard output at that moment."""

    def __init__(self) -> None:
        logging.Handler.__init__(self)

    @property
    def stream(self) -> TextIO:
        return sys.stdout

    @stream.setter
    def stream(self, _value: TextIO) -> None:
        raise AttributeError("it is the standard output")


def _without_quotes(record: logging.LogRecord) -> logging.LogRecord:
    shown = copy.copy(record)
    if record.exc_info and record.exc_info[1]:
        shown.fault = list(_told(record.exc_info[1]))
    shown.exc_info = shown.exc_text = shown.stack_info = None
    return shown


def _line(record: object) -> str:
    return msgspec.json.encode(record, enc_hook=str).decode()


FORM: Final[dict[str, Any]] = {
    "json_serializer": _line,
    "json_deserializer": str,  # a message is a sentence: it isn't read as JSON first
    "utc": True,
    "use_rfc3339": True,
    "log_record_order": ["level", "message", "timestamp"],
}

_LOGGER: Final = Logger(service="recourse", logger_handler=_Stdout(), logger_formatter=Discreet(**FORM))
"""The parent of all loggers of ours: `logging.getLogger("recourse.…")` is all that they need."""


def adopt(handlers: list[logging.Handler]) -> None:
    """Lambda's own handler, which writes what libraries have to say, writes it in the same form."""
    for each in handlers:
        if type(each).__module__.partition(".")[0] == "awslambdaric":
            each.setFormatter(_Line(**FORM))


adopt(logging.getLogger().handlers)


@contextmanager
def scope(**keys: object) -> Iterator[None]:
    """What is logged inside tells these, and what `tell` adds; at the end they are forgotten."""
    before = dict(_LOGGER.thread_safe_get_current_keys())
    tell(**keys)
    try:
        yield
    finally:
        _LOGGER.thread_safe_clear_keys()
        tell(**before)


def tell(**keys: object) -> None:
    """Adds keys to the scope that we are in: ids and codes, nothing that anybody wrote."""
    _LOGGER.thread_safe_append_keys(**keys)


def tell_case(dispute: object, piece: object = None, outage: object = None) -> None:
    """Adds the ids of what it is about. They come from messages and addresses: what isn't an id is left out."""
    said = {"dispute": dispute, "piece": piece, "outage": outage}
    tell(**{name: each for name, each in said.items() if isinstance(each, str) and _ID.fullmatch(each)})


def tell_cases(disputes: Iterable[object]) -> None:
    """The same for several at once."""
    tell(disputes=[each for each in disputes if isinstance(each, str) and _ID.fullmatch(each)])


@contextmanager
def invocation(context: object, **keys: object) -> Iterator[None]:
    """The scope of one invocation of a function; `context` is Lambda's."""
    request_id = getattr(context, "aws_request_id", None)
    with scope(function_request_id=request_id, cold_start=next(_INVOCATIONS) == 0, **keys):
        yield


class JobFailed(Exception):
    """All that Lambda itself, which logs in full, gets to see of a job that fails. Our own record says the rest."""


def observed[**P, R](job: Callable[P, R]) -> Callable[P, R]:
    """What every job has around it. It takes Chalice's event, or Lambda's event and context. Raises JobFailed alone."""

    @wraps(job)
    def run(*given: P.args, **more: P.kwargs) -> R:
        last: Any = given[-1]
        with invocation(getattr(last, "context", last), job=job.__name__):
            try:
                return job(*given, **more)
            except Exception:
                logging.getLogger("recourse.jobs").exception("the job failed")
                raise JobFailed from None

    return run


def _told(error: BaseException) -> Iterator[dict[str, object]]:
    """An exception, what caused it, and so on."""
    cause: BaseException | None = error
    while cause is not None:
        told = {"type": _name(cause), "code": _code(cause), "at": _places(cause.__traceback__)}
        yield {name: each for name, each in told.items() if each}
        cause = cause.__cause__ or (None if cause.__suppress_context__ else cause.__context__)


def _name(error: BaseException) -> str:
    kind = type(error)
    return kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"


def _code(error: BaseException) -> str | None:
    """What AWS, or we, call it; a setting that is wrong is told in full, or nobody could mend it."""
    match error:
        case ClientError():
            return f"{error.operation_name}: {error.response['Error']['Code']}"
        case SettingsError():
            return str(error)
        case _:
            code = getattr(error, "code", None)
            return code if isinstance(code, str) and _CODE.fullmatch(code) else None


def _places(traceback: TracebackType | None) -> list[str]:
    """`file:line function`, as they were called."""
    frames = [(frame.f_code, line) for frame, line in walk_tb(traceback)]
    return [f"{code.co_filename}:{line} {code.co_qualname}" for code, line in frames[-_DEEPEST:]]
