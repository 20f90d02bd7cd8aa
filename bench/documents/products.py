"""Product documents: factory test reports, cover and body, and brand authorisations (A11)."""

from dataclasses import dataclass
from datetime import timedelta
from random import Random

from PIL import Image

from bench.documents.fonts import Face
from bench.documents.invented import (
    BRANDS,
    PRODUCTS,
    a_company,
    a_model,
    a_moment,
    a_name,
    a_serial,
    a_shop,
    chance,
    written_date,
    yuan,
)
from bench.documents.model import Drawing, Fact
from bench.documents.paper import BLACK, Colour, Type, frame, rule, sheet, table, write, write_lines
from bench.documents.stamp import press

type Row = tuple[str, str]

SHOP = ("店铺名称", "店铺名称", "店铺", "网店名称", "商家名称")
PRODUCT = ("商品名称", "商品名称", "产品名称", "品名", "样品名称")
MODEL = ("规格型号", "规格型号", "型号", "产品型号", "型号规格")
_REPORTS = ("出厂检测报告", "出厂检测报告", "出厂检验报告", "产品检测报告", "检验报告")
_AUTHORISATIONS = ("品牌授权书", "品牌授权书", "授权书", "销售授权书", "品牌授权证书")
_GOLD: Colour = (166, 128, 52)


@dataclass(frozen=True, slots=True)
class Goods:
    """What a product document names."""

    title: str
    shop: str
    product: str
    model: str
    date: str

    @property
    def fields(self) -> dict[str, str]:
        return {
            "shop": self.shop,
            "product": self.product,
            "model": self.model,
            "date": self.date,
            "doc_kind": self.title,
        }


def some_goods(titles: tuple[str, ...], rng: Random) -> Goods:
    date = written_date(a_moment(rng), rng)
    return Goods(rng.choice(titles), a_shop(rng), rng.choice(PRODUCTS), a_model(rng), date)


def draw_report_cover(rng: Random) -> Drawing:
    goods = some_goods(_REPORTS, rng)
    on = rng.choice((simple_form, _cover, _cover))(goods, rng)
    return _stamped(on, goods.fields, {Fact.PRINTED}, rng)


def draw_authorisation(rng: Random) -> Drawing:
    goods = some_goods(_AUTHORISATIONS, rng)
    on = rng.choice((simple_form, _certificate, _certificate))(goods, rng)
    return _stamped(on, goods.fields, {Fact.PRINTED}, rng, across=rng.uniform(0.28, 0.4))


def draw_report_body(rng: Random) -> Drawing:
    """The page with the table of what was tested, or all of a report on one page; the shop is not on every one."""
    goods = some_goods(_REPORTS, rng)
    shop = chance(rng, 0.5)
    fields = {name: value for name, value in goods.fields.items() if shop or name != "shop"}
    on = rng.choice((_body, _body, _one_page))(goods, rng, shop=shop)
    return _stamped(on, fields, {Fact.PRINTED, Fact.REPORT_BODY}, rng)


def _stamped(on: Image.Image, fields: dict[str, str], shows: set[Fact], rng: Random, *, across: float = 0.8) -> Drawing:
    """Some of them, at the foot of the page; `across` is the middle of the stamp, in shares of the width."""
    if chance(rng, 0.35):
        size = on.width // 5
        press(on, (round(on.width * across), on.height - size), size, a_company(rng), rng)
        shows.add(Fact.RED_STAMP)
    return Drawing(on, fields, frozenset(shows))


def simple_form(goods: Goods, rng: Random) -> Image.Image:
    """A title, four lines, and a table with what it costs."""
    on = sheet(2500, 1800)
    face = rng.choice((Face.SANS, Face.SANS, Face.SERIF))
    write(on, (1250, 120), goods.title, Type(124, face, bold=True), "mt")
    style, top = Type(84, face), 330
    for label, value in _rows(goods, rng):
        write(on, (200, top), f"{label}：{value}", style)
        top += 150
    count, price = rng.randint(1, 60), rng.randint(900, 30000)
    rows = [
        ("名称", "数量", "单价", "金额"),
        (goods.product, str(count), yuan(price), yuan(count * price)),
        *[("",) * 4] * rng.randint(1, 2),
    ]
    table(on, (200, top + 30, 2300, top + 30 + 150 * len(rows)), rows, (3, 2, 2, 3), Type(76, face))
    write(on, (2300, 1660), f"合计：¥{yuan(count * price)}", style, "ra")
    return on


