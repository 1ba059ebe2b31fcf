"""Optional signatures: Ed25519 over the manifest's bytes, with keys that the submitter keeps."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from ...core.errors import PalaestraError
from ...core.files import written_aside

NAME = "signature.hex"
PUBLIC, SIGNATURE = 64, 128


def _ed25519() -> Any:
    try:
        from cryptography.hazmat.primitives.asymmetric import ed25519
    except ImportError as error:
        raise PalaestraError("Signatures need cryptography: pip install 'palaestra[sign]'.") from error
    return ed25519


def new_key(path: Path) -> str:
    """Write a private key (hexadecimal, readable by its owner alone); returns the public key in hexadecimal.

    Raises:
        PalaestraError: The file exists: a key is never overwritten.
    """
    if path.exists():
        raise PalaestraError(f"{path} exists already; a key is never overwritten.")
    key = _ed25519().Ed25519PrivateKey.generate()
    path.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(key.private_bytes_raw().hex() + "\n")
    return str(key.public_key().public_bytes_raw().hex())


def sign(folder: Path, key: Path) -> None:
    """Sign a submission's manifest: writes the public key and the signature, a line each, to `signature.hex`.

    Raises:
        PalaestraError: A key file that holds no key.
    """
    try:
        private = _ed25519().Ed25519PrivateKey.from_private_bytes(bytes.fromhex(key.read_text().strip()))
    except (OSError, ValueError) as error:
        raise PalaestraError(f"{key} holds no private key ({error}). Make one: palaestra keys new FILE.") from error
    signature = private.sign((folder / "manifest.json").read_bytes())
    with written_aside(folder / NAME) as temporary:
        temporary.write_text(f"{private.public_key().public_bytes_raw().hex()}\n{signature.hex()}\n")


def signed_by(folder: Path) -> str | None:
    """The public key that signed a submission's manifest, in hexadecimal; None where it is not signed.

    Raises:
        PalaestraError: A signature that is damaged, or not of this manifest.
    """
    path = folder / NAME
    if not path.exists() and not path.is_symlink():
        return None
    if path.is_symlink() or path.stat().st_size > PUBLIC + SIGNATURE + 2:
        raise PalaestraError(f"{NAME} is not a signature: two lines of hexadecimal in a file of its own.")
    from cryptography.exceptions import InvalidSignature

    try:
        public, signature = path.read_text(encoding="ascii").split()
        key = _ed25519().Ed25519PublicKey.from_public_bytes(bytes.fromhex(public))
        key.verify(bytes.fromhex(signature), (folder / "manifest.json").read_bytes())
    except (ValueError, InvalidSignature) as error:
        raise PalaestraError(f"{NAME} is not a signature of this manifest.") from error
    return public
