"""Every login that an operator may have: what is sent, to whom, what is not told."""

from __future__ import annotations

import datetime
import http.server
import json
import ssl
import subprocess
import threading
import urllib.request
from collections.abc import Callable, Iterator
from email.message import Message
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
import trustme
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from hypothesis import given
from hypothesis import strategies as st

from glokal.core import http_client
from glokal.core.auth import aws_signature
from glokal.core.auth.aws_signature import Keys, sign
from glokal.core.auth.credentials import SETTINGS, START, read_login
from glokal.core.auth.digest import Digest
from glokal.core.auth.login import challenges
from glokal.core.auth.oauth import TokenSource
from glokal.core.environment import clean_environment
from glokal.core.errors import GlokalError, ToolError, UsageError
from tests.conftest import ROOT, glokal
from tests.test_logins import SECRET, TRUE, Service, read, running, write

Set = Callable[..., None]
WAYS = pytest.mark.parametrize("way", [read, write])


@pytest.fixture(autouse=True)
def no_login(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (*SETTINGS, "login_file"):
        monkeypatch.delenv(START + name.upper(), raising=False)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(http_client, "LONGEST_WAIT", 0)


@pytest.fixture
def setting(monkeypatch: pytest.MonkeyPatch) -> Set:
    def put(**values: str) -> None:
        for name, value in values.items():
            monkeypatch.setenv(START + name.upper(), value)

    return put


@WAYS
def test_a_bearer_token_goes_with_each_request(way: Any, setting: Set) -> None:
    setting(token=SECRET)
    with running(Service()) as service:
        way(service.address)
    assert set(service.seen) == {f"Bearer {SECRET}"}


class Recorder:
    """A server that remembers the headers of requests; over TLS with a context."""

    def __init__(self, context: ssl.SSLContext | None = None) -> None:
        self.seen: list[dict[str, str]] = []
        self.bodies: list[bytes] = []
        self.replies: list[tuple[int, bytes]] = []
        recorder = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def answer(self) -> None:
                size = int(self.headers["Content-Length"] or 0)
                recorder.bodies.append(self.rfile.read(size))
                recorder.seen.append({k.lower(): v for k, v in self.headers.items()})
                status, body = 200, TRUE
                if recorder.replies:
                    status, body = recorder.replies.pop(0)
                self.send_response(status)
                self.send_header("Content-Type", "application/sparql-results+json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            do_POST = do_PUT = do_GET = do_DELETE = answer

            def log_message(self, *_args: object) -> None:
                """Say nothing."""

        class Quiet(http.server.ThreadingHTTPServer):
            def handle_error(self, *_args: Any) -> None:
                """A client that is not let in is no fault."""

        self.server = Quiet(("127.0.0.1", 0), Handler)
        scheme = "http"
        if context:
            scheme = "https"
            self.server.socket = context.wrap_socket(
                self.server.socket, server_side=True
            )
        self.address = f"{scheme}://127.0.0.1:{self.server.server_port}/sparql"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def recorder() -> Iterator[Recorder]:
    made = Recorder()
    yield made
    made.close()


@pytest.fixture
def tokens() -> Iterator[Recorder]:
    made = Recorder()
    yield made
    made.close()


@WAYS
def test_a_header_of_any_name_goes_with_each_request(
    way: Any, setting: Set, recorder: Recorder
) -> None:
    setting(header=f"X-API-Key: {SECRET}")
    way(recorder.address)
    assert [seen["x-api-key"] for seen in recorder.seen] == [SECRET]


def _token(value: str, **more: object) -> tuple[int, bytes]:
    told = {"access_token": value, "token_type": "Bearer", **more}
    return 200, json.dumps(told).encode()


@pytest.fixture
def oauth(setting: Set, tokens: Recorder) -> Recorder:
    setting(
        oauth_url=tokens.address,
        oauth_client="a client",
        oauth_secret=f"{SECRET}:æ",
        oauth_scope="read write",
    )
    return tokens


@WAYS
def test_a_token_is_fetched_by_client_credentials(
    way: Any, oauth: Recorder, recorder: Recorder
) -> None:
    """RFC 6749, sections 2.3.1 and 4.4.2: the pair is encoded like a form first."""
    oauth.replies = [_token("t1", expires_in=3600)]
    way(recorder.address)
    assert [seen["authorization"] for seen in recorder.seen] == ["Bearer t1"]
    (asked,) = oauth.seen
    # base64 of a+client:not-to-be-seen%3A%C3%A6, made with another program.
    assert asked["authorization"] == (
        "Basic YStjbGllbnQ6bm90LXRvLWJlLXNlZW4lM0ElQzMlQTY="
    )
    assert parse_qs(oauth.bodies[0].decode()) == {
        "grant_type": ["client_credentials"],
        "scope": ["read write"],
    }


def test_a_token_that_is_no_longer_good_is_fetched_again(
    oauth: Recorder, recorder: Recorder
) -> None:
    oauth.replies = [_token("old"), _token("new")]
    recorder.replies = [(401, b"")]
    read(recorder.address)
    given = [seen["authorization"] for seen in recorder.seen]
    assert given == ["Bearer old", "Bearer new"]


@pytest.mark.parametrize(
    ("reply", "error", "said"),
    [
        ((401, b'{"error": "invalid_client"}'), UsageError, "invalid_client"),
        ((400, b"<html>"), UsageError, "gives no token"),
        ((503, b""), ToolError, "failed"),
        ((200, b"<html>"), ToolError, "no bearer token"),
        ((200, b'{"access_token": 1}'), ToolError, "no bearer token"),
        (_token("a\nb"), ToolError, "no bearer token"),
        (_token("a", token_type="mac"), ToolError, "no bearer token"),
        ((302, b""), UsageError, "gives no token"),
    ],
)
def test_when_there_is_no_token_to_have(
    reply: tuple[int, bytes],
    error: type[GlokalError],
    said: str,
    oauth: Recorder,
    recorder: Recorder,
) -> None:
    oauth.replies = [reply]
    with pytest.raises(error, match=said) as caught:
        read(recorder.address)
    assert SECRET not in str(caught.value)
    assert recorder.seen == []


# What SPARQL services are asked and sent, and paths that must be normalised.
URLS = st.builds(
    lambda path, query: f"https://db.example.org:8182{path}{query}",
    st.sampled_from(["/sparql", "/sparql/gsp/", "/", "", "/a%20b/c", "/a//b/../c/",
                     "/a/./b", "/..", "//a", "/a/..", "/%C3%A6~_.-", "/a+b", "/a*b"]),
    st.sampled_from(
        ["", "?default", "?graph=https%3A%2F%2Fe.example%2F%C3%A6", "?b=2&a=1&a=0",
         "?query=ASK%20%7B%7D&x=", "?a&b", "?a=b=c", "?a=1&a=1", "?&", "?a=%2B+x",
         "?b=1&B=2&a-b=3&ab=4", "?a=&a"]
    ),
)  # fmt: skip


@given(
    url=URLS,
    method=st.sampled_from(["GET", "PUT", "POST", "DELETE", "HEAD"]),
    body=st.binary(max_size=40),
    kind=st.sampled_from(["", "text/turtle", "application/x-www-form-urlencoded"]),
    token=st.sampled_from(["", "temporary"]),
)
def test_a_signature_is_that_of_botocore(
    url: str, method: str, body: bytes, kind: str, token: str
) -> None:
    headers = {"content-type": kind} if kind else {}
    request = AWSRequest(method, url, headers, body)
    keys = Credentials("AKIDEXAMPLE", SECRET, token or None)
    SigV4Auth(keys, "neptune-db", "eu-north-1").add_auth(request)
    stamp = request.headers["X-Amz-Date"]
    now = datetime.datetime.strptime(stamp, "%Y%m%dT%H%M%SZ").replace(
        tzinfo=datetime.UTC
    )
    ours = sign(
        Keys("AKIDEXAMPLE", SECRET, "eu-north-1", "neptune-db", token),
        method, url, headers, body, now,
    )  # fmt: skip
    assert ours["X-Amz-Date"] == stamp
    assert ours["Authorization"] == request.headers["Authorization"]


@WAYS
def test_a_signed_request_is_sent_as_it_was_signed(
    way: Any, monkeypatch: pytest.MonkeyPatch, setting: Set, recorder: Recorder
) -> None:
    """A service that signs what came with the same keys comes to the same signature."""
    setting(aws_region="eu-north-1")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)
    monkeypatch.setenv("AWS_SESSION_TOKEN", "temporary")
    way(recorder.address)
    (seen,) = recorder.seen
    url = recorder.address + ("?graph=urn%3Ag" if way is write else "")
    given = seen["authorization"]
    names = given.partition("SignedHeaders=")[2].partition(",")[0].split(";")
    assert {"host", "x-amz-date", "x-amz-security-token"} <= set(names)
    request = AWSRequest(
        "PUT" if way is write else "POST",
        url,
        {n: seen[n] for n in names},
        recorder.bodies[0],
    )
    request.context["timestamp"] = seen["x-amz-date"]
    auth = SigV4Auth(
        Credentials("AKIDEXAMPLE", SECRET, "temporary"), "neptune-db", "eu-north-1"
    )
    text = auth.string_to_sign(request, auth.canonical_request(request))
    assert given.endswith(f"Signature={auth.signature(text, request)}")


def test_the_example_of_aws() -> None:
    """The suite of AWS for this signature: get-vanilla-query-order-key-case."""
    made = sign(
        Keys("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "us-east-1",
             "service"),
        "GET", "https://example.amazonaws.com/?Param2=value2&Param1=value1", {}, b"",
        datetime.datetime(2015, 8, 30, 12, 36, tzinfo=datetime.UTC),
    )  # fmt: skip
    assert made["Authorization"].endswith(
        "Signature=b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500"
    )
    assert SECRET not in repr(aws_signature.Keys("k", SECRET, "r", "s", SECRET))


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def over_tls(authority: trustme.CA, tmp_path: Path) -> Iterator[Recorder]:
    """A server that lets in only who has a certificate of the authority."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    authority.configure_trust(context)
    context.verify_mode = ssl.CERT_REQUIRED
    made = Recorder(context)
    yield made
    made.close()


@pytest.fixture
def certificate(authority: trustme.CA, tmp_path: Path, setting: Set) -> Path:
    """A client's certificate and key, which the settings name; gives the key."""
    issued = authority.issue_cert("client@example.org")
    key, chain = tmp_path / "client.key", tmp_path / "client.pem"
    key.write_bytes(issued.private_key_pem.bytes())
    key.chmod(0o600)
    chain.write_bytes(b"".join(p.bytes() for p in issued.cert_chain_pems))
    authority.cert_pem.write_to_path(str(tmp_path / "authorities.pem"))
    setting(
        certificate=str(chain),
        key=str(key),
        authorities=str(tmp_path / "authorities.pem"),
    )
    return key


@WAYS
def test_a_client_certificate_lets_in(
    way: Any, over_tls: Recorder, certificate: Path
) -> None:
    way(over_tls.address)
    assert len(over_tls.seen) == 1


def test_without_the_certificate_nobody_is_let_in(
    over_tls: Recorder, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(START + "CERTIFICATE")
    monkeypatch.delenv(START + "KEY")
    with pytest.raises(GlokalError):
        read(over_tls.address)
    assert over_tls.seen == []


def test_a_key_that_others_may_read_is_refused(
    over_tls: Recorder, certificate: Path
) -> None:
    certificate.chmod(0o640)
    with pytest.raises(UsageError, match="others may read"):
        read(over_tls.address)


def test_a_login_file_is_read(setting: Set, tmp_path: Path, recorder: Recorder) -> None:
    file = tmp_path / "login.toml"
    file.write_text(f'token = "{SECRET}"\n', encoding="utf-8")
    file.chmod(0o600)
    setting(login_file=str(file))
    read(recorder.address)
    assert recorder.seen[0]["authorization"] == f"Bearer {SECRET}"


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o620, 0o602])
def test_a_login_file_that_others_may_touch_is_refused(
    mode: int, setting: Set, tmp_path: Path, recorder: Recorder
) -> None:
    file = tmp_path / "login.toml"
    file.write_text(f'token = "{SECRET}"\n', encoding="utf-8")
    file.chmod(mode)
    setting(login_file=str(file))
    with pytest.raises(UsageError, match="chmod 600") as caught:
        read(recorder.address)
    assert SECRET not in str(caught.value)
    assert recorder.seen == []


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (f'tokn = "{SECRET}"', "'tokn', which is not known"),
        (f"token = {SECRET}", "is no TOML"),
        ("token = 7", "is no text"),
        ('user = "a"\ntoken = "b"', "of different kinds"),
        (None, "can't be read"),
    ],
)
def test_a_login_file_that_is_wrong(
    content: str | None, said: str, tmp_path: Path
) -> None:
    file = tmp_path / "login.toml"
    if content is not None:
        file.write_text(content, encoding="utf-8")
        file.chmod(0o600)
    with pytest.raises(UsageError, match=said) as caught:
        read_login({START + "LOGIN_FILE": str(file)}, 5)
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"password": SECRET}, "without GLOKAL_ENDPOINT_USER"),
        ({"oauth_secret": SECRET}, "without GLOKAL_ENDPOINT_OAUTH_URL"),
        ({"oauth_url": "https://e.example/t"}, "without GLOKAL_ENDPOINT_OAUTH_CL"),
        ({"oauth_url": "t", "oauth_client": "a", "oauth_secret": SECRET}, "no address"),
        ({"aws_region": "eu-north-1"}, "without AWS_ACCESS_KEY_ID"),
        ({"aws_secret": SECRET}, "without GLOKAL_ENDPOINT_AWS_REGION"),
        ({"key": "/no/such"}, "without GLOKAL_ENDPOINT_CERTIFICATE"),
        ({"header": SECRET}, "no header with its value"),
        ({"header": f"Host: {SECRET}"}, "no header with its value"),
        ({"header": f"X Y: {SECRET}"}, "no header with its value"),
        ({"token": f"{SECRET}\r\nX: y"}, "a line break"),
        ({"token": f"{SECRET}ł"}, "a letter"),
        ({"token": SECRET, "user": "u"}, "of different kinds"),
        ({"user": "a:b", "password": SECRET}, "a colon"),
        ({"authorities": "/no/such"}, "no file of certificates"),
    ],
)  # fmt: skip
def test_settings_that_do_not_go_together(values: dict[str, str], said: str) -> None:
    source = {START + name.upper(): value for name, value in values.items()}
    with pytest.raises(UsageError, match=said) as caught:
        read_login(source, 5)
    assert SECRET not in str(caught.value)


