"""Every sentence about a file as a whole, in one place: code, English, Chinese, and the fix.

The codes are public and stable: clients branch on them. docs/evidence.md lists them, and a test holds it to this table.
"""

from dataclasses import dataclass
from enum import StrEnum

from evidence.model import Defect, Warning_
from policies.model import Bilingual, Medium, Requirement


class Code(StrEnum):
    """What was found. The value is the public code."""

    # Defects of a file
    FILE_EMPTY = "file_empty"
    FILE_TOO_LARGE = "file_too_large"
    FILE_TRUNCATED = "file_truncated"
    FILE_CORRUPT = "file_corrupt"
    TYPE_NOT_ACCEPTED = "type_not_accepted"
    HEIC_NOT_ACCEPTED = "heic_not_accepted"
    AVIF_NOT_ACCEPTED = "avif_not_accepted"
    GIF_NOT_ACCEPTED = "gif_not_accepted"
    BITMAP_NOT_ACCEPTED = "bitmap_not_accepted"
    DOCUMENT_NOT_ACCEPTED = "document_not_accepted"
    VIDEO_NOT_ACCEPTED = "video_not_accepted"
    WEB_PAGE_NOT_ACCEPTED = "web_page_not_accepted"
    MEDIUM_NOT_ACCEPTED = "medium_not_accepted"
    # Defects of a picture
    PICTURE_TOO_SMALL = "picture_too_small"
    PICTURE_TOO_LARGE = "picture_too_large"
    PICTURE_ANIMATED = "picture_animated"
    # Defects of a PDF
    PDF_ENCRYPTED = "pdf_encrypted"
    PDF_TOO_MANY_PAGES = "pdf_too_many_pages"
    PDF_BROKEN = "pdf_broken"
    # Defects of a statement
    STATEMENT_EMPTY = "statement_empty"
    STATEMENT_MEANINGLESS = "statement_meaningless"
    # Warnings
    BLURRED = "blurred"
    DARK = "dark"
    OVEREXPOSED = "overexposed"
    BLANK = "blank"
    PART_MISSING = "part_missing"
    SCREENSHOT = "screenshot"
    GLARE = "glare"
    CUT_OFF = "cut_off"
    # What readiness asks for
    NOT_SUBMITTED = "not_submitted"
    NOT_ARRIVED = "not_arrived"


@dataclass(frozen=True, slots=True)
class Sentence:
    """What to say under a code, with {facts} to fill in, and what to do about it."""

    message: Bilingual
    fix: Bilingual


_SAVE_AGAIN = Bilingual(
    "Open it on your phone or computer, save it again as JPEG or PNG, and upload that; or take a screenshot of it.",
    "请在手机或电脑上打开后另存为 JPEG 或 PNG 再上传，或者截图后上传。",
)
_FROM_THE_SOURCE = Bilingual(
    "Upload the original file again, and wait until the upload has finished; if it still fails, take the picture anew.",
    "请重新上传原始文件，并等待上传完成；仍然失败时请重新拍摄。",
)
_EXPORT_PDF = Bilingual(
    "Export or print it to PDF again and upload that, or upload photos of its pages.",
    "请重新导出或“打印为 PDF”后上传，或者上传各页的照片。",
)
_WRITE_FACTS = Bilingual(
    'Write in a sentence what happened, for example "Signed for on 3 May by the recipient, waybill SF1234567890".',
    "请用一句话写清事实，例如“5月3日由收件人本人签收，运单号 SF1234567890”。",
)

