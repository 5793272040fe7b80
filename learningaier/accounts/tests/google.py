"""Google's side of Firebase on 127.0.0.1, for the real SDK.

An HTTPS proxy that ends the TLS of Google's hosts itself, with a certificate of a CA of its own,
and answers what firebase-admin asks: the signing certificates, an access token, an account.
"""

import base64
import contextlib
import json
import ssl
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

HOSTS = ["www.googleapis.com", "identitytoolkit.googleapis.com", "oauth2.googleapis.com"]
CERTIFICATES = "/robot/v1/metadata/x509/securetoken@system.gserviceaccount.com"
PROJECT = "learningaier-test"


def encode(data: bytes) -> str:
    """base64url without padding, as in a JWT."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def certify(names: list[str], key: Any, *, issuer: Any = None) -> x509.Certificate:
    """A certificate for a key; signed by itself, as a CA, unless an issuer is given."""
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, names[0])])
    now = datetime.now(UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(issuer[0].subject if issuer else name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=issuer is None, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(n) for n in names]), False)
    )
    return builder.sign(issuer[1] if issuer else key, hashes.SHA256())


def pem(thing: Any) -> str:
    """A certificate or a private key as PEM."""
    encoding = serialization.Encoding.PEM
    if isinstance(thing, x509.Certificate):
        return thing.public_bytes(encoding).decode()
    secret = (serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return thing.private_bytes(encoding, *secret).decode()


class Signer:
    """A key that signs ID tokens, and its id."""

    def __init__(self, kid: str) -> None:
        self.kid = kid
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.certificate = pem(certify(["securetoken"], self.key))

    def token(self, uid: str = "uid-1", *, header: Any = None, **claims: Any) -> str:
        """An ID token of a user, as Firebase issues it but for the given header and claims."""
        now = int(time.time())
        payload = {
            "iss": f"https://securetoken.google.com/{PROJECT}",
            "aud": PROJECT,
            "sub": uid,
            "user_id": uid,
            "auth_time": now - 60,
            "iat": now - 60,
            "exp": now + 3540,
            "email": f"{uid}@example.org",
        } | claims
        return self.sign({"alg": "RS256", "kid": self.kid, "typ": "JWT"} | (header or {}), payload)

    def sign(self, header: Any, payload: Any) -> str:
        """A JWT of any header and payload."""
        signed = ".".join(encode(json.dumps(part).encode()) for part in (header, payload))
        signature = self.key.sign(signed.encode(), padding.PKCS1v15(), hashes.SHA256())
        return f"{signed}.{encode(signature)}"


class Google:
    """What Google knows, and how it behaves. `answers` overrides the answer of a path's end."""

    def __init__(self, folder: Path) -> None:
        self.signer = Signer("key-1")
        self.users: dict[str, dict[str, Any]] = {"uid-1": {}}
        self.answers: dict[str, tuple[int, dict[str, str], bytes]] = {}
        self.calls: list[str] = []
        self.holds = threading.Event()  # set: the server answers; clear: it keeps all waiting
        self.holds.set()
        root_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
        root = certify(["test CA"], root_key)
        leaf = certify(HOSTS, key, issuer=(root, root_key))
        self.root_path = folder / "root.pem"
        self.root_path.write_text(pem(root))
        (folder / "server.pem").write_text(pem(key) + pem(leaf))
        self.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.tls.load_cert_chain(folder / "server.pem")
        self.account_path = folder / "service-account.json"
        self.account_path.write_text(json.dumps(self.service_account()))

    def service_account(self) -> dict[str, str]:
        """What the Firebase console gives out as a service account's key."""
        return {
            "type": "service_account",
            "project_id": PROJECT,
            "private_key_id": "1",
            "private_key": pem(self.signer.key),
            "client_email": f"backend@{PROJECT}.iam.gserviceaccount.com",
            "token_uri": "https://oauth2.googleapis.com/token",
        }

    def respond(self, path: str, body: bytes) -> tuple[int, dict[str, str], bytes]:
        """Status, headers and body of the answer to a call."""
        self.calls.append(path)
        self.holds.wait(30)
        for end, answer in self.answers.items():
            if path.endswith(end):
                return answer
        if path == CERTIFICATES:
            headers = {"Cache-Control": "public, max-age=20000, must-revalidate, no-transform"}
            return 200, headers, json.dumps({self.signer.kid: self.signer.certificate}).encode()
        if path == "/token":
            return 200, {}, b'{"access_token": "ya29.test", "expires_in": 3600}'
        assert path == f"/v1/projects/{PROJECT}/accounts:lookup", path
        uid = json.loads(body)["localId"][0]
        found = [{"localId": uid} | self.users[uid]] if uid in self.users else None
        return 200, {}, json.dumps({"users": found} if found else {}).encode()

    @contextlib.contextmanager
    def serve(self) -> Iterator[str]:
        """Run the proxy. Gives: its address for HTTPS_PROXY."""
        google = self

        class Handler(_Handler):
            pass

        Handler.google = google
        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            self.holds.set()
            server.shutdown()
            thread.join()
            server.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    google: Google

    def do_CONNECT(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.flush()
        self.connection = self.google.tls.wrap_socket(self.connection, server_side=True)
        self.rfile = self.connection.makefile("rb")
        self.wfile = self.connection.makefile("wb", 0)
        self.close_connection = False

    def do_GET(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        status, headers, answer = self.google.respond(self.path.partition("?")[0], body)
        self.send_response(status)
        for name, value in ({"Content-Type": "application/json"} | headers).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    do_POST = do_GET  # noqa: N815

    def finish(self) -> None:
        for stream in (self.wfile, self.rfile, self.connection):
            with contextlib.suppress(OSError):
                stream.close()

    def log_message(self, *arguments: object) -> None:
        """Keep the test's output clean."""
