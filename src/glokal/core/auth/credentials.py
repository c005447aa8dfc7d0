"""The login for a service, from the environment or from a file of its owner's.

A setting `token` is GLOKAL_ENDPOINT_TOKEN in the environment and `token` in the TOML
file that GLOKAL_ENDPOINT_LOGIN_FILE names; the environment goes before. None is an
argument of a command, where other users could read it.
"""

from __future__ import annotations

import os
import ssl
import stat
import string
import tomllib
from collections.abc import Mapping
from pathlib import Path

from glokal.core.auth.aws_signature import Keys
from glokal.core.auth.login import (
    AwsLogin,
    HeaderLogin,
    Login,
    OAuthLogin,
    PasswordLogin,
)
from glokal.core.auth.oauth import TokenSource
from glokal.core.errors import UsageError

START = "GLOKAL_ENDPOINT_"
FILE = f"{START}LOGIN_FILE"
# The settings of each kind of login; the first of a kind says that it is meant.
KINDS = {
    "user": ("password",),
    "token": (),
    "header": (),
    "oauth_url": ("oauth_client", "oauth_secret", "oauth_scope"),
    "aws_region": ("aws_service", "aws_key", "aws_secret", "aws_token"),
}
TLS = ("certificate", "key", "key_password", "authorities")
SETTINGS = (*KINDS, *(name for more in KINDS.values() for name in more), *TLS)
# What AWS' own tools call the same.
_AWS = {
    "aws_key": "AWS_ACCESS_KEY_ID",
    "aws_secret": "AWS_SECRET_ACCESS_KEY",
    "aws_token": "AWS_SESSION_TOKEN",
}
_NEPTUNE = "neptune-db"
_MOST_BYTES = 1 << 16
# RFC 9110, section 5.6.2, but for what our own requests say themselves.
_TOKEN = frozenset(string.ascii_letters + string.digits + "!#$%&'*+-.^_`|~")
_OWN = frozenset({"host", "content-length", "content-type", "transfer-encoding"})


def read_login(source: Mapping[str, str], seconds: float) -> Login | None:
    """Return the login that the settings come to, None when there are none.

    `source` is the environment, `seconds` what a token service may take. Raises
    UsageError for settings that don't go together, and for a file that others can read.
    """
    results = _settings(source)
    for name, value in results.items():
        if not value.isprintable():
            raise UsageError(
                f"{_variable(name)} holds a line break or another character that no "
                "header can hold.",
                remedy="set it to the bare value.",
            )
    context = _context(results)
    kinds = [kind for kind in KINDS if kind in results]
    if len(kinds) > 1:
        raise UsageError(
            f"{' and '.join(map(_variable, kinds))} are set, which are logins of "
            "different kinds.",
            remedy="keep the one that the service wants.",
        )
    for kind, more in KINDS.items():
        if kind not in results and (lonely := [n for n in more if n in results]):
            if kind == "aws_region" and all(_variable(n) not in source for n in lonely):
                continue
            raise UsageError(
                f"{_variable(lonely[0])} is set without {_variable(kind)}.",
                remedy="set both, or neither.",
            )
    if not kinds:
        return Login(context) if context else None
    return _MAKERS[kinds[0]](results, context, seconds)


def refuse_readable(path: Path, setting: str) -> bytes:
    """Return what a file holds that only its owner may read; UsageError otherwise."""
    try:
        # Opened once, so that what is looked at is what is read.
        with path.open("rb") as file:
            state = os.fstat(file.fileno())
            if not stat.S_ISREG(state.st_mode):
                raise UsageError(
                    f"{setting} names {path}, which is no file.",
                    remedy="name the file itself.",
                )
            if state.st_mode & (stat.S_IRWXG | stat.S_IRWXO):
                raise UsageError(
                    f"{path} holds a secret, and others may read or change it.",
                    remedy=f"run chmod 600 {path}.",
                )
            if state.st_uid not in (os.getuid(), 0):
                raise UsageError(
                    f"{path} holds a secret, and belongs to another user.",
                    remedy="make a file of your own.",
                )
            return file.read(_MOST_BYTES)
    except OSError as error:
        raise UsageError(
            f"{setting} names {path}, which can't be read: {error.strerror}.",
            remedy="name a file that is there and yours.",
        ) from error


def _settings(source: Mapping[str, str]) -> dict[str, str]:
    result = _from_file(Path(source[FILE])) if source.get(FILE) else {}
    for name in SETTINGS:
        if value := source.get(_variable(name)):
            result[name] = value
    if "aws_region" in result:
        own = {n: source[v] for n, v in _AWS.items() if source.get(v)}
        # Keys belong together: those of one place, all of them.
        if "aws_key" not in result and "aws_secret" not in result:
            result |= own
    return result


