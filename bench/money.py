"""What 1,000 disputes cost on AWS, and a stack that nobody uses: counted by carrying three kinds of them through.

Five pieces each, photos of 12 megapixels; 30 % are appealed, 20 % default, the rest are contested and ruled. Each
commit, message and upload is taken as a run of its own, as in a quiet stack; a busy one batches, and pays less. Texts
are kept for three years, pictures for 180 days. A run takes the CPU that was measured here at its share of a core, and
the time of its calls that is assumed in prices.json, as the prices are.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from bench import checking, story, units
from bench.bill import API, PHOTOS, Bill, Billed, Used, billed
from bench.figures import Figure, Part, Row, Table
from chalicelib.domain.measures import Measure
from tests.contract.template import template

DISPUTES: Final = 1000
MONTHS: Final = 36
PICTURES_MONTHS: Final = 6
_GB: Final = 1e9
_MEMORIES: Final = (256, 512, 1024, 1769)
_PUTS: Final = ("s3.PutObject", "s3.PutObjectTagging", "s3.ListObjectVersions")
_GETS: Final = ("s3.GetObject",)
type Dollars = dict[str, float]

_CONFIG: Final = Path(__file__).parents[1] / ".chalice" / "config.json"
_RUNS_A_MONTH: Final = {"sweep": 43_200, "erase": 4_320, "anchor": 30, "verify": 30}


@cache
def _document() -> Mapping[str, Any]:
    found: Mapping[str, Any] = json.loads(Path(__file__).with_name("prices.json").read_text(encoding="utf-8"))
    return found


def price(name: str) -> float:
    return float(_document()["prices"][name]["usd"])


@cache
def memory_gb(function: str) -> float:
    """As deployed."""
    stage = json.loads(_CONFIG.read_text(encoding="utf-8"))["stages"]["prod"]["lambda_functions"]
    own = template()["Resources"]["Recognise"]["Properties"]["MemorySize"]
    return float(stage[function]["lambda_memory_size"] if function in stage else own) / 1024


def seconds(gb: float, used: Used) -> float:
    """That all its runs take with so much memory: CPU by the share of a core that it buys, and waiting for AWS."""
    assumed = _document()["assumed"]
    slower = max(1.0, assumed["full_core_mb"] / 1024 / gb)
    waits: float = sum(assumed["seconds_a_call"][name.split(".")[0]] * times for name, times in used.calls.items())
    return float(used.cpu * slower + waits)


def of_function(function: str, used: Used) -> float:
    return of_runs(memory_gb(function), used)


def of_runs(gb: float, used: Used) -> float:
    return seconds(gb, used) * gb * price("lambda_gb_second") + used.runs * price("lambda_request")


def components(bill: Bill) -> Dollars:
    """Dollars, by what AWS calls it."""
    writes = [each for each in bill.charges if each.kind == "write"]
    own = sum(each.units for each in writes if each.place == units.TABLE)
    indexes = sum(each.units for each in writes) - own
    sent = bill.calls("sqs.SendMessage", "sqs.SendMessageBatch") + bill.queued.total()
    out = bill.viewed + sum(each.answered for each in bill.used.values())
    functions = {f"Lambda {name}": of_function(name, used) for name, used in bill.used.items()}
    return defaultdict(
        float,
        functions
        | {
            "DynamoDB writes, the table's own": own * price("dynamodb_write_unit"),
            "DynamoDB writes, indexes": indexes * price("dynamodb_write_unit"),
            "DynamoDB reads": units.units(bill.charges, "read") * price("dynamodb_read_unit"),
            "DynamoDB storage, 3 years": bill.stored / _GB * MONTHS * price("dynamodb_gb_month"),
            "DynamoDB point-in-time recovery, 3 years": bill.backed_up
            / _GB
            * MONTHS
            * price("dynamodb_recovery_gb_month"),
            "S3 requests": (bill.calls(*_PUTS) + bill.uploads) * price("s3_put") + bill.calls(*_GETS) * price("s3_get"),
            "S3 storage, 180 days": bill.kept / _GB * _gb(PICTURES_MONTHS) + bill.moved * price("s3_move"),
            "API Gateway": bill.of(API).runs * price("api_request"),
            "SQS": (sent + 2 * bill.batches) * price("sqs_request"),
            "EventBridge": bill.events * price("event"),
            "CloudWatch logs": sum(each.logged for each in bill.used.values()) / _GB * price("log_gb"),
            "Transfer out": out / _GB * price("transfer_out_gb"),
        },
    )


def _gb(months: int) -> float:
    """Of a GB that is kept so long: a month at hand, and then at rest."""
    return price("s3_gb_month") + (months - 1) * price("s3_rested_gb_month")


def whole(bills: Mapping[Any, Bill]) -> Dollars:
    """Of 1,000 disputes of the mix."""
    found: Dollars = defaultdict(float)
    for life, bill in bills.items():
        for name, dollars in components(bill).items():
            found[name] += dollars * story.MIX[life] * DISPUTES
    return found


def mean(bills: Mapping[Any, Bill], kind: Any, place: str | None = None) -> float:
    """Units of a dispute of the mix."""
    return sum(
        story.MIX[life] * each.units
        for life, bill in bills.items()
        for each in bill.charges
        if each.kind == kind and place in (None, each.place)
    )


def carried_through(cloud: Billed) -> Mapping[Any, Bill]:
    found = {}
    for life, photo in zip(story.MIX, PHOTOS, strict=True):
        cloud.photo = photo
        found[life] = story.lived(cloud, life)
    return found


def verified(looks: checking.Looks) -> Dollars:
    """Of 1,000 disputes like these, a third each."""
    found = looks.costs(_document()["assumed"]["days_of_change"])
    return {name: each * DISPUTES / len(story.MIX) for name, each in found.items()}


def alone(function: str, used: Used) -> float:
    """What a function's runs cost, with all that they ask for."""
    return sum(components(Bill({function: used})).values())


