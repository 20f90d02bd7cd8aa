"""What roles allow although no call of ours asks for it, and why."""

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Final

from tests.iam.roles import Allowance


@dataclass(frozen=True, slots=True)
class Exempt:
    action: str
    """A pattern, as are the others."""
    why: str
    resource: str = "*"
    function: str = "*"

    def is_about(self, allowed: Allowance) -> bool:
        said = (allowed.action, self.action), (allowed.resource, self.resource), (allowed.function, self.function)
        return all(fnmatchcase(value, pattern) for value, pattern in said)


_MAPPING: Final = "by the mapping that hands the queue's messages to the function, in its role"
_STREAM: Final = "by the mapping that hands the stream's records to the function, in its role"

EXEMPT: Final = (
    Exempt("logs:CreateLogStream", "by Lambda, for the function's log", "log-group:*"),
    Exempt("logs:PutLogEvents", "by Lambda, for the function's log", "log-group:*"),
    Exempt("sqs:ReceiveMessage", _MAPPING, "*Queue"),
    Exempt("sqs:DeleteMessage", _MAPPING, "*Queue"),
    Exempt("sqs:GetQueueAttributes", _MAPPING, "*Queue"),
    Exempt("sqs:SendMessageBatch", "by the local engine, for what AWS knows as sqs:SendMessage"),
    Exempt("dynamodb:DescribeStream", _STREAM, "RecourseTable/stream"),
    Exempt("dynamodb:GetRecords", _STREAM, "RecourseTable/stream"),
    Exempt("dynamodb:GetShardIterator", _STREAM, "RecourseTable/stream"),
    Exempt("dynamodb:ListStreams", _STREAM),
    Exempt("sqs:SendMessage", "by the stream's mapping, for records that failed too often", "PublishDeadLetters"),
    Exempt("s3:ListBucket", "by S3, to answer that an object is absent; else it says forbidden", function="Inspect"),
    Exempt("s3:AbortMultipartUpload", "by boto3, when one of an archive's parts fails", "*/bundles/*", "Bundle"),
    Exempt(
        "textract:DetectDocumentText", "by the recogniser, where it is Textract; moto has none", function="Recognise"
    ),
)
