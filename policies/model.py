"""What a platform asks of the parties, as frozen values; `policies.load` reads them from YAML.

Every number and every choice of the rulebook is a field here, under the rulebook's name.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar


class _Closed:
    """Refuses fields that the policy doesn't know, and takes field docstrings into the JSON Schema."""

    __slots__ = ()
    __pydantic_config__: ClassVar[dict[str, object]] = {"extra": "forbid", "use_attribute_docstrings": True}


@dataclass(frozen=True, slots=True)
class Bilingual(_Closed):
    """A sentence for people, in English and in simplified Chinese. Neither may be empty."""

    en: str
    zh: str


class Unit(StrEnum):
    """Seconds, minutes and hours elapse; days, months and years are the policy zone's calendar."""

    SECONDS = "seconds"
    MINUTES = "minutes"
    HOURS = "hours"
    DAYS = "days"
    MONTHS = "months"
    YEARS = "years"


@dataclass(frozen=True, slots=True)
class Term(_Closed):
    """A length of time, e.g. 48 hours. `policies.calendar` adds it to an instant."""

    count: int
    unit: Unit


class RemedyKind(StrEnum):
    REFUND_ONLY = "refund_only"
    RETURN_AND_REFUND = "return_and_refund"
    EXCHANGE = "exchange"
    REPAIR = "repair"
    MISSING_PART = "missing_part"
    SECOND_VISIT = "second_visit"
    COMPENSATION = "compensation"


class OnLapse(StrEnum):
    """A2: what falls when nothing was submitted by the deadline."""

    GRANT_REQUESTED_REMEDY = "grant_requested_remedy"
    REFUND_ONLY = "refund_only"
    RETURN_AND_REFUND = "return_and_refund"
    COMPENSATION = "compensation"
    PLATFORM_INTERVENES = "platform_intervenes"


class InvalidResponse(StrEnum):
    """A3: what becomes of an answer that says nothing."""

    REPLACEABLE_UNTIL_DEADLINE = "replaceable_until_deadline"
    DECIDE_AT_ONCE = "decide_at_once"


class SupplementLapsed(StrEnum):
    """A15: what falls when a side doesn't send what the platform asked for in addition."""

    REVIEW = "review"
    DEFAULT = "default"


class AppealWindowFrom(StrEnum):
    """B1: the appeal window starts when the ruling is committed, or when it took effect (a default: its deadline)."""

    NOTIFIED = "notified"
    RULED = "ruled"


class WindowLapsed(StrEnum):
    """B1: what falls when the window ends without an appeal."""

    RULING_STANDS = "ruling_stands"
    FULL_LIABILITY = "full_liability"


class Reappeal(StrEnum):
    """B2: whether a failed appeal may be followed by another one, while the window lasts."""

    DENY = "deny"
    ALLOW = "allow"


class FailureCountedIn(StrEnum):
    """B5: the period in which a failure counts: that of the decision, or that of the filing."""

    DECIDED = "decided"
    FILED = "filed"


class AppealAfterDefault(StrEnum):
    """B6: an appeal against a default is filed and dismissed at once, or can't be filed."""

    DISMISS = "dismiss"
    REFUSE = "refuse"


class Ground(StrEnum):
    """B4: what an appeal is against."""

    ATTRIBUTION = "attribution"
    AMOUNT = "amount"


class Medium(StrEnum):
    """In which form a piece may be submitted."""

    IMAGE = "image"
    PDF = "pdf"
    STATEMENT = "statement"


class Shows(StrEnum):
    """What a point wants to be seen, where a machine can look for it (A7 to A11)."""

    WAYBILL_NUMBER = "waybill_number"
    ORDER_OR_WAYBILL_NUMBER = "order_or_waybill_number"
    WAYBILL = "waybill"
    """A waybill whose contents can be read."""
    RECIPIENT = "recipient"
    DELIVERY_PERSON = "delivery_person"
    DATE = "date"
    TIME = "time"
    """A date with the time of day."""
    AMOUNT = "amount"
    WEIGHT = "weight"
    SHOP_NAME = "shop_name"
    PRODUCT_NAME = "product_name"
    MODEL = "model"
    RED_STAMP = "red_stamp"
    HANDWRITING = "handwriting"
    """Printed and filled in by hand."""
    DOCUMENT_KIND = "document_kind"
    """What the requirement `accepts`, and nothing that it `refuses`."""
    REPORT_BODY = "report_body"


class DocumentKind(StrEnum):
    """Kinds of documents that are told apart by what is written on them."""

    WAYBILL = "waybill"
    DELIVERY_PROOF = "delivery_proof"
    FREIGHT_RECEIPT = "freight_receipt"
    CHAT_TRANSFER = "chat_transfer"
    TEST_REPORT = "test_report"
    AUTHORISATION = "authorisation"
    INVOICE = "invoice"
    SCALE = "scale"


@dataclass(frozen=True, slots=True)
class Point(_Closed):
    """One thing that the evidence for a requirement must show."""

    label: Bilingual
    fix: Bilingual
    """How to mend it when it isn't shown."""
    shows: Shows | None = None
    """What a machine looks for; without it, the point is a person's to judge."""


@dataclass(frozen=True, slots=True)
class Requirement(_Closed):
    """One thing to be evidenced (A7 to A11)."""

    label: Bilingual
    about: Bilingual
    """What is accepted, and what isn't."""
    points: Mapping[str, Point]
    media: tuple[Medium, ...] = (Medium.IMAGE, Medium.PDF)
    accepts: tuple[DocumentKind, ...] = ()
    """Kinds that are what is wanted; what is certainly of another one meets none of the points. Empty: any kind is."""
    refuses: tuple[DocumentKind, ...] = ()
    """Kinds that never are (A8), as a point that shows the document's kind says."""