SENTENCES: dict[Code, Sentence] = {
    Code.FILE_EMPTY: Sentence(
        Bilingual("The file is empty.", "文件是空的。"),
        _FROM_THE_SOURCE,
    ),
    Code.FILE_TOO_LARGE: Sentence(
        Bilingual("The file has {size}; at most {limit} are accepted.", "文件大小为 {size}，最大不能超过 {limit}。"),
        Bilingual(
            "Send a smaller version: a lower resolution or a stronger compression, with the writing still legible.",
            "请降低分辨率或压缩后再上传，并确保文字仍清晰可读。",
        ),
    ),
    Code.FILE_TRUNCATED: Sentence(
        Bilingual("The end of the file is missing.", "文件不完整，末尾的内容缺失。"),
        _FROM_THE_SOURCE,
    ),
    Code.FILE_CORRUPT: Sentence(
        Bilingual("The picture is damaged and can't be opened.", "图片已损坏，无法打开。"),
        _SAVE_AGAIN,
    ),
    Code.TYPE_NOT_ACCEPTED: Sentence(
        Bilingual(
            "This kind of file isn't accepted. Accepted are JPEG, PNG and WebP pictures, and PDF.",
            "不支持这种文件。可上传 JPEG、PNG、WebP 图片或 PDF。",
        ),
        _SAVE_AGAIN,
    ),
    Code.HEIC_NOT_ACCEPTED: Sentence(
        Bilingual(
            "HEIC pictures (the iPhone's own format) aren't accepted.", "不支持 HEIC 格式（iPhone 默认格式）的图片。"
        ),
        Bilingual(
            'Set the phone to Settings > Camera > Formats > "Most Compatible" and take it again, '
            "or export the picture as JPEG and upload that.",
            "请在 iPhone 的“设置 > 相机 > 格式”中选择“兼容性最佳”后重新拍摄，或将图片导出为 JPEG 再上传。",
        ),
    ),
    Code.AVIF_NOT_ACCEPTED: Sentence(
        Bilingual("AVIF pictures aren't accepted.", "不支持 AVIF 格式的图片。"),
        Bilingual("Export the picture as JPEG and upload that.", "请将图片导出为 JPEG 后上传。"),
    ),
    Code.GIF_NOT_ACCEPTED: Sentence(
        Bilingual("GIF pictures aren't accepted.", "不支持 GIF 格式的图片。"),
        Bilingual(
            "Take a screenshot of the frame that matters and upload that.", "请截取其中能说明问题的画面，上传截图。"
        ),
    ),
    Code.BITMAP_NOT_ACCEPTED: Sentence(
        Bilingual("TIFF and BMP pictures aren't accepted.", "不支持 TIFF、BMP 格式的图片。"),
        Bilingual(
            "Save it as JPEG or PNG, or a scan of several pages as PDF.", "请另存为 JPEG 或 PNG；多页扫描件请存为 PDF。"
        ),
    ),
    Code.DOCUMENT_NOT_ACCEPTED: Sentence(
        Bilingual(
            "Office documents and archives (Word, Excel, ZIP, RAR) aren't accepted.",
            "不支持 Office 文档和压缩包（Word、Excel、ZIP、RAR 等）。",
        ),
        Bilingual(
            "Save the document as PDF and upload that; unpack an archive and upload the pictures one by one.",
            "请将文档另存为 PDF 后上传；压缩包请解压后逐张上传图片。",
        ),
    ),
    Code.VIDEO_NOT_ACCEPTED: Sentence(
        Bilingual("Video and sound aren't accepted.", "不支持视频和音频文件。"),
        Bilingual(
            "Take screenshots of the moments that matter and upload those.", "请截取视频中能说明问题的画面，上传截图。"
        ),
    ),
    Code.WEB_PAGE_NOT_ACCEPTED: Sentence(
        Bilingual("Web pages and SVG drawings aren't accepted.", "不支持网页文件和 SVG 图形。"),
        Bilingual(
            "Take a screenshot of the page, or print it to PDF, and upload that.",
            "请对页面截图，或“打印为 PDF”后上传。",
        ),
    ),
    Code.MEDIUM_NOT_ACCEPTED: Sentence(
        Bilingual("This requirement can't be evidenced in this form.", "该举证要求不接受这种形式的凭证。"),
        Bilingual("Submit it as: {accepted_en}.", "请以下列形式提交：{accepted_zh}。"),
    ),
    Code.PICTURE_TOO_SMALL: Sentence(
        Bilingual(
            "The picture has {width} × {height} pixels; each side needs at least {minimum}.",
            "图片尺寸为 {width} × {height} 像素，每边至少需要 {minimum} 像素。",
        ),
        Bilingual(
            "Upload the original photo or the whole screenshot, not a thumbnail or a small cut-out.",
            "请上传原图或完整截图，不要上传缩略图或过小的局部截图。",
        ),
    ),
    Code.PICTURE_TOO_LARGE: Sentence(
        Bilingual(
            "The picture has {megapixels} megapixels; at most {limit} are accepted in this format.",
            "图片有 {megapixels} 百万像素，该格式最多支持 {limit} 百万像素。",
        ),
        Bilingual(
            "Take it at a lower resolution, or save it smaller as JPEG.",
            "请降低分辨率拍摄，或缩小后另存为 JPEG 再上传。",
        ),
    ),
    Code.PICTURE_ANIMATED: Sentence(
        Bilingual("The picture is animated; only still pictures are accepted.", "图片是动图，只接受静态图片。"),
        Bilingual(
            "Take a screenshot of the frame that matters and upload that.", "请截取其中能说明问题的画面，上传截图。"
        ),
    ),
    Code.PDF_ENCRYPTED: Sentence(
        Bilingual("The PDF is locked with a password.", "PDF 设有打开密码。"),
        Bilingual(
            "Remove the password (open it and print it to PDF) and upload that.",
            "请去除密码（打开后“打印为 PDF”）再上传。",
        ),
    ),
    Code.PDF_TOO_MANY_PAGES: Sentence(
        Bilingual("The PDF has more than {limit} pages.", "PDF 超过 {limit} 页。"),
        Bilingual("Upload only the pages that matter.", "请只保留能说明问题的页面再上传。"),
    ),
    Code.PDF_BROKEN: Sentence(
        Bilingual("The PDF is damaged or incomplete and can't be opened.", "PDF 已损坏或不完整，无法打开。"),
        _EXPORT_PDF,
    ),
    Code.STATEMENT_EMPTY: Sentence(
        Bilingual("The statement is empty.", "说明内容为空。"),
        _WRITE_FACTS,
    ),
    Code.STATEMENT_MEANINGLESS: Sentence(
        Bilingual("The statement says nothing about the matter.", "说明内容没有实际意义。"),
        _WRITE_FACTS,
    ),
    Code.BLURRED: Sentence(
        Bilingual("The picture is blurred.", "图片模糊。"),
        Bilingual(
            "Hold the phone still about 30 cm away, tap on the writing to focus, and take it again.",
            "请将手机拿稳，距离约 30 厘米，点按文字处对焦后重新拍摄。",
        ),
    ),
    Code.DARK: Sentence(
        Bilingual("The picture is too dark.", "图片过暗。"),
        Bilingual(
            "Take it again in better light, from about 30 cm away.", "请在光线充足的地方，距离约 30 厘米重新拍摄。"
        ),
    ),
    Code.OVEREXPOSED: Sentence(
        Bilingual("Much of the picture is burnt out.", "图片曝光过度，大片区域发白。"),
        Bilingual(
            "Take it again without flash, away from lamps and direct sun.",
            "请关闭闪光灯，避开灯光直射和强光后重新拍摄。",
        ),
    ),
    Code.BLANK: Sentence(
        Bilingual("The picture seems to show nothing.", "图片似乎没有内容。"),
        Bilingual("Check that the right picture was chosen.", "请确认是否选对了图片。"),
    ),
    Code.PART_MISSING: Sentence(
        Bilingual(
            "The lower part of the picture is one even grey: part of it may be lost.",
            "图片下部是一片均匀的灰色，可能有部分内容丢失。",
        ),
        _FROM_THE_SOURCE,
    ),
    Code.SCREENSHOT: Sentence(
        Bilingual(
            "The picture looks like a screenshot or a drawing, not a photo.",
            "图片像是截图或电脑制作的图，不像实拍照片。",
        ),
        Bilingual(
            "Photograph the thing itself, from about 30 cm and in good light, and upload that photo as it is.",
            "请在光线充足处、距离约 30 厘米拍摄实物，并直接上传原照片。",
        ),
    ),
    Code.GLARE: Sentence(
        Bilingual("A light shines on the paper and hides part of it.", "纸面上有反光，遮住了部分内容。"),
        Bilingual(
            "Switch the flash off, turn the paper away from the lamp, and take it again from about 30 cm.",
            "请关闭闪光灯，让纸面避开灯光，距离约 30 厘米重新拍摄。",
        ),
    ),
    Code.CUT_OFF: Sentence(
        Bilingual("The writing runs off the edge of the picture.", "文字超出了图片边缘，内容不完整。"),
        Bilingual(
            "Take it again from a little further away, so that the whole paper is in it, with its four corners.",
            "请稍微拿远一些重新拍摄，让整张纸（包括四个角）都在画面内。",
        ),
    ),
    Code.NOT_SUBMITTED: Sentence(
        Bilingual("Nothing was submitted for this.", "尚未提交该项凭证。"),
        Bilingual("Submit: {requirement_en}.", "请提交：{requirement_zh}。"),
    ),
    Code.NOT_ARRIVED: Sentence(
        Bilingual("The upload hasn't arrived yet.", "文件尚未上传完成。"),
        Bilingual(
            "The upload hasn't arrived yet: send the file with the upload form, or ask for a fresh form and try again.",
            "文件尚未上传完成：请用上传表单发送文件，或重新获取上传表单后再试。",
        ),
    ),
}