EVERY: list[dict[str, str]] = [
    {"token": SECRET},
    {"header": f"X-Api-Key: {SECRET}"},
    {"aws_region": "r", "aws_key": "k", "aws_secret": SECRET, "aws_token": SECRET},
]


@pytest.mark.parametrize("values", EVERY)
@pytest.mark.parametrize("status", [301, 307, 401, 403, 500])
def test_no_login_is_given_away(
    values: dict[str, str], status: int, setting: Set
) -> None:
    """Neither to whom a service leads on, nor in what the command says."""
    setting(**values)
    with running(Service()) as other:
        place = ("Location", other.address.replace("127.0.0.1", "localhost"))
        first = Service(status, (place,), after_login=status)
        with running(first):
            told = glokal("sparql", "ASK {}", "--endpoint", first.address, cwd=ROOT)
        assert other.seen == []
    assert told.returncode == 2
    assert SECRET not in told.stdout + told.stderr
    assert "Traceback" not in told.stderr


def test_a_child_has_a_login_only_when_it_asks_services() -> None:
    """Nor has any other program: not the reasoner, not git."""
    names = [START + name.upper() for name in (*SETTINGS, "login_file")]
    names += ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"]
    source = dict.fromkeys(names, SECRET) | {"GLOKAL_ENDPOINT_SECONDS": "5"}
    assert clean_environment(source=source) == {"GLOKAL_ENDPOINT_SECONDS": "5"}
    assert clean_environment(login=True, source=source) == source


