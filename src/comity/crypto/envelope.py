"""What a seal is made of: the algorithms, header names and sizes that `seal` writes and `open` accepts, no others."""

from __future__ import annotations

from joserfc import jwe
from joserfc.registry import HeaderParameter

CONTENT_ENCRYPTION = "A256GCM"
EC_WRAPPING = "ECDH-ES+A256KW"
RSA_WRAPPING = "RSA-OAEP-256"

# Lengths of the parts as they are written, in characters. A reply of 1.28 million rows is about 70 million.
MAXIMUM_HEADER = 4 * 1024
MAXIMUM_WRAPPED_KEY = 2 * 1024
MAXIMUM_CIPHERTEXT = 512 * 1024 * 1024


def _registry() -> jwe.JWERegistry:
    """The library's checks, narrowed to our algorithms and header names: no compression, no key from a URL."""
    registry = jwe.JWERegistry(
        algorithms=[EC_WRAPPING, RSA_WRAPPING, CONTENT_ENCRYPTION],
        header_registry={"context": HeaderParameter("What the sealed bytes belong to", _require_texts, required=True)},
    )
    registry.header_registry = {name: registry.header_registry[name] for name in ("alg", "enc", "kid", "context")}
    registry.max_protected_header_length = MAXIMUM_HEADER
    registry.max_encrypted_key_length = MAXIMUM_WRAPPED_KEY
    registry.max_ciphertext_length = MAXIMUM_CIPHERTEXT
    return registry


def _require_texts(value: object) -> None:
    if not isinstance(value, dict) or not all(isinstance(item, str) for pair in value.items() for item in pair):
        raise ValueError("must be an object of texts")


REGISTRY = _registry()