@dataclass(frozen=True, slots=True)
class EvidenceRule(_Closed):
    """Which requirements must be evidenced, by id: all of `all_of`, one of each in `one_of`; `optional` may be."""

    all_of: tuple[str, ...] = ()
    one_of: tuple[tuple[str, ...], ...] = ()
    optional: tuple[str, ...] = ()

    @property
    def ids(self) -> tuple[str, ...]:
        """Every requirement named, once, in the order of the document."""
        return tuple(dict.fromkeys((*self.all_of, *(each for group in self.one_of for each in group), *self.optional)))


@dataclass(frozen=True, slots=True)
class Reason(_Closed):
    """Why a complainant claims, and what is then wanted of whom by when (A1, A2, A6)."""

    label: Bilingual
    respond_within: Term
    on_lapse: OnLapse
    respondent: EvidenceRule
    """What the respondent must show to contest the claim."""
    complainant: EvidenceRule = EvidenceRule()
    """What the complainant may show for it."""


@dataclass(frozen=True, slots=True)
class ResponsePolicy(_Closed):
    invalid_response: InvalidResponse
    auto_contest: bool
    """A14: at the deadline, contest with what has arrived and would pass, although it wasn't sent off."""
    upload_grace_seconds: int
    """A5: how long after the deadline a piece registered in time may still arrive."""


@dataclass(frozen=True, slots=True)
class SettlementPolicy(_Closed):
    confirm_within: Term
    """How long the complainant has to confirm a reported settlement; then the dispute goes to review."""


@dataclass(frozen=True, slots=True)
class SupplementPolicy(_Closed):
    within: Term
    max_per_side: int
    supplement_lapsed: SupplementLapsed


@dataclass(frozen=True, slots=True)
class ReviewPolicy(_Closed):
    within: Term
    """From when a review is due for a ruling until it is late and escalated."""
    claim_for: Term
    """How long a reviewer holds a claimed review."""


@dataclass(frozen=True, slots=True)
class ExtensionPolicy(_Closed):
    max_times: int
    """How often one deadline may be extended."""
    at_most: Term
    """How far, at most, from where it first stood."""


@dataclass(frozen=True, slots=True)
class QuotaPolicy(_Closed):
    """B5: more than this many failures block; equal to it doesn't."""

    per_month: int
    per_year: int
    failure_counted_in: FailureCountedIn


@dataclass(frozen=True, slots=True)
class AppealPolicy(_Closed):
    window: Term
    appeal_window_from: AppealWindowFrom
    window_lapsed: WindowLapsed
    pause_window_while_blocked: bool
    """B12: time in which the respondent is blocked by its quota doesn't count against the window."""
    grounds: tuple[Ground, ...]
    key_evidence: EvidenceRule
    decide: ReviewPolicy
    reappeal_after_failure: Reappeal
    appeal_after_default: AppealAfterDefault
    count_default_dismissals: bool
    quota: QuotaPolicy


@dataclass(frozen=True, slots=True)
class FileLimits(_Closed):
    max_bytes: int
    max_pieces: int
    """For one party and one submission."""
    min_side_px: int
    max_pixels: int
    max_webp_pixels: int
    max_pdf_pages: int


@dataclass(frozen=True, slots=True)
class QualityThresholds(_Closed):
    """What Pillow can measure, as warnings. Brightness and spread are of the grey picture, 0 to 255."""

    blurred_below: float
    """Sharpness score below which a picture is called blurred."""
    dark_below: float
    """Mean brightness."""
    overexposed_above: float
    """Share of burnt-out pixels, 0 to 1."""
    blank_below: float
    """Standard deviation of brightness."""


@dataclass(frozen=True, slots=True)
class ReminderPolicy(_Closed):
    """C6: how long before a deadline its party is reminded, by what the deadline is for; in hours, or less.

    Those in force now count, not those of the version that a dispute was opened under: they change nobody's rights.
    """

    response: tuple[Term, ...] = ()
    settlement_confirmation: tuple[Term, ...] = ()
    supplement: tuple[Term, ...] = ()
    appeal_window: tuple[Term, ...] = ()


@dataclass(frozen=True, slots=True)
class RetentionPolicy(_Closed):
    """How long what is personal is kept after a dispute has ended: is final, or was withdrawn."""

    images: Term = Term(180, Unit.DAYS)
    """Uploads, and all that was made of them: the shortest that a lawsuit of either side needs."""
    texts: Term = Term(3, Unit.YEARS)
    """What was written; who complained; what was bought and how it was sent."""


@dataclass(frozen=True, slots=True)
class Policy(_Closed):
    """One published version of a policy document. It never changes, and its id never changes its zone."""

    id: str
    version: int
    effective_from: datetime
    zone: str
    """IANA name, e.g. Asia/Shanghai."""
    currency: str
    """ISO 4217."""
    label: Bilingual
    reasons: Mapping[str, Reason]
    requirements: Mapping[str, Requirement]
    response: ResponsePolicy
    settlement: SettlementPolicy
    supplement: SupplementPolicy
    review: ReviewPolicy
    extension: ExtensionPolicy
    appeal: AppealPolicy
    files: FileLimits
    quality: QualityThresholds
    respondent: str = "shop"
    """What kind of party answers, e.g. `shop` for `shop:S1`."""
    complainant: str = "buyer"
    """What kind of party claims."""
    reminders: ReminderPolicy = ReminderPolicy()
    """Without it, nobody is reminded."""
    retention: RetentionPolicy = RetentionPolicy()