@WAYS
@pytest.mark.parametrize("status", [400, 403, 404, 500])
@pytest.mark.parametrize("values", EVERY[:2])
def test_a_login_that_a_service_says_back_is_not_repeated(
    way: Any, status: int, values: dict[str, str], setting: Set, recorder: Recorder
) -> None:
    setting(**values)
    recorder.replies = [(status, f"no entry with {SECRET}".encode())]
    with pytest.raises(GlokalError, match="no entry with …") as caught:
        way(recorder.address)
    assert SECRET not in str(caught.value)


# RFC 7616, section 3.9.1: two challenges, and what a client says to each.
MUFASA = {
    "realm": "http-auth@example.org",
    "qop": "auth, auth-int",
    "nonce": "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v",
    "opaque": "FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS",
}
CNONCE = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ"


@pytest.mark.parametrize(
    ("algorithm", "response"),
    [
        ("MD5", "8ca523f5e9506fed4657c9700eebdbec"),
        (
            "SHA-256",
            "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1",
        ),
    ],
)
def test_the_examples_of_digest(algorithm: str, response: str) -> None:
    given = Digest("Mufasa", "Circle of Life").sign(
        MUFASA | {"algorithm": algorithm}, "GET", "/dir/index.html", cnonce=CNONCE
    )
    fields = urllib.request.parse_keqv_list(urllib.request.parse_http_list(given))
    assert fields == {
        "username": "Mufasa",
        "realm": MUFASA["realm"],
        "uri": "/dir/index.html",
        "algorithm": algorithm,
        "nonce": MUFASA["nonce"],
        "nc": "00000001",
        "cnonce": CNONCE,
        "qop": "auth",
        "response": response,
        "opaque": MUFASA["opaque"],
    }


