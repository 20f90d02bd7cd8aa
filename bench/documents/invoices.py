"""Purchase invoices: the tax form, the delivery note, and the simple form (A11)."""

from random import Random

from PIL import Image

from bench.documents.capitals import in_capitals
from bench.documents.fonts import Face
from bench.documents.invented import PRODUCTS, a_company, a_model, a_name, a_serial, a_town, chance, yuan
from bench.documents.model import Drawing, Fact
from bench.documents.paper import Colour, Type, frame, rule, sheet, table, write
from bench.documents.products import MODEL, PRODUCT, SHOP, Goods, simple_form, some_goods
from bench.documents.stamp import press

_BROWN: Colour = (128, 62, 34)
_SIMPLE = ("采购发票", "采购发票", "进货发票", "购货发票")
_TAX = ("增值税电子普通发票", "电子发票（普通发票）", "增值税普通发票", "增值税专用发票")
_NOTES = ("销售发票", "采购发票", "销货清单", "采购单")


def draw_invoice(rng: Random) -> Drawing:
    titles, layout = rng.choice(((_SIMPLE, simple_form), (_TAX, _tax_form), (_TAX, _tax_form), (_NOTES, _note)))
    goods = some_goods(titles, rng)
    on, shows = layout(goods, rng), {Fact.PRINTED}
    if chance(rng, 0.5):
        press(on, (on.width - 420, on.height - 380), 480, f"{a_company(rng)}", rng)
        shows.add(Fact.RED_STAMP)
    return Drawing(on, goods.fields, frozenset(shows))


def _tax_form(goods: Goods, rng: Random) -> Image.Image:
    """Wide, ruled in brown: buyer, items, the sum with tax in capitals and digits, seller."""
    on = sheet(3000, 1950)
    brown, ink = Type(60, Face.SERIF, colour=_BROWN), Type(60)
    write(on, (1400, 90), goods.title, Type(112, Face.SERIF, colour=_BROWN), "mt")
    rule(on, (900, 240), (1900, 240), 5, _BROWN)
    for at, (label, value) in enumerate(
        (("发票代码", a_serial(rng, 12)), ("发票号码", a_serial(rng, 8)), ("开票日期", goods.date))
    ):
        _pair(on, (2080, 80 + at * 88), (label, value), (brown, ink))
    frame(on, (120, 380, 2880, 1720), 4, _BROWN)
    buyer = [("购买方名称", goods.shop), ("纳税人识别号", f"91{a_serial(rng, 16)}"), ("地址、电话", a_town(rng))]
    for at, row in enumerate(buyer):
        _pair(on, (160, 405 + at * 90), row, (brown, ink))
    fen = _items(on, (120, 690, 2880, 1190), goods, rng)
    rule(on, (120, 1320), (2880, 1320), 4, _BROWN)
    _pair(on, (160, 1220), ("价税合计（大写）", in_capitals(fen)), (brown, ink))
    _pair(on, (1880, 1220), ("（小写）", f"¥{yuan(fen)}"), (brown, ink))
    seller = [
        ("销售方名称", a_company(rng)),
        ("纳税人识别号", f"91{a_serial(rng, 16)}"),
        ("开户行及账号", a_serial(rng, 19)),
    ]
    for at, row in enumerate(seller):
        _pair(on, (160, 1350 + at * 100), row, (brown, ink))
    for at, role in enumerate(("收款人", "复核", "开票人")):
        _pair(on, (160 + at * 800, 1760), (role, a_name(rng)), (brown, ink))
    return on


def _items(on: Image.Image, area: tuple[int, int, int, int], goods: Goods, rng: Random) -> int:
    """One line of goods and its tax, and the totals; returns the sum with tax, in fen."""
    count, price = rng.randint(1, 60), rng.randint(900, 30000)
    percent = rng.choice((13, 13, 6, 3, 1))
    net = count * price
    tax = net * percent // 100
    heads = ("货物或应税劳务名称", "规格型号", "单位", "数量", "单价", "金额", "税率", "税额")
    unit = rng.choice("件个套台")
    item = (goods.product, goods.model, unit, str(count), yuan(price), yuan(net), f"{percent}%", yuan(tax))
    rows = [heads, item, ("",) * 8, ("合计", "", "", "", "", f"¥{yuan(net)}", "", f"¥{yuan(tax)}")]
    table(on, area, rows, (11, 6, 3, 3, 5, 6, 3, 5), Type(56))
    return net + tax


def _pair(on: Image.Image, at: tuple[int, int], row: tuple[str, str], looks: tuple[Type, Type]) -> None:
    label, value = row
    write(on, at, f"{label}：", looks[0])
    write(on, (at[0] + looks[0].width(f"{label}："), at[1]), value, looks[1])


def _note(goods: Goods, rng: Random) -> Image.Image:
    """A delivery note with several items, of which the first is the one in dispute."""
    on = sheet(2500, 1900)
    write(on, (1250, 110), goods.title, Type(124, bold=True), "mt")
    style = Type(74)
    write(on, (160, 320), f"{rng.choice(SHOP)}：{goods.shop}", style)
    write(on, (160, 440), f"{rng.choice(('供货单位', '供应商', '销售单位'))}：{a_company(rng)}", style)
    write(on, (2340, 320), f"{rng.choice(('开票日期', '日期', '采购日期'))}：{goods.date}", style, "ra")
    rows, total = [(rng.choice(PRODUCT), rng.choice(MODEL), "数量", "单价", "金额")], 0
    others = [(name, a_model(rng)) for name in rng.sample(PRODUCTS, rng.randint(1, 3)) if name != goods.product]
    for product, model in ((goods.product, goods.model), *others):
        count, price = rng.randint(1, 60), rng.randint(900, 30000)
        rows.append((product, model, str(count), yuan(price), yuan(count * price)))
        total += count * price
    table(on, (160, 590, 2340, 590 + 150 * len(rows)), rows, (5, 3, 2, 2, 3), Type(70))
    top = 660 + 150 * len(rows)
    write(on, (160, top), f"价税合计（大写）：{in_capitals(total)}", style)
    write(on, (160, top + 130), f"（小写）：¥{yuan(total)}", style)
    write(on, (160, 1740), f"制单：{a_name(rng)}", style)
    write(on, (900, 1740), f"经办人：{a_name(rng)}", style)
    return on
