"""The remote room: any SPARQL 1.1 service, asked by `store.protocol_client`.

A query is read and printed anew before it is sent. What the service may have cut is
asked for in parts, or is an error; a part is never taken for the whole.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from glokal.core.auth.login import Login
from glokal.core.errors import UsageError
from glokal.core.http_client import HttpClient, refuse_no_address
from glokal.core.sandbox import run_sandboxed
from glokal.sparql.federation import with_services_answered
from glokal.sparql.prepare import Allowed, prepare
from glokal.sparql.printed_query import PrintedQuery, printed
from glokal.sparql.store_interface import Answer, Graph, Table
from glokal.store.protocol_client import ProtocolClient
from glokal.store.truncation import fetch_all_rows, may_be_truncated, refuse_part


@dataclass(frozen=True)
class AnswerLimits:
    """How long one answer of a service may take, and how much all may hold together."""

    seconds: float = 60
    megabytes: int = 512


_USUAL = AnswerLimits()


class RemoteStore:
    """A SPARQL 1.1 service, with the default graph that it has or is told to take."""

    def __init__(
        self,
        endpoint: str,
        *,
        graphs: Collection[str] = (),
        named: Collection[str] = (),
        limits: AnswerLimits = _USUAL,
        login: Login | tuple[str, str] | None = None,
        functions: Collection[str] = (),
    ) -> None:
        """Point at an endpoint; UsageError when its address can't be one.

        `graphs` become the default graph of each query, `named` those that GRAPH sees;
        without either the service decides. `functions` are those besides SPARQL 1.1's
        own that a query may use.
        """
        refuse_no_address(endpoint)
        self.endpoint = endpoint
        self._limits = limits
        self._client = ProtocolClient(
            endpoint,
            (tuple(graphs), tuple(named)),
            HttpClient(login, seconds=limits.seconds),
            limits.seconds,
            limits.megabytes,
        )
        self._functions = frozenset(functions)

    def query(
        self, text: str, *, name: str = "query", services: Collection[str] = ()
    ) -> Answer:
        """Answer a query.

        Raises SourceError when the endpoint says that the query is wrong, ToolError
        when it does not answer, InputError when what it answers can't be used whole.
        """
        # Here and not above: the other endpoints of a query are services, too.
        from glokal.store.from_environment import service_asker

        allowed = Allowed(frozenset(services), self._functions)
        query = run_sandboxed(lambda: prepare(text, name, allowed))
        ask = service_asker(services)
        return self.answer(printed(with_services_answered(query, ask)), name)

    def answer(self, query: PrintedQuery, name: str = "query") -> Answer:
        """Answer a query that was read and has no SERVICE; raises as `query` does."""
        answer, most = self._client.ask(query.text, query.form, name)
        if isinstance(answer, Table) and may_be_truncated(
            len(answer.rows), query.limits, most
        ):
            return fetch_all_rows(
                answer, query, lambda part: self._rows(part, name), self.endpoint
            )
        if isinstance(answer, Graph) and may_be_truncated(
            len(answer.triples), query.limits, most
        ):
            refuse_part(len(answer.triples), self.endpoint)
        return answer

    def part(self, text: str, *, name: str) -> Answer:
        """Return an answer that the service may have cut, which the caller counts."""
        query = run_sandboxed(lambda: printed(prepare(text, name)))
        return self._client.ask(query.text, query.form, name)[0]

    def forward(self, text: str, limits: Collection[int]) -> Table:
        """Return the rows of a SELECT that was printed, and isn't read again.

        `limits` are the numbers behind its LIMITs. InputError when the service may have
        cut the answer; raises as `query` does besides.
        """
        answer, most = self._client.ask(text, "SELECT", "SERVICE")
        if not isinstance(answer, Table):
            raise self._client.cut_off()
        if may_be_truncated(len(answer.rows), limits, most):
            refuse_part(len(answer.rows), self.endpoint)
        return answer

    def seeing(self, default: Collection[str], named: Collection[str]) -> RemoteStore:
        """Return the same service with another dataset."""
        return RemoteStore(
            self.endpoint,
            graphs=default,
            named=named,
            limits=self._limits,
            login=self._client.login,
            functions=self._functions,
        )

    def _rows(self, text: str, name: str) -> Table:
        answer, _ = self._client.ask(text, "SELECT", name)
        assert isinstance(answer, Table)
        return answer

    def select(
        self, text: str, *, name: str = "query", any_spelling: bool = False
    ) -> Table:
        """Answer a SELECT; UsageError when the text is another form.

        How literals are written is the service's own matter, whatever `any_spelling`.
        """
        del any_spelling
        answer = self.query(text, name=name)
        if not isinstance(answer, Table):
            raise UsageError(f"{name} is not a SELECT.", remedy="ask for rows.")
        return answer
