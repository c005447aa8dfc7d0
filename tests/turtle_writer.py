"""A writer of odd but valid Turtle that remembers where it put each object.

It is the measure that places are held against, so it shares nothing with the reader:
RDFLib confirms that what it wrote means what it says.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

BASE = "http://example.org/base/"
SPACES = {
    "": "http://example.org/",
    "ex": "http://example.org/deep/er#",
    "d.t": "http://example.org/dotted/",
    "é": "http://example.org/café/",
    "prefix": "http://example.org/named-like-a-word/",
}
OTHER = "http://other.example/"
LOCALS = ("x", "a.b", "Ål", "b-1", "1st", "a:b", "x%20y", "_u", "o1.2")
ESCAPED = {"a\\,b": "a,b", "c\\~c": "c~c", "d\\;e": "d;e"}
TEXTS = (
    "", "plain", "æøå 😀 «ü»", 'say "hi" .', "it's # no comment .", "back\\slash",
    "one\ntwo <http://example.org/x> .\nthree", "tab\there", "@prefix x: <y> .",
    "ééé",
)  # fmt: skip
BLANK = "_:"  # A blank node in a key; its name has no meaning.


@dataclass(frozen=True)
class Written:
    """A triple in keys (N-Triples, blank nodes unnamed) and where its object begins."""

    subject: str
    predicate: str
    value: str
    line: int
    column: int


@dataclass
class Writer:
    """Writes statements by chance."""

    random: Random
    trig: bool = False
    text: str = ""
    spaces: dict[str, str] = field(default_factory=dict)
    base: str = ""
    written: list[Written] = field(default_factory=list)
    eol: str = "\n"

    def document(self, size: int) -> str:
        """Write that many statements and return the text."""
        self.eol = self.random.choice(["\n", "\n", "\r\n"])
        self.base_directive()
        for name, space in SPACES.items():
            self.prefix(name, space)
        for _ in range(size):
            if self.random.random() < 0.1:
                # Redefined: the same name now means another IRI.
                self.prefix("ex", self.random.choice([OTHER, SPACES["ex"]]))
            if self.trig and self.random.random() < 0.4:
                self.put(self.random.choice(["", ":g ", "GRAPH ex:g ", "[] "]) + "{")
                for last in (False, True):
                    self.statement(closed=not last or self.random.random() < 0.5)
                self.put("}")
            else:
                self.statement()
        return self.text

    def put(self, text: str) -> tuple[int, int]:
        """Write a token after some white space; return its line and column."""
        gap = self.random.choice(
            [" ", " ", "  ", self.eol, self.eol + "\t", " # . ;\n"]
        )
        self.text += gap
        lines = self.text.replace("\r\n", "\n").split("\n")
        self.text += text
        return len(lines), len(lines[-1]) + 1

    def prefix(self, name: str, space: str) -> None:
        sparql = self.random.random() < 0.3
        self.put("PreFix" if sparql else "@prefix")
        self.put(f"{name}:")
        self.put(f"<{space}>")
        if not sparql:
            self.put(".")
        self.spaces[name] = space

    def base_directive(self) -> None:
        self.base = BASE
        self.put(f"@base <{BASE}> .")

    def statement(self, *, closed: bool = True) -> None:
        kind = self.random.random()
        if kind < 0.7:
            subject, text = self.iri()
            self.put(text)
        elif kind < 0.8:
            subject = BLANK
            self.put(f"_:l{self.random.randrange(3)}")
        elif kind < 0.9:
            subject = BLANK
            self.put("[")
            inside = self.random.random() < 0.7
            if inside:
                self.properties(BLANK, 2)
            self.put("]")
            if inside and self.random.random() < 0.5:
                self.put("." if closed else "")
                return
        else:
            subject = self.collection(2)
        self.properties(subject, 1)
        if closed:
            # A number or a name needs no space before the dot, but a name could
            # go on behind it.
            self.put(".")

    def properties(self, subject: str, depth: int) -> None:
        count = self.random.randint(1, 3)
        for number in range(count):
            if number:
                self.put(";")
                if self.random.random() < 0.2:
                    self.put(";")
            if self.random.random() < 0.2:
                predicate = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
                self.put("a")
            else:
                predicate, text = self.iri()
                self.put(text)
            for again in range(self.random.randint(1, 3)):
                if again:
                    self.put(",")
                self.value(subject, predicate, depth)
        if self.random.random() < 0.2:
            self.put(";")

    def value(self, subject: str, predicate: str, depth: int) -> None:
        kind = self.random.random()
        if kind < 0.35:
            key, text = self.iri()
            place = self.put(text)
        elif kind < 0.7:
            key, text = self.literal()
            place = self.put(text)
        elif kind < 0.8 or depth > 4:
            key = BLANK
            place = self.put(f"_:l{self.random.randrange(3)}")
        elif kind < 0.9:
            key = BLANK
            place = self.put("[")
            if self.random.random() < 0.8:
                self.properties(BLANK, depth + 1)
            self.put("]")
        else:
            start = len(self.text)
            key = self.collection(depth + 1)
            opened = self.text.index("(", self.text.index("(", start))
            before = self.text[:opened]
            # A comment in the gap has no bracket, so the first one is it.
            lines = before.replace("\r\n", "\n").split("\n")
            place = len(lines), len(lines[-1]) + 1
        self.written.append(Written(subject, predicate, key, *place))

    def collection(self, depth: int) -> str:
        first = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#first>"
        self.put("(")
        count = self.random.randint(0, 3)
        for _ in range(count):
            self.value(BLANK, first, depth)
        self.put(")")
        nil = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#nil>"
        return BLANK if count else nil

    def iri(self) -> tuple[str, str]:
        form = self.random.random()
        local = self.random.choice(LOCALS)
        if form < 0.5:
            name = self.random.choice(list(self.spaces))
            if self.random.random() < 0.2:
                written, local = self.random.choice(list(ESCAPED.items()))
                return f"<{self.spaces[name]}{local}>", f"{name}:{written}"
            return f"<{self.spaces[name]}{local}>", f"{name}:{local}"
        if form < 0.7:
            return f"<{BASE}{local}>", f"<./{local}>"
        if form < 0.8:
            return f"<{BASE}>", "<>"
        if form < 0.9:
            return f"<{OTHER}é>", f"<{OTHER}\\u00E9>"
        return f"<{OTHER}{local}>", f"<{OTHER}{local}>"

    def literal(self) -> tuple[str, str]:
        form = self.random.random()
        xsd = "http://www.w3.org/2001/XMLSchema#"
        if form < 0.1:
            number = self.random.choice(["7", "-12"])
            return f'"{number}"^^<{xsd}integer>', number
        if form < 0.2:
            return f'"1.5"^^<{xsd}decimal>', "1.5"
        if form < 0.3:
            return f'"true"^^<{xsd}boolean>', "true"
        text = self.random.choice(TEXTS)
        quote = self.random.choice(['"', "'"])
        escaped = text.replace("\\", "\\\\")
        key = escaped.replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
        if self.random.random() < 0.5:
            quote *= 3
            escaped = escaped.replace(quote[0], "\\" + quote[0])
            escaped = escaped.replace("\n", self.random.choice(["\n", "\\n"]))
        else:
            escaped = escaped.replace(quote, "\\" + quote).replace("\n", "\\n")
        if form < 0.6:
            language = self.random.choice(["nb", "nn", "en-gb"])
            return f'"{key}"@{language}', f"{quote}{escaped}{quote}@{language}"
        if form < 0.8:
            return (
                f'"{key}"^^<{OTHER}kind>',
                f"{quote}{escaped}{quote}^^<{OTHER}kind>",
            )
        return f'"{key}"', f"{quote}{escaped}{quote}"
