"""What S3 answered, in one line that says what to check and holds no secret."""

import re

from botocore.exceptions import ClientError, HTTPClientError, NoCredentialsError
from botocore.exceptions import ConnectionError as NoConnectionError

_RIGHTS = "s3:ListBucket, s3:GetObject, s3:PutObject and s3:DeleteObject"
_NOBODY = (
    "no credentials; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE, "
    "or give this machine a role"
)
_REGION = "the bucket is in another region; set AWS_DEFAULT_REGION to it"
_ADVICE = {
    "NoSuchBucket": "no such bucket; create it, or check its name",
    "SignatureDoesNotMatch": "the secret key does not fit the access key; "
    "check AWS_SECRET_ACCESS_KEY or the profile",
    "InvalidAccessKeyId": "the access key is unknown; check AWS_ACCESS_KEY_ID or the profile",
    "AccessDenied": f"access denied; the key or role needs {_RIGHTS}",
    "ExpiredToken": "the credentials have expired; sign in again",
    "InvalidToken": "the session token is not valid; sign in again",
    "RequestTimeTooSkewed": "this machine's clock is wrong; set it",
    "PermanentRedirect": _REGION,
    "AuthorizationHeaderMalformed": _REGION,
    "IllegalLocationConstraintException": _REGION,
    "InvalidBucketName": "not a name that a bucket can have",
    "SlowDown": "the server asks for fewer requests; try again later",
}
_STATUS = {
    "301": _REGION,
    "401": "not signed in; check AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or the profile",
    "403": "access denied; check access key and secret, and that they have " + _RIGHTS,
    "507": "the server's disks are full",
}


def code_of(error: Exception) -> str:
    """The server's error code: `NoSuchBucket`; empty where it gave none."""
    if isinstance(error, ClientError):
        return str(error.response.get("Error", {}).get("Code", ""))
    named = re.search(r"<Code>\s*(\w+)\s*</Code>", str(error))
    return named[1] if named else ""


def was_retried(error: Exception) -> bool:
    """Whether the request that failed had been sent before, with an unknown end."""
    return re.search(r"after [1-9]\d* retries", str(error)) is not None


def explain(error: Exception, endpoint: str) -> str:
    """One line: what is wrong and what to check.

    A server's own text is not passed on: where a signature is wrong, AWS repeats the request
    with its session token.
    """
    text = " ".join(str(error).partition("\n\nDebug source")[0].split())
    status = re.search(r"status code: (\d{3})", text)
    code = code_of(error) or (status[1] if status else "")
    provider = text.partition("External AWS credential provider: ")[2]
    if isinstance(error, NoCredentialsError):
        said = _NOBODY
    elif code:
        said = _ADVICE.get(code) or _STATUS.get(code) or f"the server answered {code}"
    elif "redirect without LOCATION" in text:
        said = _REGION
    elif provider:
        said = f"the credentials could not be had: {provider}"
    elif isinstance(error, (HTTPClientError, NoConnectionError)) or "HTTP error" in text:
        return f"no answer from {endpoint}; check the endpoint's address and the network"
    else:
        said = text
    return f"{said} (at {endpoint})"
