"""Shorter ways through Rasa, with the same results."""

from typing import Any, Dict, List, Optional, Text, Tuple

import aiohttp
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.utils.endpoints import ClientResponseError, EndpointConfig


def take_shorter_ways() -> None:
    """Keep the connection to the action server, and walk the graph without a scheduler."""
    EndpointConfig.request = _request  # type: ignore[method-assign]
    DaskGraphRunner.run = _run  # type: ignore[method-assign]


_sessions: Dict[Text, aiohttp.ClientSession] = {}


async def _request(
    self: EndpointConfig,
    method: Text = "post",
    subpath: Optional[Text] = None,
    content_type: Optional[Text] = "application/json",
    compress: bool = False,
    **kwargs: Any,
) -> Optional[Any]:
    """Stock Rasa opens a connection for every request."""
    url = f"{self.url}/{subpath}" if subpath else self.url
    if url not in _sessions:
        _sessions[url] = self.session()
    headers = {"Content-Type": content_type, **kwargs.pop("headers", {}), **self.headers}
    parameters = self.combine_parameters(kwargs)
    async with _sessions[url].request(
        method, url, headers=headers, params=parameters, compress=compress, **kwargs
    ) as response:
        if response.status >= 400:
            raise ClientResponseError(response.status, response.reason, await response.read())
        return await response.json()


def _run(
    self: DaskGraphRunner,
    inputs: Optional[Dict[Text, Any]] = None,
    targets: Optional[List[Text]] = None,
) -> Dict[Text, Any]:
    """Stock Rasa has dask plan anew, three times a turn, a graph that is always the same."""
    results = {name: (name, value) for name, value in (inputs or {}).items()}

    def result(name: Text) -> Tuple[Text, Any]:
        if name not in results:
            needs = self._graph_schema.nodes[name].needs.values()
            results[name] = self._instantiated_nodes[name](*map(result, needs))
        return results[name]

    return dict(map(result, targets or self._graph_schema.target_names))
