"""The template says what the code relies on, and what a public service owes its users."""

import json
import re

import pytest

from chalicelib.settings import RECOGNISERS
from chalicelib.store import keys
from tools.package import RECOGNISER_ZIP, ZIP, package

FUNCTIONS = ("APIHandler", "Sweep", "Lapse", "Inspect", "Recognise", "Publish")
WORKERS = {"Lapse": "DueQueue", "Inspect": "UploadQueue", "Recognise": "RecogniseQueue"}
# AWS knows no resources of these.
NAMELESS = (["dynamodb:ListStreams"], ["textract:DetectDocumentText"])
LOCAL = ("http://127.0.0.1", "http://127.0.0.1:4567", "http://127.0.0.1:4567/realm")
REFUSED = ("http://localhost:4567", "http://example.com", "http://127.0.0.1.example.com", "ftp://example.com", "")


def properties(template, name: str):
    return template["Resources"][name]["Properties"]


def statements(template, function: str):
    role = properties(template, function)["Role"]["Fn::GetAtt"][0]
    return [
        statement["Fn::If"][1] if "Fn::If" in statement else statement
        for policy in properties(template, role)["Policies"]
        for statement in policy["PolicyDocument"]["Statement"]
    ]


def test_the_table_has_the_indexes_that_the_store_reads(template):
    table = properties(template, "RecourseTable")
    declared = {
        index["IndexName"]: [key["AttributeName"] for key in index["KeySchema"]]
        for index in table["GlobalSecondaryIndexes"]
    }
    assert declared == {index.title: [index.partition, index.sort] for index in keys.Index}


def test_every_index_carries_what_lists_show(template):
    carried = {
        tuple(index["Projection"]["NonKeyAttributes"])
        for index in properties(template, "RecourseTable")["GlobalSecondaryIndexes"]
    }
    assert carried == {keys.PROJECTED}


def test_the_table_is_encrypted_backed_up_kept_and_forgets_by_the_stores_attribute(template):
    table = properties(template, "RecourseTable")
    assert table["SSESpecification"]["SSEEnabled"]
    assert table["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"]
    assert table["DeletionProtectionEnabled"]
    assert table["TimeToLiveSpecification"] == {"AttributeName": keys.TTL_ATTRIBUTE, "Enabled": True}
    assert template["Resources"]["RecourseTable"]["DeletionPolicy"] == "Retain"


def test_evidence_is_private_encrypted_versioned_and_kept(template):
    bucket = properties(template, "EvidenceBucket")
    assert all(bucket["PublicAccessBlockConfiguration"].values())
    assert bucket["VersioningConfiguration"] == {"Status": "Enabled"}
    assert bucket["BucketEncryption"]
    assert template["Resources"]["EvidenceBucket"]["DeletionPolicy"] == "Retain"


def test_nothing_ages_out_of_the_originals_but_what_nobody_claimed(template):
    rules = properties(template, "EvidenceBucket")["LifecycleConfiguration"]["Rules"]
    expiring = [rule for rule in rules if {"ExpirationInDays", "NoncurrentVersionExpiration"} & set(rule)]
    originals = [rule for rule in expiring if "uploads/".startswith(rule.get("Prefix", ""))]
    assert originals
    assert all(rule["TagFilters"] == [{"Key": "recourse", "Value": "pending"}] for rule in originals)


@pytest.mark.parametrize("parameter", ["Issuer", "JwksUri"])
def test_an_identity_provider_is_reached_over_tls_or_on_this_machine(template, parameter: str):
    pattern = re.compile(template["Parameters"][parameter]["AllowedPattern"])
    assert all(pattern.fullmatch(address) for address in ("https://id.example.com/realms/a", *LOCAL))
    assert not any(pattern.fullmatch(address) for address in REFUSED)


@pytest.mark.parametrize("function", FUNCTIONS)
def test_every_function_has_a_role_of_its_own_that_names_what_it_may_touch(template, function: str):
    roles = [properties(template, name)["Role"]["Fn::GetAtt"][0] for name in FUNCTIONS]
    assert roles.count(properties(template, function)["Role"]["Fn::GetAtt"][0]) == 1
    for statement in statements(template, function):
        assert not [action for action in statement["Action"] if "*" in action], statement
        assert statement["Resource"] != "*" or statement["Action"] in NAMELESS, statement
    actions = {action for statement in statements(template, function) for action in statement["Action"]}
    assert not actions & {"dynamodb:Scan", "s3:DeleteObject", "s3:DeleteObjectVersion"}


