"""What the queries that a server answers may take, together and each."""

from __future__ import annotations

from dataclasses import dataclass, field

from glokal.core.settings.server import Serving


@dataclass(frozen=True)
class QueryLimits:
    """What queries may take together and each: processes, seconds, megabytes."""

    light: int = 2
    heavy: int = 3
    heavy_after: float = 1.0
    # How long a heavy query may have run and is still asked again when it is lost.
    again_seconds: float = 4.0
    seconds: float = 20.0
    wait_seconds: float = 5.0
    # How much longer when all workers were ended, and new ones are on their way.
    start_seconds: float = 30.0
    megabytes: int = 1024
    answer_megabytes: int = 64
    answer_rows: int = 100_000
    services: tuple[str, ...] = field(default=())

    @classmethod
    def of(cls, serving: Serving) -> QueryLimits:
        """Return the bounds that a server's settings ask for."""
        return cls(
            light=serving.workers,
            heavy=serving.heavy_workers,
            seconds=serving.query_seconds,
            megabytes=serving.query_megabytes,
            answer_megabytes=serving.answer_megabytes,
            answer_rows=serving.answer_rows,
            services=serving.services,
        )
