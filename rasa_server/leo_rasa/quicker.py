"""Shorter ways through Rasa, with the same results."""

from typing import Any, Dict, List, Optional, Text, Tuple

import aiohttp
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.utils.endpoints import ClientResponseError, EndpointConfig


class KeptConnection(EndpointConfig):
    """The way to the action server; stock Rasa opens a connection for every action."""

    _session: Optional[aiohttp.ClientSession] = None

    @classmethod
    def like(cls, endpoint: EndpointConfig) -> "KeptConnection":
        """Return the same way, with connections that are kept."""
        return cls(endpoint.url, token=endpoint.token, **endpoint.kwargs)

    async def request(
        self,
        method: Text = "post",
        subpath: Optional[Text] = None,
        content_type: Optional[Text] = "application/json",
        compress: bool = False,
        **kwargs: Any,
    ) -> Optional[Any]:
        """Ask the action server, and return its answer. Raises ClientResponseError."""
        if self._session is None:
            self._session = self.session()
        params = self.combine_parameters(kwargs)
        async with self._session.request(
            method, self.url, params=params, compress=compress, **kwargs
        ) as response:
            if response.status >= 400:
                raise ClientResponseError(response.status, response.reason, await response.read())
            return await response.json()


def walk_the_graph_directly() -> None:
    """Stock Rasa has dask plan anew, three times a turn, a graph that is always the same."""
    DaskGraphRunner.run = _run  # type: ignore[method-assign]


def share_examples() -> None:
    """Stock Rasa copies and digests each example of some thirty thousand a dozen times.

    It does so while it merges files; nothing changes an example afterwards.
    """
    Message.__deepcopy__ = lambda self, memo: self  # type: ignore[attr-defined]
    Message.__hash__ = lambda self: hash(self.get(TEXT))  # type: ignore[method-assign]


def _run(
    self: DaskGraphRunner,
    inputs: Optional[Dict[Text, Any]] = None,
    targets: Optional[List[Text]] = None,
) -> Dict[Text, Any]:
    results = {name: (name, value) for name, value in (inputs or {}).items()}

    def result(name: Text) -> Tuple[Text, Any]:
        if name not in results:
            needs = self._graph_schema.nodes[name].needs.values()
            results[name] = self._instantiated_nodes[name](*map(result, needs))
        return results[name]

    return dict(map(result, targets or self._graph_schema.target_names))
