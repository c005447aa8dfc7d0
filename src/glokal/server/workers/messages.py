"""What a server and its worker processes say to each other, and how it is framed.

A frame is two big-endian numbers (4 and 8 bytes: the length of the head and of the
body), the head as JSON without what is usual, and the body. A worker first sends a head
without a query (status 200 when it can answer, otherwise 503 with the reason), then one
frame for each query, in turn.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields
from typing import Any, Literal

from glokal.dataset.answer_template import AnswerTemplate

LENGTHS = struct.Struct(">IQ")

# Why a query that is right has no answer: a limit of size, rows or memory, or a store
# that can't be read.
Reason = Literal["", "size", "rows", "memory", "store", "place", "xml"]


@dataclass(frozen=True)
class PageRequest:
    """The page of a canned query's rows that is wanted: which rows, in which format.

    `has_places` is whether the query is one that has something for a map, `view` the
    name of the view that is asked, "" for the strategy's. `template` is that of the
    answer in a sentence, `chosen` the names of what the parameters were given.
    """

    query: str
    lang: str
    parameters: Mapping[str, str]
    format: str
    offset: int
    limit: int
    languages: tuple[str, ...]
    has_places: bool = False
    view: str = ""
    template: AnswerTemplate | None = None
    chosen: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class ServiceRequest:
    """What a query asks of another endpoint: a SELECT, maybe with SILENT.

    `limits` are the numbers behind its LIMITs.
    """

    endpoint: str
    text: str
    silent: bool
    limits: tuple[int, ...] = ()


@dataclass(frozen=True)
class ServiceAnswer:
    """What another endpoint answered: columns and rows in N-Triples, None for nothing.

    `rows` is None when it did not answer a request with SILENT.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[str | None, ...], ...] | None


@dataclass(frozen=True)
class QueryRequest:
    """A query for a worker.

    `default` and `named` are the dataset of the protocol (SPARQL 1.1 Protocol, section
    2.1.4), `view` the view that a canned query is asked of, `accept` the client's
    Accept. `gzip` is whether the client takes gzip, None as long as nobody has looked.
    Rows count against their limit when `limited`. `services` and `functions` are what
    the query may use besides SPARQL 1.1's own; `answers` are those of the endpoints
    that it has asked so far.
    """

    text: str
    default: tuple[str, ...] = ()
    named: tuple[str, ...] = ()
    accept: str = ""
    gzip: bool | None = None
    limited: bool = True
    page: PageRequest | None = None
    services: tuple[str, ...] = ()
    functions: tuple[str, ...] = ()
    answers: tuple[ServiceAnswer, ...] = ()
    view: str = ""


@dataclass(frozen=True)
class ResponseHead:
    """What a worker says of an answer: an HTTP status and what belongs to it.

    With 200 `media` is the type of the body, `gzip` whether it is compressed, `total`
    how many rows there are beside the page; with 406 `offers` are the types there are;
    otherwise `reason` or `detail` say what is wrong, `line` and `column` where.
    `cacheable` is False when the same query may be answered otherwise next time. With
    202 the query first needs what `asks` asks of another endpoint.
    """

    status: int
    media: str = ""
    gzip: bool = False
    total: int = 0
    offers: tuple[str, ...] = ()
    reason: Reason = ""
    detail: str = ""
    line: int | None = None
    column: int | None = None
    cacheable: bool = True
    asks: ServiceRequest | None = None


_UNSET = object()
_USUAL: dict[type, dict[str, Any]] = {
    kind: {f.name: f.default for f in fields(kind) if f.default is not MISSING}
    for kind in (QueryRequest, ResponseHead)
}


def encode_frame(message: QueryRequest | ResponseHead, body: bytes = b"") -> bytes:
    """Return a message and a body as a frame; what is usual is left out."""
    usual = _USUAL[type(message)]
    told = {k: v for k, v in vars(message).items() if v != usual.get(k, _UNSET)}
    head = json.dumps(told, default=vars).encode()
    return LENGTHS.pack(len(head), len(body)) + head + body


def decode_query(head: bytes) -> QueryRequest:
    """Return the query that the head of a frame holds."""
    told = _told(head)
    if page := told.get("page"):
        if template := page["template"]:
            template = AnswerTemplate(**{**template, "of": tuple(template["of"])})
        told["page"] = PageRequest(
            **{**page, "languages": tuple(page["languages"]), "template": template}
        )
    if answers := told.get("answers"):
        told["answers"] = tuple(
            ServiceAnswer(
                tuple(answer["columns"]),
                None if (rows := answer["rows"]) is None else tuple(map(tuple, rows)),
            )
            for answer in answers
        )
    return QueryRequest(**told)


def decode_head(head: bytes) -> ResponseHead:
    """Return what the head of a frame says of an answer."""
    told = _told(head)
    if asks := told.get("asks"):
        told["asks"] = ServiceRequest(**asks)
    return ResponseHead(**told)


def _told(head: bytes) -> dict[str, Any]:
    told = json.loads(head.decode())
    return {k: tuple(v) if isinstance(v, list) else v for k, v in told.items()}
