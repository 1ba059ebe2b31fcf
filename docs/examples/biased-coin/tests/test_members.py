"""Every member keeps its public contract. Install the package first: pip install -e ."""

import subprocess
import sys

import pytest


@pytest.mark.parametrize("member", ["BiasedCoin-v0", "biased_coin_regret", "BiasedCoinMajority", "biased-coin-v0"])
def test_it_keeps_its_contract(member: str) -> None:
    """`palaestra check` finds nothing."""
    run = subprocess.run([sys.executable, "-m", "palaestra", "check", member], capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
