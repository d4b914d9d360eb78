"""The connections to the Bot API: python-telegram-bot's own take three times the processor time."""

from functools import cached_property
from typing import Any
from urllib.parse import urlencode, urlsplit
from urllib.request import getproxies, proxy_bypass

import aiohttp
import httpx
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData

CONNECT_S = 5.0
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class BotApiRequest(BaseRequest):
    """Requests over aiohttp, with the certificates and proxies that httpx would use, too.

    A request raises TimedOut, whose cause is aiohttp's SocketTimeoutError where the server has
    the request and did not answer in time, or NetworkError.
    """

    def __init__(self, api_url: str, answer_s: float, connections: int) -> None:
        """Take the API's address, the seconds it has to answer, and how many at once to ask."""
        self._api_url, self._answer_s, self._connections = api_url, answer_s, connections

    @property
    def read_timeout(self) -> float:
        """Return the seconds the API has to answer where a request says nothing else."""
        return self._answer_s

    @cached_property
    def _session(self) -> aiohttp.ClientSession:
        return aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=self._connections, ssl=httpx.create_ssl_context()),
            headers={"User-Agent": self.USER_AGENT},
            proxy=_proxy(self._api_url),
        )

    async def initialize(self) -> None:
        """Connections are made when they are needed."""

    async def shutdown(self) -> None:
        """Close the connections."""
        await self._session.close()

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Return status and body of the answer."""
        answer_s = self._answer_s if read_timeout is self.DEFAULT_NONE else read_timeout
        timeout = aiohttp.ClientTimeout(sock_connect=CONNECT_S, sock_read=answer_s)
        body, headers = _body(request_data)
        try:
            async with self._session.request(
                method, url, data=body, headers=headers, timeout=timeout
            ) as answer:
                return answer.status, await answer.read()
        except TimeoutError as error:
            raise TimedOut from error
        except aiohttp.ClientError as error:
            # Its message may hold the address, and the address the token.
            raise NetworkError(type(error).__name__) from error


def _body(data: RequestData | None) -> tuple[Any, dict[str, str]]:
    if data is None:
        return None, {}
    if not data.contains_files:
        return urlencode(data.json_parameters).encode(), FORM
    form = aiohttp.FormData(data.json_parameters)
    for name, (file_name, content, kind) in (data.multipart_data or {}).items():
        form.add_field(name, content, filename=file_name, content_type=kind)
    return form, {}


def _proxy(url: str) -> str | None:
    """Return the proxy that the environment names for an address."""
    address = urlsplit(url)
    if proxy_bypass(address.hostname or ""):
        return None
    return getproxies().get(address.scheme)
