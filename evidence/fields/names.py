"""Names of people: who received a parcel, and who brought it."""

import re
from collections.abc import Iterator

from evidence.fields.model import WELL_READ, Field, FieldName
from evidence.fields.pairs import Page, Where
from evidence.fields.words import CJK, listed, plain

_SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈"
    "姚卢姜崔钟谭陆汪范金石廖贾夏韦方邹熊孟秦白江闫阎薛侯雷龙段郝孔邵史毛常万顾赖武康贺严尹钱施牛洪龚汤陶黎"
    "温莫易樊乔文安殷颜庄章鲁倪庞邢俞翟蓝聂齐向申葛柴伍覃骆关焦柳欧祝纪尚毕耿芦左季管符辛苗詹曲靳祁路涂兰甘"
    "裴梅童翁霍游阮尤岳柯牟滕谷舒卜成饶宁凌盛查单冉鲍华包屈房喻解蒲卫简时连车项闵邬吉党阳司费蒙席晏隋古强穆"
    "姬桂佟迟麦米艾商苟习冷区丛虞沙付代池宫辜辛闻仇臧瞿边卞戚娄郁宗景仲海展花窦鄢楚祖井占佘巩粟冀封全郎岑应褚"
    "張劉陳楊黃趙吳孫馬鄭謝許韓馮鄧蕭葉蘇魏呂盧鍾譚陸範賈韋鄒閆薛錢湯溫顏莊魯龐聶齊關歐紀畢駱蘭嚴賀顧賴龍羅"
    "欧"
)
_DOUBLE_SURNAMES = (
    "欧阳",
    "上官",
    "司马",
    "诸葛",
    "皇甫",
    "尉迟",
    "夏侯",
    "东方",
    "司徒",
    "慕容",
    "令狐",
    "端木",
    "歐陽",
)
_SURNAMES_AND_WORDS = frozenset("付代费單单时包车房管查解项区商展应占司路边井全封冷连关简花海")
"""Surnames that begin more words than names."""
_WORDS = listed(
    "华联|华润|华为|华东|华南|华北|万达|万家|万象|万科|万福|高新|高层|高档|马上|马路|温馨|温州|时代|常温|常用|常州|方便|"
    "方向|安全|安检|安徽|文具|文印|文体|明细|金额|金华|金融|江苏|江西|江南|江北|武汉|苏州|徐州|郑州|杭州|温泉|白天|牛奶|"
    "易碎|何时|许可|古镇|成品|成功|成都|未来|程序|任务|任何|施工|平安|康复|顾客|毛重|水果|农业|夏季|秋季|石材|石油|"
    "黄金|黄色|白色|蓝色|金色|季度|年度|强制|习惯|楼下|范围|尚未|从未|和平|钱包|宝贝|洪水|阳台|向上|向下|齐全|曾经|"
    "景区|景点|党委|童装|康健|茶叶|贺卡|游客|游戏|黎明|雷达|龙头|熊猫|沙发|米面|艾灸|全国"
)
"""Words that begin as if with a surname, and the beginnings of what shops and places are called."""
_OF_NO_NAME = re.compile(
    "[店站场場市点點司柜櫃库庫签簽送收员員厂廠院校楼樓室号號区區街村镇鎮县縣省门門岗亭处處网網机機件单單货貨款箱袋边旁侧口代某总姐哥叔爸妈父母妻]"
    "|完好|营业|便利|超市|驿站|门卫|前台|物业|服务|中心|大厦|广场|公寓|小区|花园|家园|公司|集团|商行|商贸|达到|已|未|请|无|老板|阿姨|师傅|大爷|老师|经理|主任|医生|护士|保安|同事|邻居|室友|同学|儿子|女儿"
)
"""What places, shops, offices, states of a parcel and people of no name are called by."""
_LONGEST_OF_ONE = 3
"""Letters of a name with a surname of one letter."""
_NO_NAMES = frozenset(
    listed(
        "已验视|已检视|已安检|已实名|已签收|已收款|本人|本人签收|家人|门卫|前台|同事|他人|邻居|物业|保安|收发室|单位|公司|驿站|"
        "菜鸟驿站|丰巢|快递柜|代收|代收点|代收货款|代签|代签人|签名|签字|签章|盖章|公章|姓名|电话|地址|日期|时间|时效|金额|应付|"
        "单号|方式|先生|女士|签收人|收件人|经办|电子面单|包裹|快件|文件|商品|安检|成功|全国"
    )
)
"""What stands where a name is expected, and isn't one."""
_PHONE = r"(?:\d{3}\s?[*xX·.]{2,}\s?\d{2,4}|1\d{10}(?:-\d{2,4})?|\d{3,4}-\d{7,8}|\d{3}[\d*]{6,9})"
_TITLES = r"(?:\s?(?:先生|女士|小姐|老师))?"
_CHINESE = re.compile(rf"([{CJK}]{{1,6}}·[{CJK}]{{1,8}}|[{CJK}]{{2,4}}?|[{CJK}]{{1,2}}\*{{1,3}}[{CJK}]?){_TITLES}")
_SPACED = re.compile(rf"[{CJK}](?: [{CJK}]){{1,3}}")
_LATIN = re.compile(r"[A-Z][A-Za-z'’.-]{0,20}(?: [A-Z][A-Za-z'’.-]{0,20}){1,3}")
_BEFORE_PHONE = re.compile(rf"([{CJK}·* ]{{2,12}}?)[\s,，:]*{_PHONE}")
_PARTY = re.compile(rf"(?:[收寄发][件货]?[人方]?[\s:]*)?{_BEFORE_PHONE.pattern}")
_SENDERS = frozenset(listed("寄件人姓名|寄件人|寄件方|寄件|寄|寄方|发件人|发件|发货人|SENDER|SHIPPER|SHIP FROM"))
_SIGNS = frozenset(("签收人", "签收人姓名", "客户签收", "客户签名", "收件人签名", "收件人签收", "簽收人"))
"""Labels that are mostly followed by nothing, or by a scrawl."""