CHALLENGES = [
    'realm="a", nonce="n", qop="auth", algorithm=SHA-256',
    'realm="a", nonce="n", qop="auth", algorithm=sha-256-sess',
    'realm="a", nonce="n", qop="auth,auth-int", algorithm=md5-sess, opaque="o"',
    'realm="a", nonce="n", qop="auth-int, auth", charset=UTF-8',
    'realm="a", nonce="n"',
]


@pytest.mark.parametrize("challenge", CHALLENGES)
@pytest.mark.parametrize("user", ["user", 'u"s\\er'])
def test_a_digest_is_that_of_curl(challenge: str, user: str) -> None:
    """curl, with the same challenge and password, and our answer for its nonce."""
    asking = Service(401, (("WWW-Authenticate", f"Digest {challenge}"),))
    with running(asking):
        address = f"{asking.address}?query=ASK%20%7B%7D"
        login = f"{user}:pæss"
        curl = ["curl", "-s", "--digest", "-u", login, address]
        subprocess.run(curl, capture_output=True, check=True, timeout=30)
    theirs = _fields(asking.seen[-1] or "")
    ((_, parameters),) = challenges([f"Digest {challenge}"])
    ours = Digest(user, "pæss").sign(
        parameters,
        "GET",
        "/sparql?query=ASK%20%7B%7D",
        cnonce=theirs.get("cnonce", "none"),
    )
    assert _fields(f"Digest {ours}") == theirs


