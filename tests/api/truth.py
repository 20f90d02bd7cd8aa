"""The OpenAPI document, held against what is really answered."""

import json
from functools import cache
from typing import Any

from chalice.app import Chalice
from jsonschema import Draft202012Validator
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from chalicelib.http.openapi import document

_BASE = "urn:recourse:openapi"
_BEFORE_ANY_OPERATION = {405}
"""What is refused before a route is found is no operation's."""


class Truth:
    def __init__(self, described: dict[str, Any]) -> None:
        self.described = described
        resource = DRAFT202012.create_resource(described)
        self._registry: Registry[Any] = Registry().with_resource(_BASE, resource)
        self._validators: dict[str, Draft202012Validator] = {}
        self._held: set[tuple[str, str, int, str, str]] = set()

    @staticmethod
    @cache
    def of(app: Chalice) -> "Truth":
        return Truth(document(app.routes))

    def check(self, method: str, path: str, status: int, headers: dict[str, str], text: str) -> None:
        """AssertionError for an answer that the document doesn't tell of."""
        kind = headers["Content-Type"].partition(";")[0]
        answer = method, path, status, kind, text
        if status in _BEFORE_ANY_OPERATION or answer in self._held:
            return
        self._check(*answer)
        self._held.add(answer)

    def _check(self, method: str, path: str, status: int, kind: str, text: str) -> None:
        operation = self.described["paths"][path][method.lower()]
        assert str(status) in operation["responses"], f"{method} {path} answers {status}, undocumented: {text[:400]}"
        content = operation["responses"][str(status)]["content"]
        assert kind in content, f"{method} {path} answers {kind}"
        if "schema" not in content[kind]:
            return
        place = ["paths", path, method.lower(), "responses", str(status), "content", kind, "schema"]
        self.validator(place).validate(json.loads(text))

    def validator(self, place: list[str]) -> Draft202012Validator:
        pointer = "/".join(
            each.replace("~", "~0").replace("/", "~1").replace("{", "%7B").replace("}", "%7D") for each in place
        )
        reference = f"{_BASE}#/{pointer}"
        if reference not in self._validators:
            schema = {"$ref": reference}
            self._validators[reference] = Draft202012Validator(schema, registry=self._registry)
        return self._validators[reference]
