"""Notes what each function asks of AWS, signed addresses and forms included, and what its role doesn't allow of that.

Whose call it is, the log's scope tells: every job and every route opens one, in whatever world it runs.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from chalicelib.logs import FORM, Discreet
from tests.iam import actions
from tests.iam.roles import API, Use, allowances, function_named

_SCOPE: Final = Discreet(**FORM)
_FORM_POLICY: Final = "s3-presign-post-policy"


@dataclass(frozen=True, slots=True, order=True)
class Noted:
    """`entry` is the route or the job, `call` the client's: `Query`, or `signed GetObject`."""

    function: str
    entry: str
    call: str
    use: Use


@dataclass(slots=True)
class Notes:
    """`forbidden` are sentences."""

    noted: set[Noted] = field(default_factory=set)
    forbidden: set[str] = field(default_factory=set)

    def note(self, call: str, uses: Iterable[Use]) -> None:
        running = _running()
        if running is None:
            return
        for each in uses:
            noted = Noted(*running, call, each)
            if noted not in self.noted:
                self.noted.add(noted)
                self.forbidden.update(_forbidden(noted))


_open: Final[list[Notes]] = []
"""Whoever takes notes now."""


@contextmanager
def taking_notes() -> Iterator[Notes]:
    notes = Notes()
    _open.append(notes)
    try:
        yield notes
    finally:
        _open.remove(notes)


def attach(events: Any) -> None:
    """Clients made from now on in the session that these are of are listened to; twice is once."""
    events.register("provide-client-params.*.*", _called, unique_id="iam-called")
    events.register("before-sign.s3.PutObject", _signed, unique_id="iam-signed")


def _called(params: Any, model: Any, context: Any, **_: object) -> None:
    """Botocore makes a form's address as if it were to create the bucket; what it signs, `_signed` hears."""
    signed = "signed " if context.get("is_presign_request") else ""
    if signed and model.name == "CreateBucket":
        return
    for notes in _open:
        notes.note(f"{signed}{model.name}", actions.uses(model.service_model.service_name, model.name, params))


def _signed(request: Any, **_: object) -> None:
    policy = request.context.get(_FORM_POLICY)
    if policy:
        for notes in _open:
            notes.note("signed form", actions.form(policy["conditions"]))


def _running() -> tuple[str, str] | None:
    """The function and its entry; None outside of any."""
    told = _SCOPE.thread_safe_get_current_keys()
    if "job" in told:
        return function_named(told["job"]), told["job"]
    return (API, told["route"]) if "route" in told else None


def _forbidden(noted: Noted) -> Iterator[str]:
    if not any(each.covers(noted.function, noted.use) for each in allowances()):
        who, use = f"{noted.function} ({noted.entry})", noted.use
        yield f"{who} isn't allowed {use.action} on {use.resource}, which {noted.call} needs: {use.context}"
