"""The OpenAPI 3.1 document, made from the routes themselves: contracts, access table, refusals, recorded examples."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from chalice.app import RouteEntry
from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from chalicelib.domain.errors import NotPermitted, Refusal
from chalicelib.http import problem_schemas
from chalicelib.http.access import ACCESS, PUBLIC
from chalicelib.http.endpoint import IN_PATHS, Contract, Endpoint
from chalicelib.http.problems import (
    MEDIA_TYPE,
    BodyTooLarge,
    IdempotencyKeyRequired,
    IdentityUnavailable,
    InternalError,
    InvalidBody,
    InvalidHeader,
    InvalidQuery,
    MalformedBody,
    RoleMissing,
    Unauthenticated,
    UnsupportedMediaType,
    status_of,
)

type Json = dict[str, Any]
type Model = tuple[type[BaseModel], JsonSchemaMode]
type Routes = Mapping[str, Mapping[str, RouteEntry]]

_REF: Final = "#/components/schemas/{model}"
_EXAMPLES: Final = Path(__file__).with_name("examples.json")

_ALWAYS: Final = (InvalidQuery, UnsupportedMediaType, InternalError)
_WITH_TOKEN: Final = (Unauthenticated, RoleMissing, NotPermitted, IdentityUnavailable)
_WITH_BODY: Final = (MalformedBody, InvalidBody, BodyTooLarge)
_WITH_KEY: Final = (IdempotencyKeyRequired, InvalidHeader)

_ABOUT: Final = """\
After-sales disputes: a platform opens one, the shop answers with evidence before a deadline, a reviewer rules, and \
the shop may appeal within its quota.