def recipients_in(page: Page) -> Iterator[Field]:
    yield from _labelled(page, FieldName.RECIPIENT)
    yield from _by_phones(page)


def delivery_people_in(page: Page) -> Iterator[Field]:
    yield from _labelled(page, FieldName.DELIVERY_PERSON)


def is_addressed(text: str) -> bool:
    """Whether a line has a name with a phone behind it, as the parties have on a waybill."""
    return _PARTY.match(plain(text)) is not None


def name_in(text: str) -> tuple[str, bool] | None:
    """The name of a person that a text begins with, and whether it is one for certain."""
    bare = plain(text).strip(" :;,._-|()")
    if addressed := _BEFORE_PHONE.match(bare):
        # A stroke of the label may stand before the name.
        bare = re.sub(rf"^[{CJK}] (?=[{CJK}]{{2}})", "", addressed.group(1).strip())
    if spaced := _SPACED.fullmatch(bare):
        bare = spaced.group().replace(" ", "")
    first = re.split(r"[\s,，(/]", bare, maxsplit=1)[0]
    if match := _CHINESE.fullmatch(first):
        name = match.group(1)
        return None if name in _NO_NAMES else (name, _is_usual(name))
    if match := _LATIN.match(bare):
        # Companies, towns and titles have the form of Latin names.
        return match.group(), False
    return None


def _is_usual(name: str) -> bool:
    """Whether it has a surname and a given name, neither of which is rather a word, a place or a shop."""
    double = name[:2] in _DOUBLE_SURNAMES
    given = name[2:] if double else name[1:]
    if "*" in name or not given or _OF_NO_NAME.search(given) or name.startswith(_WORDS):
        return False
    return double or "·" in name or (len(name) <= _LONGEST_OF_ONE and name[0] in _SURNAMES - _SURNAMES_AND_WORDS)


def _labelled(page: Page, name: FieldName) -> Iterator[Field]:
    found = []
    for rank, pair in page.of(name):
        for value in pair.values:
            read = name_in(value.text)
            # What stands below a place for a signature is mostly something else.
            if read is None or (value.where is not Where.BEHIND and pair.label in _SIGNS and not read[1]):
                continue
            told = pair.tells(value) and value.where is not Where.COLUMN
            sure = read[1] and told and pair.confidence(value) >= WELL_READ
            field = Field(name, read[0], value.text, value.line.box, pair.confidence(value), sure, None)
            found.append((pair.label in _SIGNS and not read[1], not sure, rank, field))
            break
    yield from (each[-1] for each in sorted(found, key=lambda each: each[:3]))


def _by_phones(page: Page) -> Iterator[Field]:
    """On a waybill whose 收 in its disc wasn't read: the upper of the two names with a phone."""
    labelled = {id(value.line) for pair in page.pairs for value in pair.values}
    free = [each for each in page.free if id(each) not in labelled and is_addressed(each.text)]
    senders = [pair for pair in page.pairs if pair.label in _SENDERS]
    first = min(free, key=lambda each: each.box.top, default=None)
    if first and (len(free) > 1 or any(pair.line.box.top > first.box.top for pair in senders)):
        name = name_in(first.text)
        if name:
            yield Field(FieldName.RECIPIENT, name[0], first.text, first.box, first.confidence, sure=False, matches=None)
