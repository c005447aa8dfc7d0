"""The tree of a query. Places are offsets in the text that was read.

Names are resolved: an IRI is whole, blank nodes of brackets and lists have labels, and
what `;`, `,`, `[ ]` and `( )` shorten stands as triples of its own.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class Iri:
    """An absolute IRI, and where it stands."""

    value: str
    start: int = -1


@dataclass(slots=True)
class Variable:
    """A variable, without its mark."""

    name: str


@dataclass(slots=True)
class BlankNode:
    """A blank node; in a pattern, a variable that is in no answer."""

    label: str


@dataclass(slots=True)
class Literal:
    """A literal; `bare` is a number or a truth as written without quotes."""

    value: str
    datatype: str = ""
    language: str = ""
    bare: bool = False


QueryTerm = Iri | Variable | BlankNode | Literal


@dataclass(slots=True)
class PropertyPath:
    """A property path: `operator` is one of / | ^ ? * + ! (section 9.1)."""

    operator: str
    parts: list[Iri | PropertyPath]


Verb = Iri | Variable | PropertyPath


@dataclass(slots=True)
class Operation:
    """An operator with one or more values: ! - + * / = != < > <= >= && || IN NOT IN."""

    operator: str
    values: list[Expression]


@dataclass(slots=True)
class Call:
    """A function of SPARQL, by its name in upper case."""

    name: str
    values: list[Expression]
    start: int


@dataclass(slots=True)
class FunctionCall:
    """A function by its IRI: a cast, or one that the engine brings."""

    function: Iri
    values: list[Expression]
    distinct: bool = False


@dataclass(slots=True)
class Aggregate:
    """An aggregate; `value` is None for COUNT(*)."""

    name: str
    value: Expression | None
    start: int
    distinct: bool = False
    separator: str | None = None


@dataclass(slots=True)
class Exists:
    """EXISTS, or NOT EXISTS when `negated`."""

    group: Group
    negated: bool


Expression = QueryTerm | Operation | Call | FunctionCall | Aggregate | Exists


@dataclass(slots=True)
class TriplePattern:
    """A triple pattern; `start` to `end` is what is written of it in its place.

    Behind `;` that begins with the verb, behind `,` with the object.
    """

    subject: QueryTerm
    verb: Verb
    object: QueryTerm
    start: int
    end: int


@dataclass(slots=True)
class Filter:
    """FILTER, which counts for the whole of its group."""

    condition: Expression
    start: int
    end: int


@dataclass(slots=True)
class Bind:
    """BIND of a value to a variable."""

    value: Expression
    variable: Variable
    start: int
    end: int


@dataclass(slots=True)
class InlineData:
    """VALUES: rows of terms, None for UNDEF."""

    variables: list[Variable]
    rows: list[list[Iri | Literal | None]]
    start: int
    end: int


@dataclass(slots=True)
class Union:
    """Groups of which any may match; a single one is a group in a group."""

    groups: list[Group]
    start: int
    end: int


@dataclass(slots=True)
class Optional:
    """OPTIONAL."""

    group: Group
    start: int
    end: int


@dataclass(slots=True)
class Minus:
    """MINUS."""

    group: Group
    start: int
    end: int


@dataclass(slots=True)
class GraphPattern:
    """GRAPH with an IRI or a variable."""

    name: Iri | Variable
    group: Group
    start: int
    end: int


@dataclass(slots=True)
class Service:
    """SERVICE with an IRI or a variable."""

    name: Iri | Variable
    group: Group
    silent: bool
    start: int
    end: int


Element = (
    TriplePattern
    | Filter
    | Bind
    | InlineData
    | Union
    | Optional
    | Minus
    | GraphPattern
    | Service
)


@dataclass(slots=True)
class Group:
    """What stands between { and }: its elements in their order, or one subquery."""

    elements: list[Element]
    start: int = -1
    end: int = -1
    subquery: Select | None = None


@dataclass(slots=True)
class OrderCondition:
    """A value to sort by; `direction` is ASC, DESC or "" as written."""

    value: Expression
    direction: str


@dataclass(slots=True)
class Select:
    """A SELECT with its WHERE and what follows it: a query, or a subquery.

    `projection` is None for *; each column is a variable, with a value where it is
    `(value AS ?variable)`.
    """

    projection: list[tuple[Variable, Expression | None]] | None
    where: Group
    distinct: str = ""
    group_by: list[tuple[Expression, Variable | None]] = field(default_factory=list)
    having: list[Expression] = field(default_factory=list)
    order_by: list[OrderCondition] = field(default_factory=list)
    limit: int | None = None
    offset: int | None = None
    values: InlineData | None = None


@dataclass(slots=True)
class DatasetClause:
    """What FROM and FROM NAMED say."""

    default: list[Iri] = field(default_factory=list)
    named: list[Iri] = field(default_factory=list)

    def __bool__(self) -> bool:
        """Whether the query names a dataset."""
        return bool(self.default or self.named)


@dataclass(slots=True)
class Query:
    """A query: its form, its dataset, and a SELECT that holds its WHERE and the rest.

    `template` are the triples of a CONSTRUCT, `described` what DESCRIBE names, None for
    *. `services`, `functions`, `calls`, `graphs` and `literals` are all there are, at
    any depth: SERVICE, functions by IRI, SPARQL's own functions and aggregates, IRIs
    behind GRAPH, literals. `nullable_paths` and `graph_variables`: is there any?
    `base` is that of the prologue, against which IRI() resolves.
    """

    form: str
    select: Select
    dataset: DatasetClause
    template: list[TriplePattern] | None = None
    described: list[Iri | Variable] | None = None
    services: list[Service] = field(default_factory=list)
    functions: list[Iri] = field(default_factory=list)
    calls: list[Call | Aggregate] = field(default_factory=list)
    graphs: list[Iri] = field(default_factory=list)
    literals: list[Literal] = field(default_factory=list)
    nullable_paths: bool = False
    graph_variables: bool = False
    base: str = ""

    @property
    def needs_base(self) -> bool:
        """Whether an answer may depend on the base (section 17.4.2.8)."""
        return bool(self.base) and any(c.name in ("IRI", "URI") for c in self.calls)


@dataclass(slots=True)
class Update:
    """A request of SPARQL 1.1 Update: the kinds of its operations, in their order."""

    operations: list[str]
