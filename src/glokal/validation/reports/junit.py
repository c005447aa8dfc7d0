"""The report as JUnit XML, as CI systems read it.

There is no standard; this keeps to what the schema of Jenkins' xUnit plugin and the
readers of GitLab and Azure have in common: a suite for each step, a case for each rule
(for each file, where files are read or questions answered), one failure in a case.
"""

from __future__ import annotations

from collections import defaultdict
from xml.etree import ElementTree as XML

from glokal.core.characters import visible
from glokal.validation.finding import Finding
from glokal.validation.report import BY_FILE, CheckedRule, Report
from glokal.validation.reports.grouped import say_left_out, say_step_left_out
from glokal.validation.reports.text import render_findings


def render(report: Report, lang: str) -> str:
    """Return the report as XML; a step that was left out is a skipped case."""
    cases: dict[str, dict[str, list[Finding]]] = {s: {} for s in report.steps}
    words: dict[tuple[str, str], str] = {}
    for rule in report.rules():
        cases.setdefault(rule.step, {})[rule.name] = []
        words[rule.step, rule.name] = rule.words
    for f in report.findings:
        result = cases.setdefault(f.step, defaultdict(list))
        result.setdefault(_case(f), []).append(f)
    root = XML.Element("testsuites", name="glokal")
    for step, by_case in cases.items():
        suite = XML.SubElement(root, "testsuite", name=f"glokal {step}")
        for name, findings in by_case.items():
            rule = CheckedRule(step, name, words.get((step, name), ""))
            _add(suite, rule, findings, report, lang)
        _count(suite)
    for step in report.left_out:
        suite = XML.SubElement(root, "testsuite", name=f"glokal {step}")
        case = XML.SubElement(suite, "testcase", name=step, classname=f"glokal.{step}")
        left = say_step_left_out(report, step, lang)
        XML.SubElement(case, "skipped", message=left)
        _count(suite)
    for text in say_left_out(report, lang):
        suite = XML.SubElement(root, "testsuite", name="glokal shapes")
        fields = {"name": _clean(text), "classname": "glokal.shapes"}
        case = XML.SubElement(suite, "testcase", fields)
        XML.SubElement(case, "skipped", message=_clean(text))
        _count(suite)
    _count(root)
    XML.indent(root)
    text = XML.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'


def _case(f: Finding) -> str:
    return f.place.file if f.step in BY_FILE and f.place else f.rule


def _add(
    suite: XML.Element,
    rule: CheckedRule,
    findings: list[Finding],
    report: Report,
    lang: str,
) -> None:
    case = XML.SubElement(
        suite, "testcase", name=_clean(rule.name), classname=f"glokal.{rule.step}"
    )
    if rule.words:
        properties = XML.SubElement(case, "properties")
        fields = {"name": "description", "value": _clean(rule.words)}
        XML.SubElement(properties, "property", fields)
    if not findings:
        return
    worst = max(findings, key=lambda f: (report.fails(f), f.severity))
    if worst.place:
        case.set("file", _clean(worst.place.file))
        case.set("line", str(worst.place.line or 1))
    text = _clean(render_findings(findings, lang))
    if report.fails(worst):
        fields = {"message": _clean(worst.text(lang)), "type": worst.severity.label}
        XML.SubElement(case, "failure", fields).text = text
    else:
        XML.SubElement(case, "system-out").text = text


def _count(element: XML.Element) -> None:
    """Write the numbers that readers expect on a suite; there are never errors."""
    for name, path in (
        ("tests", ".//testcase"),
        ("failures", ".//failure"),
        ("errors", ".//error"),
        ("skipped", ".//skipped"),
    ):
        element.set(name, str(len(element.findall(path))))


def _clean(text: str) -> str:
    """Return a text in which what XML 1.0 can't hold (section 2.2) is an escape."""
    return visible(text)
