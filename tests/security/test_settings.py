"""What children inherit, and what a server says of the settings that it found."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from glokal.cli import serve as serve_command
from glokal.cli.main import cli
from glokal.core.environment import LOGIN, clean_environment, foreign_environment
from glokal.core.errors import ConfigError
from glokal.core.settings.server import STATE, Serving, load_serving, openings
from glokal.server import app

# Each makes a program load code, or send what it says elsewhere.
LOADERS = (
    "LD_PRELOAD LD_AUDIT DYLD_INSERT_LIBRARIES PYTHONSTARTUP PYTHONINSPECT "
    "PYTHONBREAKPOINT PYTHONWARNINGS JAVA_TOOL_OPTIONS _JAVA_OPTIONS JDK_JAVA_OPTIONS "
    "CLASSPATH NODE_OPTIONS GIT_DIR GIT_EXTERNAL_DIFF GIT_SSH_COMMAND GIT_CONFIG_COUNT "
    "GIT_CONFIG_KEY_0 GIT_CONFIG_VALUE_0 BASH_ENV ENV PERL5OPT RUBYOPT GITHUB_TOKEN"
).split()


def test_children_get_nothing_that_loads_code() -> None:
    given = {name: "x" for name in LOADERS} | {"HOME": "/home/a", "GLOKAL_X": "1"}
    assert clean_environment(source=given) == {"HOME": "/home/a", "GLOKAL_X": "1"}


def test_search_paths_hold_no_working_folder() -> None:
    given = {
        "PATH": ":.:bin:/usr/bin:",
        "PYTHONPATH": ":.",
        "LD_LIBRARY_PATH": "./x:/y",
    }
    found = clean_environment(source=given)
    assert found == {"PATH": "/usr/bin", "LD_LIBRARY_PATH": "/y"}


def test_a_login_is_for_the_child_that_asks_the_service(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in LOGIN:
        monkeypatch.setenv(name, "secret")
    assert "secret" not in clean_environment().values()
    assert "secret" not in foreign_environment().values()
    assert {n for n, v in clean_environment(login=True).items() if v == "secret"} == (
        set(LOGIN)
    )


OPENED: dict[str, dict[str, Any]] = {
    "https://a.example/q": {"services": ("https://a.example/q",)},
    "https://a.example/f": {"functions": ("https://a.example/f",)},
    "10.0.0.0/8": {"proxies": ("10.0.0.0/8",)},
    "/srv/other": {"state_dir": "/srv/other"},
    "own process": {"in_process": True},
}


@pytest.mark.parametrize("said", OPENED)
def test_a_server_says_what_its_settings_open(said: str) -> None:
    [line] = openings(Serving(**OPENED[said]))
    assert said in line
    assert openings(Serving()) == [] and Serving().state_dir == STATE


@pytest.mark.parametrize(
    "setting",
    ["workers = 1000000", "connections = 1e9", "services = ['file:///x']", "x = 1",
     "proxies = ['everybody']", "query_seconds = inf", "answer_rows = -1"],
)  # fmt: skip
def test_a_setting_that_would_take_the_machine_is_refused(
    tmp_path: Path, setting: str
) -> None:
    (tmp_path / "serve.toml").write_text(f"[serve]\n{setting}\n")
    with pytest.raises(ConfigError) as caught:
        load_serving(tmp_path)
    assert caught.value.place is not None and caught.value.remedy


@pytest.mark.parametrize("sealed", [True, False])
def test_a_server_says_when_the_network_can_not_be_closed(
    region: Path, sealed: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serve_command, "sandbox_available", lambda: sealed)
    monkeypatch.setattr(app, "run", lambda *_args, **_given: None)
    (region / "serve.toml").write_text('[serve]\nservices = ["https://a.example/"]\n')
    shown = CliRunner().invoke(cli, ["--project", str(region), "serve"])
    assert shown.exit_code == 0, shown.output
    assert ("kan ikke stenge nettet" in shown.output) == (not sealed)
    assert "may ask by SERVICE: https://a.example/" in shown.output
