"""What Chalice itself refuses, said as problems: a method that a route doesn't take, and a body that isn't JSON."""

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Final

from chalice.app import Blueprint, Request, Response

from chalicelib.domain.errors import Refusal
from chalicelib.http.endpoint import refused
from chalicelib.http.problems import MethodNotAllowed, UnsupportedMediaType

_REFUSALS: Final[Mapping[int, type[Refusal]]] = {
    HTTPStatus.METHOD_NOT_ALLOWED: MethodNotAllowed,
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: UnsupportedMediaType,
}

misses = Blueprint(__name__)


@misses.middleware("http")
def as_problem(event: Request, get_response: Callable[[Request], Response]) -> Response:
    response = get_response(event)
    refusal = _REFUSALS.get(response.status_code)
    if refusal is None:
        return response
    problem = refused(event, refusal())
    if allow := response.headers.get("Allow"):
        problem.headers["Allow"] = allow
    return problem