def _fields(header: str) -> dict[str, str]:
    scheme, _, rest = header.partition(" ")
    assert scheme == "Digest"
    return urllib.request.parse_keqv_list(urllib.request.parse_http_list(rest))


@WAYS
def test_the_first_digest_that_is_known_is_taken_and_letters_are_no_trouble(
    way: Any, setting: Set
) -> None:
    """RFC 7616, section 3.7; the count of a nonce goes on."""
    setting(user="bjørg", password=f"{SECRET} æ")
    headers = (
        ("WWW-Authenticate", 'Digest realm="x", nonce="n", algorithm=SHA-3'),
        ("WWW-Authenticate", 'Digest realm="x", nonce="m", qop="auth", algorithm=MD5'),
    )
    with running(Service(401, headers)) as service:
        way(service.address)
    given = [_fields(seen) for seen in service.seen if seen]
    assert given[0]["nonce"] == "m"
    assert given[0]["username*"] == "UTF-8''bj%C3%B8rg"
    assert [f["nc"] for f in given] == [f"{n:08x}" for n in range(1, len(given) + 1)]


def test_a_nonce_that_has_grown_old_is_answered_anew(setting: Set) -> None:
    setting(user="user", password=SECRET)
    told = 'Digest realm="x", qop="auth", algorithm=SHA-256, nonce='
    login = read_login({START + "USER": "user", START + "PASSWORD": SECRET}, 5)
    assert login is not None
    for nonce in ("first", "second"):
        headers = Message()
        headers["WWW-Authenticate"] = f'{told}"{nonce}", stale=true'
        request = urllib.request.Request("http://127.0.0.1/sparql")
        assert login.answers(request, headers)
        for count in ("00000001", "00000002"):
            login.sign(request)
            fields = _fields(request.get_header("Authorization", ""))
            assert (fields["nonce"], fields["nc"]) == (nonce, count)


