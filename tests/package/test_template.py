"""The template says what the code relies on, and what a public service owes its users."""

import json
import re

import pytest

from chalicelib.domain.notices import TOLD_OF
from chalicelib.service.case_checks import READ_FOR
from chalicelib.settings import RECOGNISERS
from chalicelib.store import keys
from chalicelib.store.queues import SOURCE
from tools.package import RECOGNISER_ZIP, ZIP, package
from tools.replay import queue_urls

FUNCTIONS = (
    "APIHandler",
    "Sweep",
    "Lapse",
    "Inspect",
    "Recognise",
    "Notify",
    "Outage",
    "Publish",
    "Announce",
    "Deliver",
    "Erase",
    "Bundle",
    "Anchor",
    "Verify",
)
FORTNIGHT = 14 * 24 * 60 * 60
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


def test_files_are_moved_to_where_reading_is_dear_only_when_verifying_reads_them_no_more(template):
    """And to where they can be read at once, still."""
    rules = properties(template, "EvidenceBucket")["LifecycleConfiguration"]["Rules"]
    moves = {rule["Prefix"]: each for rule in rules for each in rule.get("Transitions", ())}
    assert moves.keys() == {"uploads/", "clean/"}
    for each in moves.values():
        assert each["StorageClass"] == "GLACIER_IR"
        assert each["TransitionInDays"] > READ_FOR.days


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
    assert "s3:DeleteObject" not in actions
    assert ("dynamodb:Scan" in actions) == (function == "Verify")
    assert ("s3:DeleteObjectVersion" in actions) == (function == "Erase")


def of_type(template, wanted: str):
    return {name: each["Properties"] for name, each in template["Resources"].items() if each["Type"] == wanted}


def event_sources(template):
    """(function, event source) of everything that isn't HTTP or a clock."""
    functions = of_type(template, "AWS::Serverless::Function")
    return [
        (name, event["Properties"])
        for name, function in functions.items()
        for event in function.get("Events", {}).values()
        if event["Type"] in {"SQS", "DynamoDB"}
    ]


def name_of(reference) -> str:
    """The resource that `!GetAtt X.Arn` or `!Sub ${X.Arn}` refers to."""
    (found,) = reference.values()
    return str(found[0] if isinstance(found, list) else found).removeprefix("${").removesuffix("}").split(".")[0]


def workers(template):
    return [(name, name_of(event["Queue"])) for name, event in event_sources(template) if "Queue" in event]


def dead_letters(template) -> dict[str, str]:
    """What is set aside there, by the dead letters' name: a queue's messages, or a function's records."""
    queues = of_type(template, "AWS::SQS::Queue")
    aside = {
        name_of(each["RedrivePolicy"]["deadLetterTargetArn"]): name
        for name, each in queues.items()
        if "RedrivePolicy" in each
    }
    streamed = {
        name_of(event["DestinationConfig"]["OnFailure"]["Destination"]): name
        for name, event in event_sources(template)
        if "Queue" not in event
    }
    return aside | streamed


def alarms_on(template, metric: str) -> set[str]:
    """The queues that have an alarm on the metric."""
    alarms = of_type(template, "AWS::CloudWatch::Alarm").values()
    return {name_of(each["Dimensions"][0]["Value"]) for each in alarms if each["MetricName"] == metric}


def test_a_message_is_not_handed_out_again_while_it_is_worked_on(template):
    assert {function for function, _ in workers(template)} >= {"Lapse", "Inspect", "Recognise"}
    for function, queue in workers(template):
        assert properties(template, queue)["VisibilityTimeout"] >= 6 * properties(template, function)["Timeout"], queue


def test_h_every_queue_sets_aside_what_fails_five_times_or_holds_what_was_set_aside(template):
    aside = dead_letters(template)
    for name, queue in of_type(template, "AWS::SQS::Queue").items():
        assert ("RedrivePolicy" in queue) is (name not in aside), name
        assert queue["MessageRetentionPeriod"] == FORTNIGHT, name
        assert queue.get("RedrivePolicy", {"maxReceiveCount": 5})["maxReceiveCount"] == 5, name