def idle(cloud: Billed) -> Dollars:
    """A month in which nobody comes: what runs by the clock, polls, keys, alarms and metrics."""
    cloud.bill = Bill()
    cloud.sweep()  # the first looks back
    bill = cloud.bill = Bill()
    for run in (cloud.sweep, cloud.erase, cloud.anchor):
        run()
    bill.used["verify"] = checking.run(cloud, day=1)
    found: Dollars = defaultdict(float)
    for name, runs in _RUNS_A_MONTH.items():
        found[f"{name}, {runs:,} runs"] = alone(name, bill.of(name)) * runs
    kinds = Counter(str(each.get("Type")) for each in template()["Resources"].values())
    queues = sum("ScalingConfig" in str(each) for each in template()["Resources"].values())
    found[f"SQS, {queues} queues polled"] = (
        queues * _document()["assumed"]["polls_a_queue_month"] * price("sqs_request")
    )
    found["KMS, keys"] = kinds["AWS::KMS::Key"] * price("kms_key_month")
    found["CloudWatch metrics"] = len(Measure) * price("metric_month")
    found["CloudWatch alarms"] = kinds["AWS::CloudWatch::Alarm"] * price("alarm_month")
    return found


def _dearest(costs: Dollars) -> list[tuple[str, float]]:
    return sorted(costs.items(), key=lambda each: -each[1])


def measure() -> Part:
    with billed() as cloud:
        bills = carried_through(cloud)
        unused = idle(cloud)
        looks = checking.looks(cloud, lambda used: alone("verify", used))
    costs, checked = whole(bills), verified(looks)
    costs |= checked
    every_day = looks.at_all(1) * DISPUTES / len(bills)
    figures = [*_figures(costs, bills, unused), _of_checking(sum(checked.values()) / every_day)]
    return Part(figures, list(_tables(costs, bills, unused)))


def _of_checking(share: float) -> Figure:
    en = "dollars for checking the table from outside, against checking all of it every day"
    return Figure("checking", en, "从外部核对数据表的费用，对照每天全部核对", round(share, 3), at_most=0.2)


def _figures(costs: Dollars, bills: Mapping[Any, Bill], unused: Dollars) -> Iterator[Figure]:
    most, dollars = _dearest(costs)[0]
    en = f"1,000 disputes on AWS, all in all; the most for: {most}, {dollars:.2f} USD"
    zh = f"1,000 件纠纷在 AWS 上的全部费用；最大一项：{most}，{dollars:.2f} 美元"
    yield Figure("money", en, zh, round(sum(costs.values()), 2), "USD")
    writes = mean(bills, "write")
    yield Figure("writes", "write units of a dispute, its whole life", "一件纠纷一生的写入单位", round(writes), "")
    idle_en = "a stack that nobody uses, a month"
    yield Figure("idle", idle_en, "无人使用时，每月", round(sum(unused.values()), 2), "USD")


def _tables(costs: Dollars, bills: Mapping[Any, Bill], unused: Dollars) -> Iterator[Table]:
    total = sum(costs.values())
    rows = [(name, f"{each:.3f}", f"{each / total:.1%}") for name, each in _dearest(costs)]
    yield Table("1,000 disputes, in dollars", ("component", "USD", "share"), [*rows, ("all", f"{total:.2f}", "")])
    idle_rows = [(name, f"{each:.3f}") for name, each in _dearest(unused)]
    yield Table("A month in which nobody comes, in dollars", ("what", "USD"), idle_rows)
    names = dict.fromkeys(each.place for bill in bills.values() for each in bill.charges)
    places = [(each, f"{mean(bills, 'write', each):.0f}", f"{mean(bills, 'read', each):.0f}") for each in names]
    whole_row = ("all", f"{mean(bills, 'write'):.0f}", f"{mean(bills, 'read'):.0f}")
    yield Table("Capacity units of a dispute", ("where", "writes", "reads"), [*places, whole_row])
    names = dict.fromkeys(name for bill in bills.values() for name in bill.used)
    head = ("function", *(f"{each} MB" for each in _MEMORIES), "as deployed, MB")
    yield Table(
        "A run by the memory it has: seconds, and dollars for a million", head, [*map(_by_memory(bills), names)]
    )


def _by_memory(bills: Mapping[Any, Bill]) -> Callable[[str], Row]:
    def row(function: str) -> Row:
        some = [bill.used[function] for bill in bills.values() if function in bill.used]
        runs = sum(each.runs for each in some)

        def told(megabytes: int) -> str:
            gb = megabytes / 1024
            took = sum(seconds(gb, each) for each in some) / runs
            return f"{took:.3f} s, {1e6 * sum(of_runs(gb, each) for each in some) / runs:.2f} USD"

        return (function, *map(told, _MEMORIES), 1024 * memory_gb(function))

    return row
