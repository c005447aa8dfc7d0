"""`glokal init`."""

from __future__ import annotations

import datetime
import os
import sys
from collections.abc import Mapping
from pathlib import Path

import click

from glokal.cli.context import Session
from glokal.cli.messages import said, speak, told
from glokal.core.characters import one_line
from glokal.core.country_codes import country_meant, is_country
from glokal.core.errors import ConfigError, UsageError
from glokal.core.files.atomic import write_file, write_new_folder
from glokal.core.files.temporary import scratch_folder
from glokal.core.languages import PAGE_LANGUAGES
from glokal.core.os_errors import machine_error
from glokal.core.settings import load_project
from glokal.core.settings.new_project import NewProject, example_files
from glokal.core.settings.toml_file import SETTINGS
from glokal.core.slugs import slugify

# What may lie in the folder already.
_ALLOWED = {".git"}
_NEXT = "glokal source import"
# Whoever is asked which languages sees each by its own name.
_NAMED = "nb bokmål, nn nynorsk, en English, sv svenska"
# Offered as an example, and the first where the language is of no one country.
_COUNTRIES = ("NOR", "SWE", "DNK", "FIN", "ISL")
_COUNTRY = {"nb": "NOR", "nn": "NOR", "sv": "SWE"}


@click.command(
    short_help="Begin a project: the folder of another region.",
    epilog="Exit codes: 0 written, 2 wrong use, or the folder can't be written.",
)
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--name", help="What the region is called, such as Fjordland.")
@click.option("--publisher", help="Who publishes, such as Fjordlandsrådet.")
@click.option(
    "--language",
    "languages",
    multiple=True,
    type=click.Choice(PAGE_LANGUAGES),
    help="A language of the pages; several times for several, the first one first.",
)
@click.option(
    "--country",
    metavar="CODE",
    help="Its country, in the three letters of ISO 3166-1, such as NOR or SWE.",
)
@click.option(
    "--address",
    metavar="URL",
    help="Where it will be published; an example address unless given.",
)
@click.option(
    "--homepage", metavar="URL", help="The publisher's own pages; else the address."
)
@click.option(
    "--example", is_flag=True, help="A whole small region that builds, to look at."
)
@click.pass_obj
def init(
    session: Session,
    folder: Path,
    name: str | None,
    publisher: str | None,
    languages: tuple[str, ...],
    country: str | None,
    address: str | None,
    homepage: str | None,
    example: bool,
) -> None:
    """Make DIR with the settings of a new region, its checks and a README.

    What isn't given is asked for, when there is somebody to ask. DIR must be new, or
    empty but for .git; one that was stopped half-way is gone on with. Nothing is
    written unless the settings are right. The README says how to go on.

    \b
    Examples:
      glokal init fjordland --name Fjordland --publisher Fjordlandsrådet \\
        --country NOR --language nb --language en
      glokal init eksempel --example
    """
    if languages:
        speak(languages[0])
    refuse_project(folder)
    if example:
        files = example_files()
    else:
        if not languages:
            languages = _languages()
            # The rest is asked for in the first of them.
            if sys.stdin.isatty():
                speak(languages[0])
        name = name or _asked("--name", said("init.ask_name"))
        if not slugify(name):
            raise told(UsageError, "init.no_letter")
        publisher = publisher or _asked("--publisher", said("init.ask_publisher"))
        if country is None:
            usual = _COUNTRY.get(languages[0], _COUNTRIES[0])
            country = _asked("--country", said("init.ask_country"), usual)
        url = address or f"https://{slugify(name)}.example/"
        started = NewProject(
            name, publisher, _country(country), languages, url, homepage or url
        )
        files = started.files(datetime.date.today())
        _check(files)
    write_project(folder, files)
    for file in files:
        click.echo(one_line(f"{folder / file}"))
    if example:
        command = f"cd {folder} && glokal build && glokal serve"
        session.say(said("init.go_on_example", command=command))
    else:
        speak(languages[0])
        session.say(said("init.go_on", file=folder / "README.md", command=_NEXT))


def _asked(option: str, question: str, default: str | None = None) -> str:
    """Return an answer; UsageError when there is nobody to give one."""
    if not sys.stdin.isatty():
        if default is not None:
            return default
        raise told(UsageError, "init.nobody", option=option)
    answer: str = click.prompt(question, default=default, err=True)
    return answer


def _languages() -> tuple[str, ...]:
    given = _asked(
        "--language", f"Languages of the pages ({_NAMED})", PAGE_LANGUAGES[0]
    )
    languages = tuple(dict.fromkeys(given.replace(",", " ").split()))
    for language in languages:
        if language not in PAGE_LANGUAGES:
            raise UsageError(
                f"A project can't be begun in {language!r}.",
                remedy=f"choose among {', '.join(PAGE_LANGUAGES)}; another is put into "
                "publication.languages afterwards (docs/languages.md).",
            )
    return languages


def _country(code: str) -> str:
    plain = code.strip().upper()
    if is_country(plain):
        return plain
    meant = country_meant(code)
    meant = meant or said("init.such_as", codes=", ".join(_COUNTRIES))
    if len(plain) == 3:
        raise told(UsageError, "init.no_country", code=plain, meant=meant)
    raise told(UsageError, "init.no_code", code=code, meant=meant)


def refuse_project(folder: Path) -> None:
    """Refuse what is taken for sure, before anything is asked: UsageError."""
    if os.path.lexists(folder / SETTINGS):
        raise told(UsageError, "init.there", folder=folder, file=SETTINGS)
    if os.path.lexists(folder) and not folder.is_dir():
        raise told(UsageError, "init.no_folder", folder=folder)


def write_project(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write the files of a new project into a folder, which is made if need be.

    Raises UsageError where the folder has anything else, MachineError where it can't
    be written.
    """
    _refuse_other(folder, files)
    try:
        _write(folder, files)
    except OSError as error:
        raise machine_error(error, f"{folder} can't be written", file=folder) from error


def _refuse_other(folder: Path, files: Mapping[str, bytes]) -> None:
    """Refuse a folder with anything but what the command itself has left there."""
    if not folder.is_dir():
        return
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if name.split("/")[0] in _ALLOWED or (path.is_dir() and not path.is_symlink()):
            continue
        if name not in files or path.is_symlink() or path.read_bytes() != files[name]:
            raise told(UsageError, "init.not_empty", folder=folder, file=name)


def _check(files: Mapping[str, bytes]) -> None:
    """Read the settings as every command does; UsageError for what is wrong."""
    with scratch_folder() as scratch:
        (scratch / SETTINGS).write_bytes(files[SETTINGS])
        try:
            load_project(scratch)
        except ConfigError as error:
            raise UsageError(error.what, remedy=error.remedy) from error


def _write(folder: Path, files: Mapping[str, bytes]) -> None:
    if not folder.exists():
        write_new_folder(folder.absolute(), files)
        return
    # The settings come last: without them the folder is no project.
    for file in sorted(files, key=lambda name: name == SETTINGS):
        path = folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        write_file(path, files[file])