def _rows(goods: Goods, rng: Random, dates: tuple[str, ...] = ("日期", "日期", "签发日期", "出具日期")) -> list[Row]:
    return [
        (rng.choice(SHOP), goods.shop),
        (rng.choice(PRODUCT), goods.product),
        (rng.choice(MODEL), goods.model),
        (rng.choice(dates), goods.date),
    ]


def _cover(goods: Goods, rng: Random) -> Image.Image:
    """The first page of a report: its number, a large title, and lines to the width of the page."""
    on = sheet(2000, 2800)
    face = rng.choice((Face.SANS, Face.SERIF))
    write(on, (1840, 150), f"报告编号：{a_report(rng)}", Type(60, face), "ra")
    write(
        on, (1000, 560), "  ".join(goods.title) if chance(rng, 0.3) else goods.title, Type(170, face, bold=True), "mt"
    )
    write(on, (1000, 790), "TEST REPORT", Type(76, face), "mt")
    rows = _rows(goods, rng, ("报告日期", "签发日期", "检测日期", "日期"))
    if chance(rng, 0.6):
        rows.insert(3, ("检测类别", rng.choice(("出厂检验", "委托检验", "型式检验"))))
    if chance(rng, 0.6):
        rows.insert(3, ("生产单位", a_company(rng)))
    _underlined(on, 1150, rows, Type(80, face))
    write(on, (1000, 2560), a_company(rng), Type(84, face, bold=True), "mt")
    return on


def _underlined(on: Image.Image, top: int, rows: list[Row], style: Type) -> None:
    for label, value in rows:
        write(on, (250, top), f"{label}：", style)
        begin = 270 + max(style.width(f"{other}：") for other, _ in rows)
        write(on, (begin, top), value, style.fitted(value, on.width - 250 - begin))
        rule(on, (begin - 10, top + 110), (on.width - 250, top + 110), 3)
        top += 190


def a_report(rng: Random) -> str:
    return rng.choice(("QC", "JC", "NO", "WT")) + a_serial(rng, 9)


_TESTS = (
    ("外观质量", "表面平整，无划痕、无污渍", "符合"),
    ("尺寸偏差", "±2.0 mm", "0.8 mm"),
    ("标识", "应标明名称、型号、厂名", "符合"),
    ("甲醛含量", "≤75 mg/kg", "未检出"),
    ("pH值", "4.0～8.5", "6.8"),
    ("耐摩擦色牢度", "≥3级", "4级"),
    ("拉伸强度", "≥15 MPa", "18.6 MPa"),
    ("跌落试验", "1 m 跌落3次无损坏", "无损坏"),
    ("可迁移铅", "≤90 mg/kg", "12 mg/kg"),
    ("绝缘电阻", "≥2 MΩ", ">100 MΩ"),
    ("耐温性能", "-20℃～60℃ 无变形", "无变形"),
    ("包装完整性", "密封良好，无破损", "符合"),
    ("净重偏差", "±3%", "+1.2%"),
    ("异味", "无", "无"),
)


def _body(goods: Goods, rng: Random, *, shop: bool) -> Image.Image:
    on = sheet(2000, 2800)
    face = rng.choice((Face.SANS, Face.SERIF))
    write(on, (1000, 120), goods.title, Type(104, face, bold=True), "mt")
    write(on, (160, 290), f"报告编号：{a_report(rng)}", Type(56, face))
    write(on, (1840, 290), f"第{rng.randint(2, 3)}页 共{rng.randint(3, 5)}页", Type(56, face), "ra")
    heads = _rows(goods, rng, ("检测日期", "检验日期"))[0 if shop else 1 :]
    table(on, (160, 390, 1840, 390 + 120 * len(heads)), heads, (2, 5), Type(60, face))
    top = 430 + 120 * len(heads)
    tests = rng.sample(_TESTS, rng.randint(5, 9))
    heading = (
        "序号",
        rng.choice(("检测项目", "检验项目")),
        rng.choice(("技术要求", "标准要求")),
        "检测结果",
        "单项判定",
    )
    rows = [heading, *((str(at), *test, "合格") for at, test in enumerate(tests, 1))]
    table(on, (160, top, 1840, top + 130 * len(rows)), rows, (2, 4, 7, 4, 3), Type(54, face))
    top += 130 * len(rows) + 60
    verdict = "检测结论：经检测，所检项目均符合标准要求，判定为合格。"
    top = write_lines(on, (160, top), verdict, Type(62, face), 1680)
    write(on, (160, top + 60), f"检测：{a_name(rng)}", Type(62, face))
    write(on, (720, top + 60), f"审核：{a_name(rng)}", Type(62, face))
    write(on, (1280, top + 60), f"批准：{a_name(rng)}", Type(62, face))
    return on


