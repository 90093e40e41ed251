"""A very small OpenID provider (code flow with PKCE, RS256): whoever comes is the one person it is told of."""

import base64
import hashlib
import json
import secrets
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwk, jwt


class Provider:
    """Runs until `stop`; `email` is who signs in next, `asked` what it was asked, `refused` why it said no."""

    def __init__(self, email: str):
        self.email, self.asked, self.refused = email, [], []
        self._key = jwk.RSAKey.generate_key(2048, {"kid": "1"})
        self._codes: dict[str, dict] = {}
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.address = f"http://127.0.0.1:{self._server.server_port}"
        Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def metadata(self) -> dict:
        return {
            "issuer": self.address, "authorization_endpoint": f"{self.address}/authorize",
            "token_endpoint": f"{self.address}/token", "jwks_uri": f"{self.address}/jwks",
            "end_session_endpoint": f"{self.address}/logout", "response_types_supported": ["code"],
            "subject_types_supported": ["public"], "id_token_signing_alg_values_supported": ["RS256"],
            "code_challenge_methods_supported": ["S256"],
        }  # fmt: skip

    def authorize(self, query: dict) -> str:
        code = secrets.token_urlsafe()
        self._codes[code] = query
        return f"{query['redirect_uri']}?{urlencode({'code': code, 'state': query['state']})}"

    def token(self, form: dict) -> dict | None:
        asked = self._codes.pop(form["code"], None)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(form.get("code_verifier", "").encode()).digest())
        if asked is None or asked["code_challenge"] != challenge.decode().rstrip("="):
            self.refused.append(form)
            return None
        now = int(time.time())
        claims = {
            "iss": self.address, "aud": asked["client_id"], "sub": self.email, "iat": now, "exp": now + 300,
            "nonce": asked["nonce"], "email": self.email, "email_verified": True,
        }  # fmt: skip
        signed = jwt.encode({"alg": "RS256", "kid": "1"}, claims, self._key)
        return {"access_token": secrets.token_urlsafe(), "token_type": "Bearer", "id_token": signed, "expires_in": 300}

    def _handler(provider):
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                parts = urlsplit(self.path)
                query = {name: values[0] for name, values in parse_qs(parts.query).items()}
                provider.asked.append(parts.path)
                if parts.path == "/.well-known/openid-configuration":
                    self._answer(provider.metadata())
                elif parts.path == "/jwks":
                    self._answer({"keys": [provider._key.as_dict(private=False, alg="RS256", use="sig")]})
                elif parts.path == "/authorize":
                    self._lead(provider.authorize(query))
                elif parts.path == "/logout":
                    self._lead(query["post_logout_redirect_uri"])
                else:
                    self.send_error(404)

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"])).decode()
                told = provider.token({name: values[0] for name, values in parse_qs(body).items()})
                self._answer(told or {"error": "invalid_grant"}, 200 if told else 400)

            def _answer(self, told: dict, status: int = 200) -> None:
                self.send_response(status)
                self.send_header("content-type", "application/json")
                self.end_headers()
                self.wfile.write(json.dumps(told).encode())

            def _lead(self, target: str) -> None:
                self.send_response(302)
                self.send_header("location", target)
                self.end_headers()

            def log_message(self, *_) -> None:
                pass

        return Handler
