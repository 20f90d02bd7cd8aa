"""People, places, parcels and goods that don't exist, and how people write them down."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random

_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈"
    "姚卢姜崔钟谭陆汪范金石廖贾夏韦方邹熊孟秦白江"
)
_GIVEN = (
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂英华文玉红建国志海林小雨欣怡子涵晨宇佳俊峰浩然思琪梦婷雪梅"
    "春兰秀珍建波鹏飞龙云亮辉斌宁凯旭东健新成"
)
_PLACES = (
    ("上海市青浦区", ("华徐公路", "盈港东路", "崧泽大道")),
    ("浙江省杭州市余杭区", ("文一西路", "良睦路", "五常大道")),
    ("浙江省金华市义乌市", ("稠州北路", "银海路", "雪峰西路")),
    ("江苏省苏州市吴中区", ("木渎镇", "东吴北路", "越溪街道溪翔路")),
    ("江苏省南京市江宁区", ("秣陵街道将军大道", "双龙大道")),
    ("广东省深圳市宝安区", ("新安街道", "西乡大道", "福永街道福海大道")),
    ("广东省广州市白云区", ("石井大道", "均禾街道新科村", "机场路")),
    ("湖北省武汉市洪山区", ("珞喻路", "雄楚大道", "关山大道")),
    ("四川省成都市双流区", ("东升街道", "航空港大道")),
    ("河南省郑州市管城区", ("航海东路", "南曹乡")),
    ("山东省临沂市兰山区", ("通达路", "金源路")),
    ("福建省泉州市晋江市", ("陈埭镇", "青阳街道")),
    ("北京市朝阳区", ("建国路", "双桥东路", "望京西路")),
    ("陕西省西安市雁塔区", ("丈八东路", "科技路")),
    ("河北省石家庄市长安区", ("和平东路", "中山东路")),
)
_SHOP_WORDS = (
    "悦家", "宏达", "星河", "云间", "百联", "优品", "晨光里", "南山", "老街坊",
    "金鹿", "海棠", "青禾", "果然", "一木", "鑫源", "瑞丰", "恒通", "万家",
    "初见", "橙子", "北极星", "蓝鲸", "小确幸", "木槿", "向阳",
)  # fmt: skip
_TRADES = (
    "日用",
    "户外",
    "数码",
    "家居",
    "服饰",
    "母婴",
    "箱包",
    "鞋靴",
    "厨具",
    "文具",
    "家电",
    "美妆",
    "运动",
    "食品",
)
_SHOP_KINDS = ("旗舰店", "专营店", "专卖店", "官方旗舰店", "生活馆", "企业店")
PRODUCTS = (
    "陶瓷餐具套装", "无线蓝牙耳机", "真皮手提包", "户外登山背包", "不锈钢保温杯", "男士运动跑鞋",
    "儿童积木玩具", "全棉四件套", "电动牙刷", "智能电饭煲", "加厚羽绒服", "实木儿童书桌",
    "车载手机支架", "空气炸锅", "女士针织衫", "折叠晾衣架", "便携充电宝", "机械键盘",
    "护眼台灯", "硅胶厨具套装", "防水冲锋衣", "亚麻窗帘", "乳胶枕头", "玻璃密封罐",
    "自动雨伞", "瑜伽垫",
)  # fmt: skip
BRANDS = ("NOVA", "K-TWO", "LUMEN", "ORBIS", "TERRA", "VELO", "MIRA", "HALDEN", "ZENA", "POLAR")
_FIRST_DAY = datetime(2023, 1, 1, tzinfo=UTC)
_DAYS = 1460


@dataclass(frozen=True, slots=True)
class Carrier:
    name: str
    prefixes: tuple[str, ...]
    digits: int
    """After the prefix."""


CARRIERS = (
    Carrier("顺丰速运", ("SF",), 13),
    Carrier("中通快递", ("75", "76", "77", "78"), 12),
    Carrier("圆通速递", ("YT",), 13),
    Carrier("申通快递", ("777", "773", "776"), 12),
    Carrier("韵达快递", ("43", "46", "31"), 13),
    Carrier("极兔速递", ("JT",), 13),
    Carrier("京东快递", ("JD", "JDVB"), 13),
    Carrier("德邦快递", ("DPK",), 12),
    Carrier("邮政快递包裹", ("98", "99"), 11),
    Carrier("中国邮政EMS", ("12", "11"), 11),
)


@dataclass(frozen=True, slots=True)
class Parcel:
    """All that a waybill label can say."""

    carrier: str
    number: str
    recipient: str
    sender: str
    address: str
    origin: str
    goods: str
    grams: int
    printed: datetime
    to_the_minute: bool
    """Whether the label tells the time of day that it was printed at."""
    sorting: str


def chance(rng: Random, share: float) -> bool:
    return rng.random() < share


def a_parcel(rng: Random) -> Parcel:
    carrier = rng.choice(CARRIERS)
    # Cloud-printed labels and resellers put a carrier's name over another one's number often enough.
    numbered = rng.choice(CARRIERS) if chance(rng, 0.15) else carrier
    return Parcel(
        carrier=carrier.name,
        number=a_waybill(rng, numbered),
        recipient=a_name(rng),
        sender=a_name(rng),
        address=an_address(rng),
        origin=a_place(rng),
        goods=rng.choice(PRODUCTS),
        grams=rng.randint(20, 3000) * 10,
        printed=a_moment(rng),
        to_the_minute=chance(rng, 0.6),
        sorting=a_sorting_code(rng),
    )


def a_waybill(rng: Random, carrier: Carrier | None = None) -> str:
    """A waybill number of that carrier's form, or of anybody's."""
    form = carrier or rng.choice(CARRIERS)
    return rng.choice(form.prefixes) + _digits(rng, form.digits)


def near_miss(number: str, rng: Random, changed: int = 1) -> str:
    """The same number but for that many of its digits, each of them another one."""
    places = rng.sample([at for at, letter in enumerate(number) if letter.isdigit()], changed)
    letters = list(number)
    for at in places:
        letters[at] = rng.choice([digit for digit in "0123456789" if digit != letters[at]])
    return "".join(letters)


def another_waybill(number: str, rng: Random) -> str:
    """A number of some carrier that has nothing to do with this one."""
    other = a_waybill(rng)
    return other if other != number else near_miss(number, rng, 5)


def a_name(rng: Random) -> str:
    return rng.choice(_SURNAMES) + "".join(rng.sample(_GIVEN, rng.choice((1, 2, 2))))


def a_phone(rng: Random) -> str:
    """Masked as labels have it, or a virtual number with an extension."""
    head = f"1{rng.choice('35789')}{_digits(rng, 1)}"
    if chance(rng, 0.15):
        return f"{head}{_digits(rng, 8)}-{_digits(rng, 4)}"
    return f"{head}****{_digits(rng, 4)}"


def a_place(rng: Random) -> str:
    area, roads = rng.choice(_PLACES)
    return area + rng.choice(roads)


def an_address(rng: Random) -> str:
    house = f"{rng.randint(1, 980)}号"
    return f"{a_place(rng)}{house}{rng.randint(1, 30)}幢{rng.randint(1, 26)}{rng.randint(1, 99):02d}室"


def a_town(rng: Random) -> str:
    return rng.choice(_PLACES)[0]


def a_shop(rng: Random) -> str:
    return rng.choice(_SHOP_WORDS) + rng.choice(_TRADES) + rng.choice(_SHOP_KINDS)


def a_company(rng: Random) -> str:
    word = rng.choice(_SHOP_WORDS)[:2]
    return f"{a_town(rng)[:2]}{word}{rng.choice(_TRADES)}{rng.choice(('有限公司', '制造有限公司', '科技有限公司'))}"


def a_model(rng: Random) -> str:
    form = rng.choice(("{}{}{}", "{}{}-{}", "{}-{}{}"))
    letters = "".join(rng.choice("ABCDEFGHJKLMNPRSTUVWXYZ") for _ in range(2))
    return form.format(letters, _digits(rng, 2), _digits(rng, 2))


def a_moment(rng: Random) -> datetime:
    """Within four years, by day."""
    seconds = rng.randint(8 * 3600, 20 * 3600)
    return _FIRST_DAY + timedelta(days=rng.randrange(_DAYS), seconds=seconds)


def an_amount(rng: Random, most: int = 300) -> int:
    """In fen, of that many yuan at most."""
    return rng.randint(500, most * 100)


def a_sorting_code(rng: Random) -> str:
    return f"{_digits(rng, 3)}-{rng.choice('ABCDE')}{_digits(rng, 2)} {_digits(rng, 3)}"


def a_serial(rng: Random, digits: int) -> str:
    return _digits(rng, digits)


def grouped(number: str, rng: Random) -> str:
    """As printed below a barcode: in one, or in groups from the front."""
    size = rng.choice((0, 0, 3, 4, 4))
    if not size:
        return number
    return " ".join(number[at : at + size] for at in range(0, len(number), size))


def written_date(moment: datetime, rng: Random) -> str:
    return rng.choice(
        (
            f"{moment:%Y-%m-%d}",
            f"{moment:%Y-%m-%d}",
            f"{moment:%Y/%m/%d}",
            f"{moment:%Y.%m.%d}",
            f"{moment:%Y年%m月%d日}",
            f"{moment.year}年{moment.month}月{moment.day}日",
        )
    )


def yuan(fen: int) -> str:
    return f"{fen // 100}.{fen % 100:02d}"


def _digits(rng: Random, count: int) -> str:
    return "".join(rng.choice("0123456789") for _ in range(count))
