"""Optional signatures: Ed25519 over the manifest's bytes, with keys that the submitter keeps."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

from ...core.errors import PalaestraError
from ...core.extra import import_extra
from ...core.files import write_atomically
from .strict_record import MOST_BYTES
from .untrusted_file import read_untrusted

NAME = "signature.hex"
PUBLIC, SIGNATURE = 64, 128


_PRIME = 2**255 - 19
_OF_ORDER_8 = 0x05FC536D880238B13933C6D305ACDFD5F098EFF289F4C345B027B2C28F95E826
"""Second coordinate of a point of order 8; its negative is that of others."""
_SMALL = {0, 1, _PRIME - 1, _OF_ORDER_8, _PRIME - _OF_ORDER_8}
"""Second coordinates of the eight points whose order divides 8. As public keys they have signed nearly anything: RFC
8032 lets them pass, and a signature is to say that two submissions are by one person."""


def _is_small(public: bytes) -> bool:
    """The key is a point of small order, however it is written."""
    return (int.from_bytes(public, "little") & ((1 << 255) - 1)) % _PRIME in _SMALL


def _ed25519() -> Any:
    return import_extra("cryptography.hazmat.primitives.asymmetric.ed25519", "sign", "A signature")


def new_key(path: Path) -> str:
    """Write a private key (hexadecimal, readable by its owner alone); returns the public key in hexadecimal.

    Raises:
        PalaestraError: The file exists: a key is never overwritten.
    """
    if path.exists():
        raise PalaestraError(f"{path} already exists; a key is never overwritten.")
    key = _ed25519().Ed25519PrivateKey.generate()
    path.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(key.private_bytes_raw().hex() + "\n")
    return str(key.public_key().public_bytes_raw().hex())


def signing_key(path: Path) -> Any:
    """The private key in a file.

    Raises:
        PalaestraError: A file that holds no key, or `cryptography` is not installed.
    """
    kind = _ed25519().Ed25519PrivateKey
    try:
        return kind.from_private_bytes(bytes.fromhex(path.read_text().strip()))
    except (OSError, ValueError) as error:
        raise PalaestraError(
            f"{path} does not hold a private key ({error}). Make one: palaestra keys new FILE."
        ) from error


def sign(folder: Path, key: Path) -> None:
    """Sign a submission's manifest: writes the public key and the signature, a line each, to `signature.hex`.

    Raises:
        PalaestraError: A key file that holds no key.
    """
    private = signing_key(key)
    signature = private.sign((folder / "manifest.json").read_bytes())
    with write_atomically(folder / NAME) as temporary:
        temporary.write_text(f"{private.public_key().public_bytes_raw().hex()}\n{signature.hex()}\n")


def signed_by(folder: Path, manifest: bytes | None = None) -> str | None:
    """The public key that signed a submission's manifest, in hexadecimal; None where it is not signed.

    Args:
        folder: The submission.
        manifest: The bytes of its manifest, where they have been read already.

    Raises:
        PalaestraError: A signature that is damaged, or not of this manifest.
    """
    path = folder / NAME
    if not path.exists() and not path.is_symlink():
        return None
    signed = read_untrusted(folder / "manifest.json", MOST_BYTES) if manifest is None else manifest
    try:
        text = read_untrusted(path, PUBLIC + SIGNATURE + 2).decode("ascii")
    except (PalaestraError, UnicodeDecodeError) as error:
        raise PalaestraError(
            f"{NAME} is not a signature: two lines of hexadecimal in a file of its own ({error})."
        ) from error
    if re.fullmatch(rf"[0-9a-f]{{{PUBLIC}}}\n[0-9a-f]{{{SIGNATURE}}}\n", text) is None:
        raise PalaestraError(f"{NAME} is not a signature: two lines of hexadecimal, {PUBLIC} and {SIGNATURE} digits.")
    ed25519 = _ed25519()
    from cryptography.exceptions import InvalidSignature

    public, signature = text.split()
    if _is_small(bytes.fromhex(public)):
        raise PalaestraError(f"{NAME} holds a public key of small order, with which anyone can sign anything.")
    try:
        key = ed25519.Ed25519PublicKey.from_public_bytes(bytes.fromhex(public))
        key.verify(bytes.fromhex(signature), signed)
    except (ValueError, InvalidSignature) as error:
        raise PalaestraError(f"{NAME} is not a signature of this manifest.") from error
    return public
