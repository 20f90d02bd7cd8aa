"""How often the API may be asked: by all together always, by each caller alone where a deployment says so."""

from typing import Any

from tests.contract.template import template

LIMITS = {"ByCaller": "CallerLimit", "ByAddress": "AddressLimit"}


def rules() -> dict[str, Any]:
    """By name, each with the condition under which it is there."""
    listed = template()["Resources"]["ApiRates"]["Properties"]["Rules"]
    return {each["If"][1]["Name"]: each["If"] for each in listed}


def test_a_caller_and_an_address_have_each_a_limit_of_their_own():
    assert set(rules()) == set(LIMITS)
    for name, (condition, rule, otherwise) in rules().items():
        limit = rule["Statement"]["RateBasedStatement"]
        assert (limit["Limit"], otherwise) == ({"Ref": LIMITS[name]}, {"Ref": "AWS::NoValue"})
        assert template()["Conditions"][condition] == {"Not": [{"Equals": [{"Ref": LIMITS[name]}, 0]}]}
        assert rule["Action"] == {"Block": {}}
    by_caller, by_address = (rules()[name][1]["Statement"]["RateBasedStatement"] for name in LIMITS)
    assert by_caller["AggregateKeyType"] == "CUSTOM_KEYS"
    assert [each["Header"]["Name"] for each in by_caller["CustomKeys"]] == ["Authorization"]
    assert by_address["AggregateKeyType"] == "IP"


def test_without_a_limit_there_is_nothing_to_pay_for():
    resources, conditions = template()["Resources"], template()["Conditions"]
    assert [each for each in LIMITS.values() if template()["Parameters"][each]["Default"] != 0] == []
    assert conditions["HasRates"] == {"Or": [{"Condition": "HasCallerLimit"}, {"Condition": "HasAddressLimit"}]}
    firewall = [each for each in resources.values() if each.get("Type", "").startswith("AWS::WAFv2::")]
    assert len(firewall) == 2
    assert {each["Condition"] for each in firewall} == {"HasRates"}


def test_no_token_is_shown_among_the_firewalls_samples():
    acl = template()["Resources"]["ApiRates"]["Properties"]
    seen = [acl["VisibilityConfig"], *(rule["VisibilityConfig"] for _, rule, _ in rules().values())]
    assert [each["SampledRequestsEnabled"] for each in seen] == [False] * 3


def test_who_asks_too_often_is_told_so_as_by_the_gateway_itself():
    answers = template()["Resources"]["RestAPI"]["Properties"]["GatewayResponses"]
    assert answers["WAF_FILTERED"]["StatusCode"] == 429
    body = answers["WAF_FILTERED"]["ResponseTemplates"]["application/json"]
    assert '"code": "too_many_requests"' in body
    assert "zh-Hans" in body
    assert "Retry-After" in answers["WAF_FILTERED"]["ResponseParameters"]["Headers"]


def test_all_together_are_always_limited():
    (settings,) = template()["Resources"]["RestAPI"]["Properties"]["MethodSettings"]
    assert settings["ThrottlingRateLimit"] == {"Ref": "ApiRateLimit"}
    assert settings["ThrottlingBurstLimit"] == {"Ref": "ApiBurstLimit"}
