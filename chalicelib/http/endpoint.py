"""One route: what it takes and gives, who may call it, and everything that stands around its view.

A view's exception would become Chalice's 500 before any middleware sees it, so refusals become problems here.
"""

import json
import logging
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import update_wrapper
from typing import Final

from chalice.app import Blueprint, MultiDict, Response
from chalice.app import Request as ChaliceRequest
from pydantic import ValidationError

from chalicelib import logs, metrics
from chalicelib.domain.errors import NotFound, Refusal
from chalicelib.domain.parties import Actor
from chalicelib.http import problems
from chalicelib.http.access import ACCESS, PUBLIC
from chalicelib.http.call import Call, received_at
from chalicelib.http.deps import Deps, deps
from chalicelib.http.fields import malformed
from chalicelib.http.fields import problem as field_problem
from chalicelib.http.fields import problems as field_problems
from chalicelib.http.models.common import SLUG, ULID, In, Out, Query

_LOG: Final = logging.getLogger("recourse.http")

PREFIX: Final = "/v1"
MOST_BYTES: Final = 256 * 1024

IN_PATHS: Final[Mapping[str, str]] = {
    "dispute_id": ULID,
    "piece_id": ULID,
    "request_id": ULID,
    "appeal_id": ULID,
    "bundle_id": ULID,
    "outage_id": ULID,
    "webhook_id": ULID,
    "event_id": r"^[0-9A-HJKMNP-TV-Z]{26}:[1-9][0-9]{0,7}$",
    "shop": r"^[A-Za-z0-9._-]{1,64}$",
    "policy_id": SLUG,
    "version": r"^[1-9][0-9]{0,5}$",
}
"""What the parts of an address look like; anything else names nothing."""


@dataclass(frozen=True, slots=True)
class Answer:
    body: Out | None
    etag: int | None = None
    location: str | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """An answer that isn't JSON, or is no model."""

    body: str
    media_type: str


type Headers = dict[str, str | list[str]]
type View = Callable[..., Answer | Page]


@dataclass(frozen=True, slots=True)
class Contract:
    """What the OpenAPI document says of a route."""

    takes: type[In] | None = None
    query: type[Query] | None = None
    gives: type[Out] | None = None
    status: int = 200
    refuses: tuple[type[Refusal], ...] = ()
    changes: bool = False
    """It needs an Idempotency-Key, and honours If-Match."""


class Endpoint:
    """A view with its contract, as Chalice calls it. Never raises."""

    def __init__(self, routes: Blueprint, view: View, contract: Contract) -> None:
        update_wrapper(self, view)
        self.__name__ = str(view.__name__)
        self.contract = contract
        self._routes = routes
        self._view = view

    @property
    def name(self) -> str:
        """The operation's id."""
        return self.__name__

    def __call__(self, **path: str) -> Response:
        http: ChaliceRequest = self._routes.current_request
        correlation_id = http.context.get("requestId")
        with logs.invocation(http.lambda_context, correlation_id=correlation_id, route=f"{http.method} {http.path}"):
            return self._response(http, path)

    def _response(self, http: ChaliceRequest, path: dict[str, str]) -> Response:
        try:
            response = self._rendered(self._answer(http, path))
        except Refusal as refusal:
            return refused(http, refusal)
        except Exception:  # noqa: BLE001  (the outermost guard: what goes wrong is logged, and nothing of it leaks)
            request_id = str(getattr(http.lambda_context, "aws_request_id", ""))
            _LOG.exception("the request failed")
            return refused(http, problems.InternalError(request_id=request_id))
        _LOG.info("answered", extra={"status": response.status_code})
        return response

    def _answer(self, http: ChaliceRequest, path: dict[str, str]) -> Answer | Page:
        given = deps()
        call = Call(http, given, received_at(http.context, given.clock()), _admit(http, given), path)
        _check_path(path)
        logs.tell_case(path.get("dispute_id"), path.get("piece_id"))
        if self.contract.changes:
            call.require_key()
        return self._view(call, *self._taken(http), **path)

    def _taken(self, http: ChaliceRequest) -> tuple[In | Query, ...]:
        """The query or the body, checked, where the view wants one; neither may hold what isn't asked for."""
        wanted = self.contract.query
        query = (_query(wanted or Query, http),) if wanted or http.query_params else ()
        return (_body(self.contract.takes, http),) if self.contract.takes else query

    def _rendered(self, answer: Answer | Page) -> Response:
        headers: Headers = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
        if isinstance(answer, Page):
            return Response(answer.body, headers | {"Content-Type": answer.media_type}, 200)
        if answer.etag is not None:
            headers["ETag"] = f'"{answer.etag}"'
        if answer.location is not None:
            headers["Location"] = answer.location
        body = answer.body.model_dump_json() if answer.body else ""
        return Response(body, headers | {"Content-Type": "application/json"}, self.contract.status)


