"""RFC 9457 problems: what refuses a request before the rules are asked, and how every refusal is said over HTTP."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, is_dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any, ClassVar, Final

from chalicelib.domain.errors import Category, NotPermitted, Refusal, TooBusy
from chalicelib.http.fields import FieldProblem
from chalicelib.http.instants import rfc3339
from policies.model import Bilingual

MEDIA_TYPE: Final = "application/problem+json"

_STATUS: Final[Mapping[Category, HTTPStatus]] = {
    Category.NOT_FOUND: HTTPStatus.NOT_FOUND,
    Category.FORBIDDEN: HTTPStatus.FORBIDDEN,
    Category.GONE: HTTPStatus.GONE,
    Category.CONFLICT: HTTPStatus.CONFLICT,
    Category.INVALID: HTTPStatus.UNPROCESSABLE_CONTENT,
    Category.STALE: HTTPStatus.PRECONDITION_FAILED,
    Category.REUSED: HTTPStatus.UNPROCESSABLE_CONTENT,
    Category.BUSY: HTTPStatus.CONFLICT,
}

_MEMBERS: Final = {"status": "state"}
"""A fact whose name RFC 9457 has given to something else, and the member that holds it."""


@dataclass(eq=False)
class HttpRefusal(Refusal):
    """Refused by what HTTP, tokens or the form of the request demand; no rule was asked."""

    http_status: ClassVar[HTTPStatus]
    category = Category.INVALID


NOTHING_SENT: Final = "no bearer token"


@dataclass(eq=False)
class Unauthenticated(HttpRefusal):
    """`why` is for developers; it never tells what a valid token would look like."""

    code = "unauthenticated"
    http_status = HTTPStatus.UNAUTHORIZED
    says = Bilingual("A valid access token is needed: {why}.", "需要有效的访问令牌：{why}。")
    fix = Bilingual(
        "Sign in again, and send Authorization: Bearer <token>.", "请重新登录，并在 Authorization: Bearer 中携带令牌。"
    )
    why: str


@dataclass(eq=False)
class RoleMissing(HttpRefusal):
    code = "role_missing"
    http_status = HTTPStatus.FORBIDDEN
    says = Bilingual("Your account has no role here: {why}.", "您的账号在此没有可用角色：{why}。")
    fix = Bilingual("Ask the platform to give the account a role.", "请联系平台为账号分配角色。")
    why: str


@dataclass(eq=False)
class MalformedBody(HttpRefusal):
    code = "malformed_body"
    http_status = HTTPStatus.BAD_REQUEST
    says = Bilingual("The body isn't JSON in UTF-8.", "请求体不是 UTF-8 编码的 JSON。")
    fix = Bilingual("Send one JSON object.", "请发送一个 JSON 对象。")


@dataclass(eq=False)
class InvalidBody(HttpRefusal):
    code = "invalid_body"
    http_status = HTTPStatus.UNPROCESSABLE_CONTENT
    says = Bilingual("The body isn't what is asked for here.", "请求体内容不符合要求。")
    fix = Bilingual("Correct the fields listed in `errors`.", "请更正 errors 中列出的字段。")
    errors: tuple[FieldProblem, ...]


@dataclass(eq=False)
class InvalidQuery(HttpRefusal):
    code = "invalid_query"
    http_status = HTTPStatus.BAD_REQUEST
    says = Bilingual("The query isn't what is asked for here.", "查询参数不符合要求。")
    fix = Bilingual("Correct the parameters listed in `errors`.", "请更正 errors 中列出的参数。")
    errors: tuple[FieldProblem, ...]


@dataclass(eq=False)
class UnsupportedListing(HttpRefusal):
    code = "unsupported_query"
    http_status = HTTPStatus.BAD_REQUEST
    says = Bilingual("No list is kept by this combination.", "没有按此组合维护的列表。")
    fix = Bilingual("Use one of the combinations in `supported`.", "请使用 supported 中列出的组合。")
    supported: tuple[str, ...]


@dataclass(eq=False)
class InvalidCursor(HttpRefusal):
    code = "invalid_cursor"
    http_status = HTTPStatus.BAD_REQUEST
    says = Bilingual("The cursor isn't of this list, or not yours.", "该游标不属于此列表，或不属于您。")
    fix = Bilingual("Begin at the first page again.", "请从第一页重新开始。")


@dataclass(eq=False)
class InvalidHeader(HttpRefusal):
    code = "invalid_header"
    http_status = HTTPStatus.BAD_REQUEST
    says = Bilingual("The header {header} isn't well-formed.", "请求头 {header} 格式不正确。")
    fix = Bilingual("Send it as {expected}.", "格式应为：{expected}。")
    header: str
    expected: str


@dataclass(eq=False)
class IdempotencyKeyRequired(HttpRefusal):
    code = "idempotency_key_required"
    http_status = HTTPStatus.PRECONDITION_REQUIRED
    says = Bilingual(
        "This request changes something and needs an Idempotency-Key.",
        "此请求会产生变更，需要 Idempotency-Key 请求头。",
    )
    fix = Bilingual(
        "Send a fresh random key, and the same one when you repeat the request.",
        "请携带一个新的随机键，重试同一请求时使用同一个键。",
    )


@dataclass(eq=False)
class BodyTooLarge(HttpRefusal):
    code = "content_too_large"
    http_status = HTTPStatus.CONTENT_TOO_LARGE
    says = Bilingual("A body has {limit} bytes at most.", "请求体最大 {limit} 字节。")
    fix = Bilingual("Files go to the upload form, not here.", "文件请通过上传表单提交。")
    limit: int


@dataclass(eq=False)
class MethodNotAllowed(HttpRefusal):
    code = "method_not_allowed"
    http_status = HTTPStatus.METHOD_NOT_ALLOWED
    says = Bilingual("This address doesn't take that method.", "此地址不支持该方法。")
    fix = Bilingual("Use one of those in the Allow header.", "请使用 Allow 响应头中列出的方法。")


@dataclass(eq=False)
class UnsupportedMediaType(HttpRefusal):
    code = "unsupported_media_type"
    http_status = HTTPStatus.UNSUPPORTED_MEDIA_TYPE
    says = Bilingual("Only application/json is read here.", "此处仅接受 application/json。")
    fix = Bilingual(
        "Send JSON, with Content-Type: application/json.", "请以 Content-Type: application/json 发送 JSON。"
    )


@dataclass(eq=False)
class UnknownPolicyId(HttpRefusal):
    code = "unknown_policy"
    http_status = HTTPStatus.UNPROCESSABLE_CONTENT
    says = Bilingual("There is no policy {policy} in force.", "没有生效的规则：{policy}。")
    fix = Bilingual(
        "Leave it out for the default policy, or name a published one.", "可省略以使用默认规则，或填写已发布的规则。"
    )
    policy: str


@dataclass(eq=False)
class IdentityUnavailable(HttpRefusal):
    code = "identity_unavailable"
    http_status = HTTPStatus.SERVICE_UNAVAILABLE
    says = Bilingual("Tokens can't be checked at the moment.", "暂时无法校验访问令牌。")
    fix = Bilingual("Try again in some seconds.", "请稍后重试。")


@dataclass(eq=False)
class InternalError(HttpRefusal):
    """Says nothing of what went wrong: the log does, under the same id."""

    code = "internal_error"
    http_status = HTTPStatus.INTERNAL_SERVER_ERROR
    says = Bilingual("Something went wrong here, not with your request.", "服务内部出现错误，与您的请求无关。")
    fix = Bilingual(
        "Send the same request again, with the same Idempotency-Key; report request_id if it stays.",
        "请用同一个 Idempotency-Key 重试；如仍失败，请反馈 request_id。",
    )
    request_id: str


def every_refusal() -> tuple[type[Refusal], ...]:
    """All that can be answered, by code."""
    found = {each.code: each for each in _leaves(Refusal) if hasattr(each, "code")}
    return tuple(found[code] for code in sorted(found))


def _leaves(kind: type[Refusal]) -> Iterator[type[Refusal]]:
    yield kind
    for each in kind.__subclasses__():
        yield from _leaves(each)


def status_of(kind: type[Refusal]) -> HTTPStatus:
    return kind.http_status if issubclass(kind, HttpRefusal) else _STATUS[kind.category]


def title_of(kind: type[Refusal]) -> str:
    """The same for every occurrence, as RFC 9457 asks."""
    return kind.code.replace("_", " ").capitalize()


def type_of(kind: type[Refusal]) -> str:
    return f"urn:recourse:problem:{kind.code}"


def member_of(fact: str) -> str:
    """The member of the problem that holds a fact."""
    return _MEMBERS.get(fact, fact)


def document(refusal: Refusal, language: str) -> dict[str, Any]:
    """The problem's body; `detail` in the caller's language, `messages` in both."""
    kind, messages = type(refusal), refusal.messages
    return {
        "type": type_of(kind),
        "title": title_of(kind),
        "status": int(status_of(kind)),
        "code": kind.code,
        "detail": messages.zh if language.startswith("zh") else messages.en,
        "messages": said(messages),
        "fix": said(refusal.filled(refusal.fix)),
    } | {member_of(name): _plain(fact) for name, fact in refusal.facts.items()}


def headers(refusal: Refusal, language: str) -> dict[str, str]:
    found = {"Content-Type": MEDIA_TYPE, "Content-Language": language, "Cache-Control": "no-store"}
    match refusal:
        case Unauthenticated(why=why):
            # RFC 6750: no error code for who has sent no credentials.
            invalid = "" if why == NOTHING_SENT else ', error="invalid_token"'
            found["WWW-Authenticate"] = f'Bearer realm="recourse"{invalid}'
        case TooBusy():
            found["Retry-After"] = "1"
        case IdentityUnavailable():
            found["Retry-After"] = "5"
        case _:
            pass
    return found


def not_for_this_role(method: str, route: str) -> NotPermitted:
    return NotPermitted(action=f"{method} {route}")


def said(sentence: Bilingual) -> dict[str, str]:
    return {"en": sentence.en, "zh-Hans": sentence.zh}


def language_of(accept_language: str) -> str:
    """`zh-Hans` where the caller likes Chinese better than English, else `en` (RFC 9110, 12.5.4)."""
    liked = {"zh": 0.0, "en": 0.0}
    for each in accept_language.lower().split(","):
        tag, _, parameter = each.strip().partition(";")
        primary = tag.strip().partition("-")[0]
        if primary in liked:
            liked[primary] = max(liked[primary], _quality(parameter))
    return "zh-Hans" if liked["zh"] > liked["en"] else "en"


def _quality(parameter: str) -> float:
    name, _, value = parameter.strip().partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return min(max(float(value), 0.0), 1.0)
    except ValueError:
        return 0.0


def _plain(fact: object) -> object:
    match fact:
        case datetime():
            return rfc3339(fact)
        case tuple():
            return [_plain(each) for each in fact]
        case FieldProblem():
            return {"field": fact.field, "code": fact.code, "messages": said(fact.messages)}
        case _ if is_dataclass(fact):
            raise TypeError(f"{fact!r} has no form in a problem")
        case _:
            return fact
