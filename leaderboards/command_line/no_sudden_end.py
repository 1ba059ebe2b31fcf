"""An agent that ends the program is noticed, and not taken for one that passed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

from ...core.errors import ContractBroken
from ...core.raised_at import raised_at


@contextmanager
def no_sudden_end(subject: str) -> Iterator[None]:
    """Turn what would end the program inside the block into a broken contract.

    `os._exit` raises SystemExit meanwhile, but not in processes that were forked inside: those end by it.

    Args:
        subject: Whose code runs inside.

    Raises:
        ContractBroken: The program was to be ended.
    """
    own, leave = os.getpid(), os._exit

    def refuse(status: int) -> NoReturn:
        if os.getpid() != own:
            leave(status)
        raise SystemExit(status)

    os._exit = refuse
    try:
        yield
    except SystemExit as end:
        place = raised_at(end)
        raise ContractBroken(
            f"{subject} ended the program: SystemExit: {end.code}{f' ({place})' if place else ''}.", subject=subject
        ) from end
    finally:
        os._exit = leave
