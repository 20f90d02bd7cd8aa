"""The table's page and the template that is deployed say the same."""

from chalicelib.store import keys
from chalicelib.store.keys import Index
from tests.contract.template import table_properties, template


def _schema(partition: str, sort: str) -> list[dict[str, str]]:
    return [{"AttributeName": partition, "KeyType": "HASH"}, {"AttributeName": sort, "KeyType": "RANGE"}]


def test_the_template_has_the_keys_and_indexes_that_the_store_relies_on():
    table = table_properties()
    assert table["KeySchema"] == _schema("pk", "sk")
    assert {each["IndexName"]: each["KeySchema"] for each in table["GlobalSecondaryIndexes"]} == {
        each.title: _schema(each.partition, each.sort) for each in Index
    }
    names = {"pk", "sk", *(name for each in Index for name in (each.partition, each.sort))}
    assert {each["AttributeName"]: each["AttributeType"] for each in table["AttributeDefinitions"]} == dict.fromkeys(
        names, "S"
    )


def test_every_index_carries_what_lists_show():
    for index in table_properties()["GlobalSecondaryIndexes"]:
        assert index["Projection"]["ProjectionType"] == "INCLUDE"
        assert sorted(index["Projection"]["NonKeyAttributes"]) == sorted(keys.PROJECTED)


def test_old_idempotency_records_go_by_time_to_live_and_the_stream_brings_new_items():
    table = table_properties()
    assert table["TimeToLiveSpecification"] == {"AttributeName": keys.TTL_ATTRIBUTE, "Enabled": True}
    assert table["StreamSpecification"]["StreamViewType"] in {"NEW_IMAGE", "NEW_AND_OLD_IMAGES"}


def test_nothing_that_is_kept_can_be_lost_by_a_slip():
    table = table_properties()
    assert table["DeletionProtectionEnabled"] is True
    assert table["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"] is True


def test_anchors_lie_under_object_lock_and_stay_when_the_stack_goes():
    bucket = template()["Resources"]["AnchorBucket"]
    lock = bucket["Properties"]["ObjectLockConfiguration"]
    assert (bucket["Properties"]["ObjectLockEnabled"], lock["ObjectLockEnabled"]) == (True, "Enabled")
    assert set(lock["Rule"]["DefaultRetention"]) == {"Mode", "Days"}
    assert (bucket["DeletionPolicy"], bucket["UpdateReplacePolicy"]) == ("Retain", "Retain")
