"""A story of changes as text, Markdown for a pull request, HTML and JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping

import jinja2

from glokal.core.characters import log_text, one_line, visible, visible_json
from glokal.site.diff.description import DiffReport, Effect, PropertyDiff, ThingDiff

# What Markdown would take for a mark (CommonMark, section 2.4), and HTML for a tag.
_MARKS = re.compile(r"([\\`*_\[\]<>|~#&])")


def as_text(story: DiffReport, _lang: str = "nb") -> str:
    """Return a story as lines of text."""
    return log_text("\n".join(map(one_line, _text_lines(story))) + "\n")


def story_as_markdown(story: DiffReport, _lang: str = "nb") -> str:
    """Return a story as GitHub-flavoured Markdown; all that data says is escaped."""
    return visible("\n".join(_markdown_lines(story)) + "\n")


def as_html(story: DiffReport, lang: str = "nb") -> str:
    """Return a story as an HTML page that stands alone; `lang` is its language."""
    templates = jinja2.Environment(
        loader=jinja2.PackageLoader("glokal.site"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    page = templates.get_template("changes-alone.html")
    return visible(page.render(story=story, lang=lang))


def as_json(story: DiffReport, _lang: str = "nb") -> str:
    """Return a story as a JSON object with a line break at the end."""
    result = {
        "title": story.title,
        "summary": story.summary,
        "sentences": story.sentences,
        "things": [
            {"state": heading, **_thing(thing)}
            for heading, things in story.parts
            for thing in things
        ],
        "effects": [
            {"what": e.heading, "removed": e.removed, "added": e.added}
            for e in story.effects
        ],
    }
    return visible_json(json.dumps(result, ensure_ascii=False, indent=2) + "\n")


FORMATS: Mapping[str, Callable[[DiffReport, str], str]] = {
    "text": as_text,
    "markdown": story_as_markdown,
    "html": as_html,
    "json": as_json,
}


def _thing(thing: ThingDiff) -> dict[str, object]:
    changed = [
        {"name": x.name, "source": x.note, "removed": x.removed, "added": x.added}
        for x in thing.lines
    ]
    return {
        "iri": thing.iri, "kind": thing.kind, "name": thing.name, "changed": changed,
    }  # fmt: skip


def _text_lines(story: DiffReport) -> Iterator[str]:
    yield story.title
    yield story.summary
    if story.sentences:
        yield ""
        yield from (f"  {sentence}." for sentence in story.sentences)
    for heading, things in story.parts:
        yield ""
        yield heading
        for thing in things:
            yield f"  {thing.kind}: {thing.name} <{thing.iri}>"
            for line in thing.lines:
                yield f"    {_named(line)}"
                yield from (f"      − {value}" for value in line.removed)
                yield from (f"      + {value}" for value in line.added)
    for effect in story.effects:
        yield ""
        yield effect.heading
        yield from (f"  − {row}" for row in effect.removed)
        yield from (f"  + {row}" for row in effect.added)


def _markdown_lines(story: DiffReport) -> Iterator[str]:
    yield f"## {_plain(story.title)}"
    yield ""
    yield _plain(story.summary)
    if story.sentences:
        yield ""
        yield from (f"- {_plain(sentence)}." for sentence in story.sentences)
    for heading, things in story.parts:
        yield ""
        yield f"### {_plain(heading)}"
        yield ""
        for thing in things:
            yield f"- {_plain(thing.kind)}: **{_plain(thing.name)}** `{thing.iri}`"
            for line in thing.lines:
                yield f"  - {_plain(_named(line))}"
                yield from (f"    - − {_plain(value)}" for value in line.removed)
                yield from (f"    - + {_plain(value)}" for value in line.added)
    for effect in story.effects:
        yield from _markdown_effect(effect)


def _markdown_effect(effect: Effect) -> Iterator[str]:
    yield ""
    yield f"### {_plain(effect.heading)}"
    if effect.removed or effect.added:
        yield ""
        yield from (f"- − {_plain(row)}" for row in effect.removed)
        yield from (f"- + {_plain(row)}" for row in effect.added)


def _named(line: PropertyDiff) -> str:
    return line.name + (f" ({line.note})" if line.note else "")


def _plain(text: str) -> str:
    """Return a text that Markdown shows as it is, and that calls nobody (@name)."""
    escaped = _MARKS.sub(r"\\\1", " ".join(text.split()))
    return escaped.replace("@", "@&#8203;")