def _from_file(path: Path) -> dict[str, str]:
    raw = refuse_readable(path, FILE)
    try:
        result = tomllib.loads(raw.decode())
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        # What is wrong would repeat a part of the file.
        raise UsageError(
            f"{path} is no TOML.", remedy='write lines such as token = "…".'
        ) from error
    for name, value in result.items():
        if name not in SETTINGS:
            raise UsageError(
                f"{path} has a setting {name[:40]!r}, which is not known.",
                remedy=f"choose from {', '.join(SETTINGS)}.",
            )
        if not isinstance(value, str):
            raise UsageError(
                f"{path} has a {name} that is no text.",
                remedy=f'write it as {name} = "…".',
            )
    return {name: value for name, value in result.items() if value}


def _context(results: Mapping[str, str]) -> ssl.SSLContext | None:
    if not any(name in results for name in TLS):
        return None
    authorities = results.get("authorities")
    try:
        context = ssl.create_default_context(cafile=authorities)
    except (OSError, ssl.SSLError) as error:
        raise UsageError(
            f"{_variable('authorities')} names no file of certificates.",
            remedy="name a file in PEM.",
        ) from error
    if "certificate" not in results:
        if "key" in results or "key_password" in results:
            raise UsageError(
                f"{_variable('key')} is set without {_variable('certificate')}.",
                remedy="set both.",
            )
        return context
    key = results.get("key", results["certificate"])
    refuse_readable(Path(key), _variable("key" if "key" in results else "certificate"))
    secret = results.get("key_password", "")
    try:
        # A function, so that nobody is asked at the terminal.
        context.load_cert_chain(results["certificate"], key, password=lambda: secret)
    except (OSError, ssl.SSLError, ValueError) as error:
        raise UsageError(
            "The client certificate can't be used with its key.",
            remedy=f"see that {_variable('certificate')}, {_variable('key')} (both in "
            f"PEM) and {_variable('key_password')} belong together.",
        ) from error
    return context


def _needed(results: Mapping[str, str], kind: str, *names: str) -> None:
    for name in names:
        if name not in results:
            raise UsageError(
                f"{_variable(kind)} is set without {_variable(name)}.",
                remedy="set both, or neither.",
            )


def _password(
    results: Mapping[str, str], context: ssl.SSLContext | None, _seconds: float
) -> Login:
    if ":" in results["user"]:
        # RFC 7617, section 2
        raise UsageError(
            f"{_variable('user')} has a colon, which no user of HTTP can have.",
            remedy="put what is behind it into GLOKAL_ENDPOINT_PASSWORD.",
        )
    return PasswordLogin(results["user"], results.get("password", ""), context)


def _token(
    results: Mapping[str, str], context: ssl.SSLContext | None, _seconds: float
) -> Login:
    value = f"Bearer {results['token']}"
    _refuse_letters("token", value)
    name = _variable("token")
    return HeaderLogin("Authorization", value, names=name, context=context)


def _header(
    results: Mapping[str, str], context: ssl.SSLContext | None, _seconds: float
) -> Login:
    name, colon, value = (part.strip() for part in results["header"].partition(":"))
    if not (colon and value and _is_free(name)):
        raise UsageError(
            f"{_variable('header')} is no header with its value.",
            remedy="set it like X-API-Key: 0123456789.",
        )
    _refuse_letters("header", value)
    return HeaderLogin(name, value, names=_variable("header"), context=context)


def _refuse_letters(setting: str, value: str) -> None:
    try:
        value.encode("latin-1")
    except UnicodeEncodeError as error:
        raise UsageError(
            f"{_variable(setting)} has a letter that no header can hold.",
            remedy="copy it again from where it was made.",
        ) from error


def _oauth(
    results: Mapping[str, str], context: ssl.SSLContext | None, seconds: float
) -> Login:
    from glokal.core.http_client import refuse_no_address

    _needed(results, "oauth_url", "oauth_client", "oauth_secret")
    refuse_no_address(results["oauth_url"])
    source = TokenSource(
        results["oauth_url"],
        results["oauth_client"],
        results["oauth_secret"],
        scope=results.get("oauth_scope", ""),
        seconds=seconds,
        context=context,
    )
    return OAuthLogin(source, context)


def _aws(
    results: Mapping[str, str], context: ssl.SSLContext | None, _seconds: float
) -> Login:
    for name, usual in _AWS.items():
        if name not in results and name != "aws_token":
            raise UsageError(
                f"{_variable('aws_region')} is set without {usual}.",
                remedy=f"set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or {START}"
                f"AWS_KEY and {START}AWS_SECRET.",
            )
    keys = Keys(
        results["aws_key"],
        results["aws_secret"],
        results["aws_region"],
        results.get("aws_service", _NEPTUNE),
        results.get("aws_token", ""),
    )
    return AwsLogin(keys, context)


_MAKERS = {
    "user": _password,
    "token": _token,
    "header": _header,
    "oauth_url": _oauth,
    "aws_region": _aws,
}


def _is_free(name: str) -> bool:
    """Whether this is the name of a header that a login may be in."""
    return bool(name) and _TOKEN.issuperset(name) and name.lower() not in _OWN


def _variable(name: str) -> str:
    return START + name.upper()