- **Callers** send an access token of the platform's identity provider: `Authorization: Bearer …`. Its `recourse_role` \
is platform, merchant, reviewer, appeal_reviewer, buyer or operator; `recourse_parties` lists whom it speaks for, e.g. \
`shop:S1`. What is another's answers 404, as what doesn't exist.
- **Changes** need an `Idempotency-Key`. The same key and request answer the same again, for 30 days; the key with \
another request is refused (422). Refusals aren't kept: mend what is wrong and send it with the same key or a new one.
- **ETag** is the dispute's version. With `If-Match` a command is carried out on just that version, or refused (412). \
It is honoured everywhere and asked for nowhere; send it with rulings, decisions, extensions and agreements.
- **Answers to commands** name private texts by id; reading the dispute shows what they say, until they are erased.
- **Instants** are RFC 3339 in UTC with milliseconds; at a deadline is in time, a millisecond later is late. Money is \
in minor units. Lists go on with the opaque `next`, which is good for its holder and its list only.
- **Refusals** are RFC 9457 problems: a stable `code`, `messages` and the `fix` in English and Chinese, `detail` by \
Accept-Language, and the facts as further members."""


def document(routes: Routes, base: str = "/") -> Json:
    """`base` is where the API lies on its host: a stage, or nothing."""
    operations = list(_operations(routes))
    schemas, components = _schemas(each.contract for _, _, each in operations)
    paths: defaultdict[str, Json] = defaultdict(dict)
    for path, method, endpoint in operations:
        paths[path][method.lower()] = _operation(path, method, endpoint, schemas, components)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Recourse",
            "version": "1",
            "description": _ABOUT,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": base}],
        "security": [{"token": []}],
        "tags": [{"name": each} for each in dict.fromkeys(_tag(endpoint) for _, _, endpoint in operations)],
        "paths": dict(sorted(paths.items())),
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}},
            "schemas": components | problem_schemas.schemas(),
            "examples": {
                f"problem_{code}": {"value": example} for code, example in sorted(_examples()["problems"].items())
            },
        },
    }


def _operations(routes: Routes) -> Iterator[tuple[str, str, Endpoint]]:
    for path, methods in routes.items():
        for method, entry in methods.items():
            view: object = entry.view_function
            if not isinstance(view, Endpoint):
                raise TypeError(f"{method} {path} has no contract")
            yield path, method, view


def _schemas(contracts: Iterable[Contract]) -> tuple[dict[Model, Json], Json]:
    """How to refer to each model, and the schemas themselves; those of queries become parameters."""
    wanted: dict[Model, None] = {}
    for each in contracts:
        if each.takes:
            wanted[each.takes, "validation"] = None
        if each.query:
            wanted[each.query, "validation"] = None
        if each.gives:
            wanted[each.gives, "serialization"] = None
    references, found = models_json_schema(list(wanted), ref_template=_REF)
    return {each: references[each] for each in wanted}, dict(sorted(found["$defs"].items()))


def _operation(path: str, method: str, endpoint: Endpoint, schemas: Mapping[Model, Json], components: Json) -> Json:
    contract, roles = endpoint.contract, ACCESS[method, path]
    summary, _, more = (endpoint.__doc__ or "").partition("\n")
    who = "Anybody." if roles is PUBLIC else f"For: {', '.join(sorted(roles))}."
    operation: Json = {
        "operationId": endpoint.name,
        "summary": summary.strip().rstrip("."),
        "description": f"{' '.join(more.split())}\n\n{who}".strip(),
        "tags": [_tag(endpoint)],
        "parameters": [*_path_parameters(path), *_query_parameters(contract, components), *_headers(contract)],
        "responses": _responses(endpoint, schemas, public=roles is PUBLIC),
    }
    if roles is PUBLIC:
        operation["security"] = []
    if contract.takes:
        example = _examples()["requests"].get(endpoint.name)
        operation["requestBody"] = {
            "required": True,
            "content": {
                "application/json": {
                    "schema": schemas[contract.takes, "validation"],
                    **({"example": example} if example is not None else {}),
                }
            },
        }
    return operation


def _tag(endpoint: Endpoint) -> str:
    return endpoint.__module__.rpartition(".")[2]


def _path_parameters(path: str) -> Iterator[Json]:
    for name, pattern in IN_PATHS.items():
        if f"{{{name}}}" in path:
            schema = {"type": "string", "pattern": pattern}
            yield {"name": name, "in": "path", "required": True, "schema": schema}


def _query_parameters(contract: Contract, components: Json) -> Iterator[Json]:
    if contract.query is None:
        return
    described = components[contract.query.__name__]
    for name, schema in described["properties"].items():
        yield {
            "name": name,
            "in": "query",
            "required": name in described.get("required", ()),
            "schema": {key: value for key, value in schema.items() if key not in ("title", "description")},
            **({"description": schema["description"]} if "description" in schema else {}),
        }


def _headers(contract: Contract) -> Iterator[Json]:
    language = {"type": "string", "examples": ["zh-Hans, en;q=0.5"]}
    yield {"name": "Accept-Language", "in": "header", "schema": language}
    if contract.changes:
        key = {"type": "string", "pattern": "^[\\x21-\\x7e]{1,128}$"}
        yield {"name": "Idempotency-Key", "in": "header", "required": True, "schema": key}
        yield {"name": "If-Match", "in": "header", "schema": {"type": "string", "examples": ['"12"']}}


def _responses(endpoint: Endpoint, schemas: Mapping[Model, Json], *, public: bool) -> dict[str, Json]:
    contract = endpoint.contract
    responses = {str(contract.status): _success(endpoint, schemas)}
    by_status: defaultdict[int, list[type[Refusal]]] = defaultdict(list)
    for refusal in refusals(contract, public=public):
        by_status[int(status_of(refusal))].append(refusal)
    for status, kinds in sorted(by_status.items()):
        codes = sorted(each.code for each in kinds)
        responses[str(status)] = {
            "description": ", ".join(codes),
            "content": {
                MEDIA_TYPE: {
                    "schema": {"anyOf": [{"$ref": _REF.format(model=f"problem_{each}")} for each in codes]},
                    "examples": {
                        each: {"$ref": f"#/components/examples/problem_{each}"}
                        for each in codes
                        if each in _examples()["problems"]
                    },
                }
            },
        }
    return responses


def _success(endpoint: Endpoint, schemas: Mapping[Model, Json]) -> Json:
    contract = endpoint.contract
    if contract.gives is None:
        kind = "text/html" if endpoint.name == "get_docs" else "application/json"
        return {"description": "As described.", "content": {kind: {}}}
    content: Json = {"schema": schemas[contract.gives, "serialization"]}
    example = _examples()["answers"].get(endpoint.name)
    if example is not None:
        content["example"] = example
    return {"description": "As described.", "content": {"application/json": content}}


def refusals(contract: Contract, *, public: bool) -> tuple[type[Refusal], ...]:
    """All that a route can be refused with."""
    kinds: list[type[Refusal]] = [*contract.refuses, *_ALWAYS]
    if not public:
        kinds.extend(_WITH_TOKEN)
    if contract.takes:
        kinds.extend(_WITH_BODY)
    if contract.changes:
        kinds.extend(_WITH_KEY)
    return tuple(dict.fromkeys(kinds))


@cache
def _examples() -> Json:
    """Requests and answers as a test recorded them: by operation, and problems by code."""
    recorded: Json = json.loads(_EXAMPLES.read_text(encoding="utf-8"))
    return recorded