def _one_page(goods: Goods, rng: Random, *, shop: bool) -> Image.Image:
    """What is on a cover, and then the results in sentences, without a table."""
    on, face = sheet(2000, 2800), rng.choice((Face.SANS, Face.SERIF))
    style = Type(70, face)
    write(on, (1000, 150), goods.title, Type(124, face, bold=True), "mt")
    rows = [("报告编号", a_report(rng)), ("委托单位", a_company(rng)), *_rows(goods, rng, ("签发日期", "报告日期"))]
    top = 420
    for label, value in rows if shop else (row for row in rows if row[1] != goods.shop):
        write(on, (200, top), f"{label}：{value}", style)
        top += 130
    top += 60
    for test, limit, result in rng.sample(_TESTS, 4):
        form = rng.choice(("{}：{}", "{} {} 合格", "{}：{}，限值{}"))
        top = write_lines(on, (200, top), form.format(test, result, limit), style, 1600) + 30
    verdict = rng.choice(("经检验，所检项目均符合GB 4806.4。", "结论：合格", "Conclusion: Pass"))
    write_lines(on, (200, top + 40), verdict, Type(74, face, bold=True), 1600)
    write(on, (1800, 2560), a_company(rng), style, "ra")
    return on


def _certificate(goods: Goods, rng: Random) -> Image.Image:
    """Running text that grants the right to sell, in a frame, wide or tall."""
    on = sheet(*rng.choice(((2600, 1860), (2000, 2700))), rng.choice(((252, 250, 244), (250, 249, 246))))
    colour = _GOLD if chance(rng, 0.5) else BLACK
    frame(on, (70, 70, on.width - 70, on.height - 70), 10, colour)
    frame(on, (100, 100, on.width - 100, on.height - 100), 3, colour)
    middle, face = on.width // 2, rng.choice((Face.SERIF, Face.SERIF, Face.SANS))
    write(on, (middle, 220), goods.title, Type(150, face, bold=True), "mt")
    write(on, (on.width - 220, 430), f"授权编号：{a_report(rng)}", Type(56, face), "ra")
    style, width = Type(78, face), on.width - 440
    top = write_lines(on, (220, 560), _grant(goods, rng), style, width)
    if chance(rng, 0.5):
        begin = a_moment(rng)
        term = f"授权期限：{begin:%Y.%m.%d} 至 {begin + timedelta(days=364):%Y.%m.%d}"
        top = write_lines(on, (220, top + 30), term, style, width)
    top = max(top + 90, on.height - 560)
    write(on, (on.width - 240, top), f"授权单位：{a_company(rng)}", style, "ra")
    write(on, (on.width - 240, top + 140), f"{rng.choice(('日期', '授权日期', '签发日期'))}：{goods.date}", style, "ra")
    return on


def _grant(goods: Goods, rng: Random) -> str:
    brand = rng.choice(BRANDS)
    listed = "\n".join(f"{label}：{value}" for label, value in _rows(goods, rng)[:3])
    running = (
        f"    兹授权“{goods.shop}”为本公司{brand}品牌的授权经销商，在网络平台销售本公司生产的商品。\n"
        f"{rng.choice(PRODUCT)}：{goods.product}\n{rng.choice(MODEL)}：{goods.model}\n特此授权。"
    )
    return rng.choice(
        (f"    兹授权以下店铺在网络平台销售我司{brand}品牌商品：\n{listed}\n未经许可不得转授权。", running)
    )