def test_a_digest_that_nobody_knows_is_no_answer() -> None:
    login = read_login({START + "USER": "user", START + "PASSWORD": SECRET}, 5)
    assert login is not None
    headers = Message()
    headers["WWW-Authenticate"] = 'Digest realm="x", nonce="n", algorithm=SHA-3'
    assert not login.answers(urllib.request.Request("http://127.0.0.1/"), headers)
    headers["WWW-Authenticate"] = 'Basic realm="x"'
    assert login.answers(urllib.request.Request("http://127.0.0.1/"), headers)


@WAYS
def test_the_token_of_temporary_keys_is_not_repeated(
    way: Any, setting: Set, recorder: Recorder
) -> None:
    setting(aws_region="r", aws_key="k", aws_secret="s", aws_token=SECRET)
    recorder.replies = [(403, f"no entry with {SECRET}".encode())]
    with pytest.raises(GlokalError, match="no entry with …"):
        way(recorder.address)


def test_a_token_service_that_says_the_secret_back(
    oauth: Recorder, recorder: Recorder
) -> None:
    error = json.dumps({"error": f"unknown secret {SECRET}:æ"}).encode()
    oauth.replies = [(401, error)]
    with pytest.raises(UsageError, match="unknown secret …") as caught:
        read(recorder.address)
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize(
    ("lasts", "fetched"), [(3600, 1), ("3600", 1), (20, 2), (-5, 2), (1e400, 1)]
)
def test_a_token_is_kept_as_long_as_it_lasts(
    lasts: object, fetched: int, tokens: Recorder
) -> None:
    """One that ends within half a minute is as good as none for the next request."""
    tokens.replies = [_token("a", expires_in=lasts), _token("b", expires_in=lasts)]
    source = TokenSource(tokens.address, "client", SECRET)
    assert [source.token(), source.token()] == ["a", "ab"[fetched - 1]]
    assert len(tokens.seen) == fetched


def test_a_token_that_ends_at_no_number_is_none(tokens: Recorder) -> None:
    tokens.replies = [_token("a", expires_in=float("nan"))]
    with pytest.raises(ToolError, match="no bearer token"):
        TokenSource(tokens.address, "client", SECRET).token()
