"""Which certificates a crawl trusts. Scrapy by itself trusts every one."""

from __future__ import annotations

from typing import Any

from OpenSSL import SSL
from OpenSSL.crypto import X509
from service_identity.hazmat import DNS_ID, IPAddress_ID, verify_service_identity
from service_identity.pyopenssl import extract_patterns
from twisted.internet.abstract import isIPAddress
from twisted.internet.interfaces import IOpenSSLClientConnectionCreator
from twisted.internet.ssl import optionsForClientTLS, platformTrust
from twisted.web.iweb import IPolicyForHTTPS
from zope.interface import implementer


@implementer(IPolicyForHTTPS)
class VerifyingContextFactory:
    """TLS 1.2 or newer that verifies the chain, the dates, and the host's name.

    The authorities are the system's; ``SSL_CERT_FILE`` and ``SSL_CERT_DIR`` name others.
    """

    def __init__(self) -> None:
        # One a host: each reads the long list of authorities.
        self._made: dict[str, _Verifying] = {}

    def creatorForNetloc(self, hostname: bytes, port: int) -> Any:  # noqa: N802
        """How connections to one host are made."""
        name = hostname.decode("ascii")
        if name not in self._made:
            trust = platformTrust()  # type: ignore[no-untyped-call]
            self._made[name] = _Verifying(optionsForClientTLS(name, trustRoot=trust), name)
        return self._made[name]


@implementer(IOpenSSLClientConnectionCreator)
class _Verifying:
    """Twisted's own verifier lets a certificate pass whose names it fails to read."""

    def __init__(self, creator: Any, host: str) -> None:
        self._creator = creator
        self._wanted = IPAddress_ID(host) if isIPAddress(host) else DNS_ID(host)

    def clientConnectionForTLS(self, tlsProtocol: Any) -> SSL.Connection:  # noqa: N802, N803
        connection: SSL.Connection = self._creator.clientConnectionForTLS(tlsProtocol)
        connection.set_verify(SSL.VERIFY_PEER | SSL.VERIFY_FAIL_IF_NO_PEER_CERT, self._accepts)
        return connection

    def _accepts(
        self, connection: SSL.Connection, certificate: X509, error: int, depth: int, ok: int
    ) -> bool:
        try:
            if depth == 0 and ok:
                verify_service_identity(extract_patterns(certificate), [self._wanted], [])
        except Exception:
            return False
        return bool(ok)