def test_h_every_stream_tries_for_a_while_and_says_which_records_failed(template):
    streams = [event for _, event in event_sources(template) if "Stream" in event]
    assert streams
    for event in streams:
        assert event["BisectBatchOnFunctionError"]
        assert event["MaximumRetryAttempts"] > 0
        assert event["DestinationConfig"]["OnFailure"]["Type"] == "SQS"


def test_h_all_dead_letters_and_all_that_waits_too_long_raise_an_alarm(template):
    assert alarms_on(template, "ApproximateNumberOfMessagesVisible") == set(dead_letters(template))
    assert alarms_on(template, "ApproximateAgeOfOldestMessage") >= {queue for _, queue in workers(template)}
    of_letters = of_type(template, "AWS::CloudWatch::Alarm").values()
    letters = [each for each in of_letters if each["MetricName"] == "ApproximateNumberOfMessagesVisible"]
    assert all((each["Threshold"], each["EvaluationPeriods"]) == (0, 1) for each in letters)


def test_h_what_is_set_aside_of_a_queue_can_be_put_back_by_name(template):
    outputs = dict.fromkeys(template["Outputs"], "address")
    for letters, queue in dead_letters(template).items():
        assert f"{letters}Url" in outputs
        if queue.endswith("Queue"):
            assert queue_urls(outputs, queue.removesuffix("Queue").lower())


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


def test_one_bad_message_does_not_fail_its_batch(template):
    for function, event in event_sources(template):
        assert event["FunctionResponseTypes"] == ["ReportBatchItemFailures"], function


def test_every_event_on_the_bus_is_told_to_webhooks_and_nobody_else_fills_their_queue(template):
    rule = properties(template, "WebhookRule")
    assert rule["EventPattern"] == {"source": [SOURCE]}
    (target,) = rule["Targets"]
    assert target["Arn"] == {"Fn::GetAtt": ["AnnounceQueue", "Arn"]}
    assert target["DeadLetterConfig"] == {"Arn": {"Fn::GetAtt": ["AnnounceDeadLetters", "Arn"]}}
    (statement,) = properties(template, "AnnounceQueuePolicy")["PolicyDocument"]["Statement"]
    assert statement["Condition"] == {"ArnEquals": {"aws:SourceArn": {"Fn::GetAtt": ["WebhookRule", "Arn"]}}}


def test_only_who_shows_or_uses_a_webhooks_secret_may_open_it_and_its_key_is_kept(template):
    """And no function but the one that delivers makes requests to strangers: that one may read no dispute's text."""
    opening = {name for name in FUNCTIONS for each in statements(template, name) if "kms:Decrypt" in each["Action"]}
    assert opening == {"APIHandler", "Deliver"}
    assert properties(template, "WebhookKey")["EnableKeyRotation"] is True
    assert template["Resources"]["WebhookKey"]["DeletionPolicy"] == "Retain"


def test_no_setting_of_the_template_leads_a_webhook_anywhere_but_to_public_addresses(template):
    names = {*template["Parameters"], *template["Globals"]["Function"]["Environment"]["Variables"]}
    assert not [each for each in names if re.search("allow|insecure|proxy|port|verify", each, re.IGNORECASE)]


def test_the_publisher_sees_the_outbox_only(template):
    (event,) = properties(template, "Publish")["Events"].values()
    (only,) = event["Properties"]["FilterCriteria"]["Filters"]
    assert '{"prefix": "OUTBOX#"}' in only["Pattern"]


def test_the_notifier_gets_every_event_that_a_party_may_be_told_of_and_no_other(template):
    rule = properties(template, "NoticeRule")
    assert rule["EventPattern"]["source"] == [SOURCE]
    assert set(rule["EventPattern"]["detail-type"]) == TOLD_OF
    assert [each["Arn"] for each in rule["Targets"]] == [{"Fn::GetAtt": ["NoticeQueue", "Arn"]}]


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
