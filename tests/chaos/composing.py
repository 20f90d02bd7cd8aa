"""The composition root, put together of a test's own clock, ids and clients; and processes that remember nothing."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from chalicelib import bootstrap
from chalicelib.store import clients

_MADE: ContextVar[dict[str, Any]] = ContextVar("made")
"""What the process that runs here has made so far, by the composition root's name for it."""


@contextmanager
def composed(of_this_world: Mapping[str, Any], client: Callable[[str], Any]) -> Iterator[None]:
    """The composition root makes everything once a process; of these parts, and of these clients of AWS."""
    made_once = {
        name: _once_a_process(name, made.__wrapped__) for name, made in vars(bootstrap).items() if _is_cached(made)
    }
    with (
        _in_place(bootstrap, {**made_once, **of_this_world}),
        _in_place(clients, {"client": lambda name, *_: client(name)}),
    ):
        yield


def _is_cached(made: Any) -> bool:
    return hasattr(made, "cache_clear")


def _once_a_process(name: str, make: Callable[[], Any]) -> Callable[[], Any]:
    def made() -> Any:
        here = _MADE.get()
        if name not in here:
            here[name] = make()
        return here[name]

    return made


@contextmanager
def _in_place(module: Any, given: Mapping[str, Any]) -> Iterator[None]:
    before = {name: getattr(module, name) for name in given}
    for name, each in given.items():
        setattr(module, name, each)
    try:
        yield
    finally:
        for name, each in before.items():
            setattr(module, name, each)


@contextmanager
def a_process() -> Iterator[None]:
    """A cold start: nothing is remembered from another."""
    token = _MADE.set({})
    try:
        yield
    finally:
        _MADE.reset(token)