@pytest.mark.parametrize(("function", "queue"), WORKERS.items())
def test_a_message_is_not_handed_out_again_while_it_is_worked_on(template, function: str, queue: str):
    assert properties(template, queue)["VisibilityTimeout"] >= 6 * properties(template, function)["Timeout"]


def test_only_the_recogniser_may_ask_textract_and_only_where_it_is_chosen(template):
    (role,) = properties(template, "RecogniseRole")["Policies"]
    chosen = [each["Fn::If"][:2] for each in role["PolicyDocument"]["Statement"] if "Fn::If" in each]
    assert [(condition, each["Action"]) for condition, each in chosen] == [
        ("ReadsByTextract", ["textract:DetectDocumentText"])
    ]
    assert template["Conditions"]["ReadsByTextract"] == {"Fn::Equals": [{"Ref": "Recogniser"}, "textract"]}
    others = [each["Action"] for name in FUNCTIONS if name != "Recognise" for each in statements(template, name)]
    assert not [action for actions in others for action in actions if action.startswith("textract:")]


def test_each_recogniser_that_the_code_knows_can_be_chosen(template):
    assert set(template["Parameters"]["Recogniser"]["AllowedValues"]) == RECOGNISERS


def test_the_recogniser_runs_from_its_own_zip_and_all_others_from_the_apis(template):
    code = {name: properties(template, name)["CodeUri"] for name in FUNCTIONS}
    assert code.pop("Recognise") == f"./{RECOGNISER_ZIP}"
    assert set(code.values()) == {f"./{ZIP}"}


def test_all_functions_run_on_the_same_python(template):
    runs_on = [
        (properties(template, name)["Runtime"], properties(template, name)["Architectures"]) for name in FUNCTIONS
    ]
    assert all(each == runs_on[0] for each in runs_on)


@pytest.mark.parametrize("queue", WORKERS.values())
def test_what_fails_again_and_again_is_set_aside_and_alarms(template, queue: str):
    redrive = properties(template, queue)["RedrivePolicy"]
    dead_letters = redrive["deadLetterTargetArn"]["Fn::GetAtt"][0]
    assert dead_letters in template["Resources"]
    assert f"{dead_letters}Alarm" in template["Resources"]
    assert f"{queue}AgeAlarm" in template["Resources"]


@pytest.mark.parametrize("function", [*WORKERS, "Publish"])
def test_one_bad_message_does_not_fail_its_batch(template, function: str):
    for event in properties(template, function)["Events"].values():
        assert event["Properties"]["FunctionResponseTypes"] == ["ReportBatchItemFailures"]


def test_the_publisher_sees_the_outbox_only(template):
    (event,) = properties(template, "Publish")["Events"].values()
    (only,) = event["Properties"]["FilterCriteria"]["Filters"]
    assert '{"prefix": "OUTBOX#"}' in only["Pattern"]


@pytest.mark.parametrize("function", FUNCTIONS)
def test_logs_are_kept_for_as_long_as_asked_and_belong_to_the_function(template, function: str):
    groups = {
        group["Properties"]["LogGroupName"]["Fn::Sub"]: group["Properties"]["RetentionInDays"]
        for group in template["Resources"].values()
        if group["Type"] == "AWS::Logs::LogGroup"
    }
    assert groups[f"/aws/lambda/${{{function}}}"] == {"Ref": "LogRetentionDays"}


def test_the_gateways_own_refusals_are_problems(template):
    answers = properties(template, "RestAPI")["GatewayResponses"]
    assert {"DEFAULT_4XX", "DEFAULT_5XX", "REQUEST_TOO_LARGE", "THROTTLED"} <= set(answers)
    for answer in answers.values():
        assert answer["ResponseParameters"]["Headers"]["Content-Type"] == "'application/problem+json'"
        # API Gateway puts a quoted text there.
        written = answer["ResponseTemplates"]["application/json"].replace("$context.error.messageString", '"why"')
        problem = json.loads(written)
        assert problem["type"] == f"urn:recourse:problem:{problem['code']}"
        assert set(problem["messages"]) == {"en", "zh-Hans"}


def test_packaging_twice_does_nothing_the_second_time(packaged):
    assert not package(out=packaged)
