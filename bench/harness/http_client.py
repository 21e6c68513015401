# SPDX-License-Identifier: Apache-2.0
"""One HTTP connection that knows how many bytes each answer took on the wire."""
import http.client
import io
import ssl
from dataclasses import dataclass
from urllib.parse import urlsplit

from .errors import Wrong


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict  # names in lower case
    body: bytes
    wire_bytes: int


class _Counted(io.RawIOBase):
    """What http.client reads from, counting."""

    def __init__(self, raw, client):
        self._raw, self._client = raw, client

    def readable(self):
        return True

    def readinto(self, buffer):
        count = self._raw.readinto(buffer)
        self._client.wire_bytes += count or 0
        return count

    def close(self):
        self._raw.close()
        super().close()


class _Response(http.client.HTTPResponse):
    client = None

    def __init__(self, sock, *args, **kwargs):
        super().__init__(sock, *args, **kwargs)
        self.fp.close()
        self.fp = io.BufferedReader(_Counted(sock.makefile("rb", buffering=0), self.client))


class Client:
    def __init__(self, url, timeout=20):
        parts = urlsplit(url)
        self.path, self.wire_bytes = parts.path, 0
        if parts.scheme == "https":
            self._connection = http.client.HTTPSConnection(
                parts.hostname, parts.port, timeout=timeout, context=_trusting())
        else:
            self._connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=timeout)
        self._connection.response_class = type("Response", (_Response,), {"client": self})

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._connection.close()

    def post(self, body, headers):
        """Raises Wrong where no answer comes."""
        self.wire_bytes = 0
        try:
            self._connection.request("POST", self.path, body.encode(), headers)
            response = self._connection.getresponse()
            content = response.read()
        except (OSError, http.client.HTTPException) as error:
            raise Wrong(f"no answer: {type(error).__name__} {error}") from error
        names = {name.lower(): value for name, value in response.getheaders()}
        return Answer(response.status, names, content, self.wire_bytes)


def _trusting():
    """The certificate is our own, made a moment ago."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context
