"""Which role may call which route, on one page. A route that isn't here can't be reached; `endpoint` asks at each call.

Whose dispute it is, and what the rules allow there, the domain says: this table only closes what a role never needs.
"""

from collections.abc import Mapping
from typing import Final

from chalicelib.domain.parties import Role

PUBLIC: Final[frozenset[Role]] = frozenset()
"""No token is asked for."""

PLATFORM = frozenset({Role.PLATFORM})
MERCHANT = frozenset({Role.MERCHANT})
COMPLAINANT = frozenset({Role.BUYER, Role.PLATFORM})
PARTIES = MERCHANT | COMPLAINANT
REVIEWER = frozenset({Role.REVIEWER})
APPEAL_REVIEWER = frozenset({Role.APPEAL_REVIEWER})
REVIEWERS = REVIEWER | APPEAL_REVIEWER
STAFF = REVIEWERS | PLATFORM
OPERATOR = frozenset({Role.OPERATOR})
EXTENDERS = STAFF | OPERATOR
WATCHERS = STAFF | OPERATOR
KEEPERS = PLATFORM | OPERATOR
APPELLANTS = WATCHERS | MERCHANT
HOOKED = MERCHANT | PLATFORM
EVERYBODY = WATCHERS | PARTIES

ACCESS: Final[Mapping[tuple[str, str], frozenset[Role]]] = {
    ("GET", "/v1/health"): PUBLIC,
    ("GET", "/v1/openapi.json"): PUBLIC,
    ("GET", "/v1/docs"): PUBLIC,
    ("GET", "/v1/bundle-key"): PUBLIC,
    ("POST", "/v1/disputes"): PLATFORM,
    ("GET", "/v1/disputes"): EVERYBODY,
    ("GET", "/v1/disputes/{dispute_id}"): EVERYBODY,
    ("GET", "/v1/disputes/{dispute_id}/requirements"): EVERYBODY,
    ("GET", "/v1/disputes/{dispute_id}/readiness"): EVERYBODY,
    ("GET", "/v1/disputes/{dispute_id}/timeline"): EVERYBODY,
    ("GET", "/v1/disputes/{dispute_id}/evidence"): EVERYBODY,
    ("POST", "/v1/disputes/{dispute_id}/evidence"): PARTIES,
    ("GET", "/v1/disputes/{dispute_id}/evidence/{piece_id}"): EVERYBODY,
    ("DELETE", "/v1/disputes/{dispute_id}/evidence/{piece_id}"): PARTIES,
    ("POST", "/v1/disputes/{dispute_id}/evidence/{piece_id}/upload-form"): PARTIES,
    ("GET", "/v1/disputes/{dispute_id}/evidence/{piece_id}/view"): EVERYBODY,
    ("POST", "/v1/disputes/{dispute_id}/acceptance"): MERCHANT,
    ("POST", "/v1/disputes/{dispute_id}/settlement"): MERCHANT,
    ("POST", "/v1/disputes/{dispute_id}/settlement/confirmation"): COMPLAINANT,
    ("POST", "/v1/disputes/{dispute_id}/response"): MERCHANT,
    ("POST", "/v1/disputes/{dispute_id}/evidence-requests"): REVIEWER,
    ("POST", "/v1/disputes/{dispute_id}/evidence-requests/{request_id}/answer"): PARTIES,
    ("POST", "/v1/disputes/{dispute_id}/review-claim"): REVIEWERS,
    ("DELETE", "/v1/disputes/{dispute_id}/review-claim"): REVIEWERS,
    ("GET", "/v1/disputes/{dispute_id}/checklist"): WATCHERS,
    ("POST", "/v1/disputes/{dispute_id}/ruling"): REVIEWER,
    ("POST", "/v1/disputes/{dispute_id}/extension"): EXTENDERS,
    ("GET", "/v1/disputes/{dispute_id}/appeal-eligibility"): APPELLANTS,
    ("POST", "/v1/disputes/{dispute_id}/appeals"): MERCHANT,
    ("POST", "/v1/disputes/{dispute_id}/appeals/{appeal_id}/withdrawal"): MERCHANT,
    ("POST", "/v1/disputes/{dispute_id}/appeals/{appeal_id}/decision"): APPEAL_REVIEWER,
    ("POST", "/v1/disputes/{dispute_id}/set-aside"): STAFF,
    ("POST", "/v1/disputes/{dispute_id}/set-aside/agreement"): STAFF,
    ("POST", "/v1/disputes/{dispute_id}/withdrawal"): COMPLAINANT,
    ("POST", "/v1/disputes/{dispute_id}/closure"): PLATFORM,
    ("POST", "/v1/disputes/{dispute_id}/hold"): KEEPERS,
    ("DELETE", "/v1/disputes/{dispute_id}/hold"): KEEPERS,
    ("POST", "/v1/disputes/{dispute_id}/erasure"): KEEPERS,
    ("POST", "/v1/disputes/{dispute_id}/bundle"): EVERYBODY,
    ("GET", "/v1/disputes/{dispute_id}/bundle/{bundle_id}"): EVERYBODY,
    ("GET", "/v1/reviews"): WATCHERS,
    ("POST", "/v1/reviews/claim-next"): REVIEWERS,
    ("GET", "/v1/shops/{shop}/appeal-quota"): APPELLANTS,
    ("GET", "/v1/policies/{policy_id}/versions/{version}"): EVERYBODY,
    ("GET", "/v1/messages"): PARTIES,
    ("POST", "/v1/messages/read"): PARTIES,
    ("GET", "/v1/events"): PLATFORM,
    ("POST", "/v1/outages"): OPERATOR,
    ("GET", "/v1/outages"): OPERATOR,
    ("GET", "/v1/outages/{outage_id}"): OPERATOR,
    ("GET", "/v1/outages/{outage_id}/preview"): OPERATOR,
    ("POST", "/v1/outages/{outage_id}/agreement"): OPERATOR,
    ("POST", "/v1/webhooks"): HOOKED,
    ("GET", "/v1/webhooks"): HOOKED,
    ("GET", "/v1/webhooks/{webhook_id}"): HOOKED,
    ("POST", "/v1/webhooks/{webhook_id}"): HOOKED,
    ("DELETE", "/v1/webhooks/{webhook_id}"): HOOKED,
    ("POST", "/v1/webhooks/{webhook_id}/secret"): HOOKED,
    ("POST", "/v1/webhooks/{webhook_id}/test"): HOOKED,
    ("GET", "/v1/webhooks/{webhook_id}/attempts"): HOOKED,
    ("POST", "/v1/webhooks/{webhook_id}/attempts/{event_id}/replay"): HOOKED,
}
