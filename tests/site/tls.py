"""Certificates made at run time: an authority of the tests' own, and a host that signs itself."""

from __future__ import annotations

import datetime
import ssl
from collections.abc import Collection, Sequence
from pathlib import Path

import trustme
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


def server_context(
    hosts: Sequence[str], self_signed: Collection[str], folder: Path
) -> tuple[ssl.SSLContext, Path]:
    """A context that chooses its certificate by the name asked for, and the authority's file."""
    authority = trustme.CA()
    ca_file = folder / "ca.pem"
    authority.cert_pem.write_to_path(ca_file)
    trusted = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(*hosts, "127.0.0.1", "127.0.0.2").configure_cert(trusted)
    own = _self_signed(sorted(self_signed) or ["ingen.example"], folder)

    def choose(sock: ssl.SSLObject, name: str | None, context: ssl.SSLContext) -> None:
        if name in self_signed:
            sock.context = own

    trusted.sni_callback = choose
    return trusted, ca_file


def _self_signed(hosts: Sequence[str], folder: Path) -> ssl.SSLContext:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, hosts[0])])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=30))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(h) for h in hosts]), False)
        .sign(key, hashes.SHA256())
    )
    file = folder / "self-signed.pem"
    file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context
