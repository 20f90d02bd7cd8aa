"""Refusals about what a party submits."""

from dataclasses import dataclass

from chalicelib.domain.errors.base import Category, Refusal
from policies.model import Bilingual


@dataclass(eq=False)
class EvidenceIncomplete(Refusal):
    code = "evidence_incomplete"
    category = Category.CONFLICT
    says = Bilingual(
        "Needed evidence is missing or can't be used: {blocking}.", "必需的凭证缺失或无法使用：{blocking}。"
    )
    fix = Bilingual(
        "Submit what is missing before the deadline; …/readiness says what and how.",
        "请在时效内补齐凭证；…/readiness 会说明缺什么、怎么补。",
    )
    blocking: tuple[str, ...]


@dataclass(eq=False)
class EvidenceDoubtful(Refusal):
    code = "evidence_doubtful"
    category = Category.CONFLICT
    says = Bilingual(
        "The evidence for {doubtful} doesn't show all that is asked.", "凭证（{doubtful}）未体现全部要点。"
    )
    fix = Bilingual(
        "Submit a better piece, or send it as it stands with submit_anyway: true; a reviewer decides.",
        "请补充更好的凭证，或以 submit_anyway: true 原样提交，由平台客服判断。",
    )
    doubtful: tuple[str, ...]


@dataclass(eq=False)
class MeaninglessStatement(Refusal):
    code = "meaningless_statement"
    category = Category.INVALID
    says = Bilingual("The statement says nothing that could be judged.", "说明内容无实际意义。")
    fix = Bilingual("Say what happened, in a sentence, before the deadline.", "请在时效内用一句话说明实际情况。")
    defect: str


@dataclass(eq=False)
class UnknownRequirement(Refusal):
    code = "unknown_requirement"
    category = Category.INVALID
    says = Bilingual("{requirement} isn't wanted of you here.", "此处不需要您提交该项凭证：{requirement}。")
    fix = Bilingual("Use one of the requirements in `wanted`.", "请使用 wanted 中列出的举证要求。")
    requirement: str
    wanted: tuple[str, ...]


@dataclass(eq=False)
class UnknownPieces(Refusal):
    code = "unknown_pieces"
    category = Category.INVALID
    says = Bilingual("These pieces can't be named here: {pieces}.", "不能引用这些凭证：{pieces}。")
    fix = Bilingual("Name pieces of your own, registered for this occasion.", "请引用您本次登记的凭证。")
    pieces: tuple[str, ...]


@dataclass(eq=False)
class WrongMedium(Refusal):
    code = "wrong_medium"
    category = Category.INVALID
    says = Bilingual(
        "{requirement} is not accepted as {medium}.", "该举证要求（{requirement}）不接受此形式（{medium}）。"
    )
    fix = Bilingual("Submit it in one of the forms in `accepted`.", "请以 accepted 中的形式提交。")
    requirement: str
    medium: str
    accepted: tuple[str, ...]


@dataclass(eq=False)
class TooManyPieces(Refusal):
    code = "too_many_pieces"
    category = Category.CONFLICT
    says = Bilingual("At most {limit} pieces {of}.", "{of}的凭证最多 {limit} 份。")
    fix = Bilingual("Withdraw a piece that isn't needed.", "请先撤回不需要的凭证。")
    limit: int
    of: str


@dataclass(eq=False)
class PieceIsSealed(Refusal):
    code = "piece_sealed"
    category = Category.CONFLICT
    says = Bilingual("The piece was sent off and can't be changed.", "凭证已提交，不能更改。")
    fix = Bilingual("Submit another piece, if there is time.", "如仍在时效内，请另行提交。")
    piece: str


@dataclass(eq=False)
class UploadClosed(Refusal):
    code = "upload_closed"
    category = Category.CONFLICT
    says = Bilingual(
        "Nothing more can be uploaded for this piece ({piece_status}).", "该凭证已不能再上传文件（{piece_status}）。"
    )
    fix = Bilingual("Register another piece, if there is time.", "如仍在时效内，请另行登记凭证。")
    piece: str
    piece_status: str


@dataclass(eq=False)
class PiecesNotArrived(Refusal):
    code = "pieces_not_arrived"
    category = Category.CONFLICT
    says = Bilingual("These uploads haven't arrived in time: {pieces}.", "以下凭证未按时上传成功：{pieces}。")
    fix = Bilingual(
        "Upload them with a fresh upload form, or leave them out.", "请重新获取上传表单并上传，或不引用它们。"
    )
    pieces: tuple[str, ...]


@dataclass(eq=False)
class RequestLimitReached(Refusal):
    code = "evidence_request_limit"
    category = Category.CONFLICT
    says = Bilingual("A side can be asked for more at most {limit} times.", "每方最多可被要求补充举证 {limit} 次。")
    fix = Bilingual("Rule on what there is.", "请依据现有凭证判定。")
    side: str
    limit: int
