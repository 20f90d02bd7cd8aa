"""The only reader of the environment. Frozen values, without pydantic: the jobs read them at every cold start."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

_ISSUERS = re.compile(r"https://[^\s?#]+|http://127\.0\.0\.1(:[0-9]+)?(/[^\s?#]*)?")

ALGORITHMS = frozenset({"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"})
"""Signatures whose public key can't sign. Never `none`, and never HS*: who can verify those can forge them."""

RECOGNISERS = frozenset({"onnx", "textract", "none"})
"""Models of our own, which read Chinese and Latin; AWS Textract, Latin only; nobody, so that points stay open."""


CHECK_DAYS = 28
"""The table can be restored to any instant of the last 35 days, and a request's record is kept for 30."""


class SettingsError(ValueError):
    """The environment doesn't say what it must; the message names the variable and what it should be."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What every function needs."""

    table_name: str
    evidence_bucket: str
    due_queue_url: str
    upload_queue_url: str
    recognise_queue_url: str
    outage_queue_url: str
    deliver_queue_url: str
    undelivered_queue_url: str
    """Where deliveries end that failed too often."""
    webhook_key: str
    """The key of KMS that encrypts webhooks' secrets."""
    notice_queue_url: str
    bundle_queue_url: str
    audit_queue_url: str
    due_dead_letters_url: str
    """Whose deadlines could not be carried out: verifying knows of them."""
    anchor_bucket: str
    """Under object lock."""
    signing_key: str
    """The key of KMS that signs anchors and bundles."""
    bus_name: str
    default_policy: str
    recogniser: str
    """Who reads the text of evidence: one of RECOGNISERS."""
    table_check_days: int
    """In how many days everything in the table is checked once: CHECK_DAYS at most."""

    @classmethod
    def read(cls, environment: Mapping[str, str]) -> Self:
        """Raises SettingsError."""
        return cls(
            table_name=_said(environment, "TABLE_NAME"),
            evidence_bucket=_said(environment, "EVIDENCE_BUCKET"),
            due_queue_url=_said(environment, "DUE_QUEUE_URL"),
            upload_queue_url=_said(environment, "UPLOAD_QUEUE_URL"),
            recognise_queue_url=_said(environment, "RECOGNISE_QUEUE_URL"),
            outage_queue_url=_said(environment, "OUTAGE_QUEUE_URL"),
            deliver_queue_url=_said(environment, "DELIVER_QUEUE_URL"),
            undelivered_queue_url=_said(environment, "UNDELIVERED_QUEUE_URL"),
            webhook_key=_said(environment, "WEBHOOK_KEY"),
            notice_queue_url=_said(environment, "NOTICE_QUEUE_URL"),
            bundle_queue_url=_said(environment, "BUNDLE_QUEUE_URL"),
            audit_queue_url=_said(environment, "AUDIT_QUEUE_URL"),
            due_dead_letters_url=_said(environment, "DUE_DEAD_LETTERS_URL"),
            anchor_bucket=_said(environment, "ANCHOR_BUCKET"),
            signing_key=_said(environment, "SIGNING_KEY"),
            bus_name=_said(environment, "BUS_NAME"),
            default_policy=environment.get("DEFAULT_POLICY") or "marketplace",
            recogniser=_recogniser(environment.get("RECOGNISER") or "onnx"),
            table_check_days=_check_days(environment.get("TABLE_CHECK_DAYS") or "14"),
        )


@dataclass(frozen=True, slots=True)
class TokenSettings:
    """Whose tokens are accepted; only the API asks."""

    issuer: str
    audience: str
    jwks_uri: str
    algorithms: frozenset[str]

    @classmethod
    def read(cls, environment: Mapping[str, str]) -> Self:
        """Raises SettingsError. Without ALGORITHMS: RS256 and ES256, which OIDC providers use."""
        return cls(
            issuer=_address(environment, "ISSUER"),
            audience=_said(environment, "AUDIENCE"),
            jwks_uri=_address(environment, "JWKS_URI"),
            algorithms=_algorithms(environment.get("ALGORITHMS") or "RS256,ES256"),
        )


def service_name(environment: Mapping[str, str]) -> str:
    """Under which name this deployment's metrics stand: its stack's."""
    return environment.get("SERVICE_NAME") or "recourse"


def _said(environment: Mapping[str, str], name: str) -> str:
    value = environment.get(name, "").strip()
    if not value:
        raise SettingsError(f"{name} isn't set")
    return value


def _address(environment: Mapping[str, str], name: str) -> str:
    value = _said(environment, name)
    if not _ISSUERS.fullmatch(value):
        raise SettingsError(f"{name} is {value}; it must be an https:// address, or one on http://127.0.0.1")
    return value


def _recogniser(name: str) -> str:
    if name not in RECOGNISERS:
        raise SettingsError(f"RECOGNISER is {name!r}; it must be one of {', '.join(sorted(RECOGNISERS))}")
    return name


def _check_days(written: str) -> int:
    if not written.isdecimal() or not 1 <= int(written) <= CHECK_DAYS:
        raise SettingsError(f"TABLE_CHECK_DAYS is {written!r}; it must be a number from 1 to {CHECK_DAYS}")
    return int(written)


def _algorithms(written: str) -> frozenset[str]:
    names = frozenset(each.strip() for each in written.split(",") if each.strip())
    if not names or not names <= ALGORITHMS:
        raise SettingsError(f"ALGORITHMS is {written!r}; it must name some of {', '.join(sorted(ALGORITHMS))}")
    return names