_MEDIA = {
    Medium.IMAGE: Bilingual("a picture (JPEG, PNG or WebP)", "图片（JPEG、PNG 或 WebP）"),
    Medium.PDF: Bilingual("a PDF", "PDF 文件"),
    Medium.STATEMENT: Bilingual("a written statement", "文字说明"),
}


def message(code: Code, **facts: str | int) -> Bilingual:
    """The sentence under a code. Raises KeyError if a fact that it needs is missing."""
    return _filled(SENTENCES[code].message, facts)


def fix(code: Code, **facts: str | int) -> Bilingual:
    """What to do about it. Raises KeyError if a fact that it needs is missing."""
    return _filled(SENTENCES[code].fix, facts)


def defect(code: Code, **facts: str | int) -> Defect:
    """The defect under a code. Raises KeyError if a fact that it needs is missing."""
    return Defect(code.value, message(code, **facts), fix(code, **facts))


def warning(code: Code) -> Warning_:
    """The warning under a code."""
    return Warning_(code.value, message(code), fix(code))


def accepted_media(requirement: Requirement) -> dict[str, str]:
    """In which forms a requirement can be evidenced, as the facts of MEDIUM_NOT_ACCEPTED."""
    names = [_MEDIA[each] for each in requirement.media]
    return {"accepted_en": " or ".join(each.en for each in names), "accepted_zh": "或".join(each.zh for each in names)}


def _filled(text: Bilingual, facts: dict[str, str | int]) -> Bilingual:
    return Bilingual(text.en.format_map(facts), text.zh.format_map(facts))
