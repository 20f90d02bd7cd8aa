"""What a client sends and gets, as plain JSON: for services whose messages hold neither bytes nor instants of ours.

Botocore walks each message by the service's model, node by node, to turn those two into text and back. DynamoDB and SQS
get none from us: a message is its own JSON, written and read in one go. All else is left to botocore: where it goes,
how it is signed, what is tried again, and what a refusal says.
"""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

import msgspec

_SENT: Final = "recourse.sent"


def plain(client: Any) -> Any:  # noqa: ANN401  (a client of DynamoDB or SQS)
    """The client itself, which from now on sends what it is given as it is."""
    events = client.meta.events
    service = client.meta.service_model.service_id.hyphenize()
    events.register(f"provide-client-params.{service}", _set_aside)
    events.register_first(f"before-call.{service}", _written)
    events.register(f"before-parse.{service}", _read)
    return client


def _set_aside(params: Mapping[str, Any], context: dict[str, Any], **_: object) -> Mapping[str, Any]:
    """Botocore sees whatever it may choose the endpoint by, with nothing in it to walk."""
    context[_SENT] = params
    return {name: type(each)() if isinstance(each, dict | list) else each for name, each in params.items()}


def _written(params: dict[str, Any], context: dict[str, Any], **_: object) -> None:
    params["body"] = msgspec.json.encode(context.pop(_SENT))


def _read(response_dict: dict[str, Any], customized_response_dict: dict[str, Any], **_: object) -> None:
    if response_dict["status_code"] == HTTPStatus.OK and response_dict["body"]:
        customized_response_dict.update(msgspec.json.decode(response_dict["body"]))
        response_dict["body"] = b"{}"