class Routes:
    """A blueprint of endpoints. Each is a route of Chalice's; there is no other way to make one."""

    def __init__(self, import_name: str) -> None:
        self.blueprint = Blueprint(import_name)

    def get(
        self,
        path: str,
        *,
        gives: type[Out] | None = None,
        query: type[Query] | None = None,
        refuses: Sequence[type[Refusal]] = (),
    ) -> Callable[[View], Endpoint]:
        return self._route("GET", path, Contract(None, query, gives, 200, tuple(refuses)))

    def post(  # noqa: PLR0913  (each is a part of the contract)
        self,
        path: str,
        *,
        takes: type[In],
        gives: type[Out],
        status: int = 200,
        refuses: Sequence[type[Refusal]] = (),
        changes: bool = True,
    ) -> Callable[[View], Endpoint]:
        return self._route("POST", path, Contract(takes, None, gives, status, tuple(refuses), changes))

    def delete(
        self, path: str, *, gives: type[Out], refuses: Sequence[type[Refusal]] = ()
    ) -> Callable[[View], Endpoint]:
        return self._route("DELETE", path, Contract(None, None, gives, 200, tuple(refuses), changes=True))

    def _route(self, method: str, path: str, contract: Contract) -> Callable[[View], Endpoint]:
        def register(view: View) -> Endpoint:
            endpoint = Endpoint(self.blueprint, view, contract)
            self.blueprint.route(path, methods=[method])(endpoint)
            return endpoint

        return register


def refused(http: ChaliceRequest | None, refusal: Refusal) -> Response:
    """The problem, in the caller's language; counted and logged by its code."""
    status = int(problems.status_of(type(refusal)))
    metrics.emit_refused(refusal.code)
    _LOG.info("refused", extra={"status": status, "code": refusal.code})
    language = problems.language_of(http.headers.get("accept-language", "") if http else "")
    body = json.dumps(problems.document(refusal, language), ensure_ascii=False)
    headers: Headers = {**problems.headers(refusal, language)}
    return Response(body, headers, status)


def _admit(http: ChaliceRequest, given: Deps) -> Actor | None:
    """Who calls; None on a public route. Raises NotPermitted for a role, or a route, that the table doesn't have."""
    roles = ACCESS.get((http.method, http.path))
    if roles is None:
        raise problems.not_for_this_role(http.method, http.path)
    if roles is PUBLIC:
        return None
    actor = given.tokens.actor(http.headers.get("authorization"))
    logs.tell(role=str(actor.role))
    if actor.role not in roles:
        raise problems.not_for_this_role(http.method, http.path)
    return actor


def _check_path(path: Mapping[str, str]) -> None:
    for name, value in path.items():
        if not re.fullmatch(IN_PATHS[name], value):
            raise NotFound


def _query(kind: type[Query], http: ChaliceRequest) -> Query:
    given = http.query_params or MultiDict({})
    repeated = [name for name in given if len(given.getlist(name)) > 1]
    if repeated:
        raise problems.InvalidQuery(errors=tuple(field_problem(each, "repeated_parameter") for each in repeated))
    try:
        return kind.model_validate({name: given[name] for name in given})
    except ValidationError as error:
        raise problems.InvalidQuery(errors=field_problems(error)) from None


def _body(kind: type[In], http: ChaliceRequest) -> In:
    """An empty body says the same as `{}`."""
    raw = _raw(http) or b"{}"
    if len(raw) > MOST_BYTES:
        raise problems.BodyTooLarge(limit=MOST_BYTES)
    try:
        return kind.model_validate_json(raw)
    except ValidationError as error:
        if malformed(error):
            raise problems.MalformedBody from None
        raise problems.InvalidBody(errors=field_problems(error)) from None


def _raw(http: ChaliceRequest) -> str | bytes:
    """Raises MalformedBody for half of a surrogate pair, which is no text."""
    try:
        return http.raw_body
    except UnicodeEncodeError:
        raise problems.MalformedBody from None
