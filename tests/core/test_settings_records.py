"""A function that takes settings records is called, listed and documented as if it took their fields."""

import inspect
import pickle
from dataclasses import dataclass
from typing import Any

import palaestra
import pytest
from palaestra.core.errors import PalaestraError
from palaestra.core.registry import build, options_of
from palaestra.core.settings_records import check_count, with_settings
from palaestra.envs import environments
from palaestra.leaderboards.catalogue.describe import argument_docs


@dataclass(frozen=True)
class GridSettings:
    """Where one walks.

    Attributes:
        width: Columns of the grid, which
            may be many.
        wrap: Whether the grid has no border.
    """

    width: int = 8
    wrap: bool = False

    def __post_init__(self) -> None:
        check_count("width", self.width, 1)


@dataclass(frozen=True)
class WalkSettings:
    """How one walks.

    Attributes:
        horizon: Steps of an episode.
    """

    horizon: int | None = None


@with_settings(GridSettings, WalkSettings)
def walk(grid: GridSettings, steps: WalkSettings) -> tuple[GridSettings, WalkSettings]:
    """The rules of a walk."""
    return grid, steps


def test_each_record_gets_its_own_fields_and_defaults_fill_the_rest() -> None:
    assert walk(horizon=5, width=3) == (GridSettings(3, False), WalkSettings(5))
    assert walk(4, True) == (GridSettings(4, True), WalkSettings(None))


def test_the_fields_are_the_options_with_their_defaults_and_documentation() -> None:
    assert {name: option.default for name, option in options_of(walk).items()} == {
        "width": 8,
        "wrap": False,
        "horizon": None,
    }
    assert (inspect.getdoc(walk) or "").startswith("The rules of a walk.")
    assert argument_docs(inspect.getdoc(walk) or "") == {
        "width": "Columns of the grid, which may be many.",
        "wrap": "Whether the grid has no border.",
        "horizon": "Steps of an episode.",
    }


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"width": 0}, "width=0 is not allowed: give an integer from 1"),
        ({"width": "3"}, "width='3' of Walk is not allowed: give an integer"),
        ({"horizon": True}, "horizon=True of Walk is not allowed: give an integer or none"),
        ({"height": 3}, "no option of Walk 'height'.*Known: horizon, width, wrap"),
    ],
)
def test_a_wrong_option_is_refused_as_for_any_function(options: dict[str, Any], message: str) -> None:
    with pytest.raises(PalaestraError, match=message):
        build("Walk", walk, options)


def test_two_records_with_a_field_of_one_name_are_refused_when_the_function_is_defined() -> None:
    with pytest.raises(ValueError, match="horizon"):
        with_settings(WalkSettings, WalkSettings)


def test_a_function_with_records_is_pickled_by_name() -> None:
    maker = environments["SocialLearning-v0"].load()
    assert pickle.loads(pickle.dumps(maker)) is maker


@pytest.mark.parametrize("env_id", environments)
def test_every_option_of_an_environment_is_documented(env_id: str) -> None:
    maker = environments[env_id].load()
    documented = argument_docs(inspect.getdoc(maker) or "")
    assert list(documented) == list(options_of(maker))
    assert all(documented.values())


@pytest.mark.parametrize("env_id", environments)
def test_no_function_behind_an_environment_takes_more_than_eight_arguments(env_id: str) -> None:
    written = inspect.unwrap(environments[env_id].load())
    assert len(written.__code__.co_varnames[: written.__code__.co_argcount]) <= 8


def test_an_option_of_the_wrong_type_names_the_type_that_its_record_declares() -> None:
    with pytest.raises(PalaestraError, match=r"seat=3 of SocialLearning-v0 is not allowed: give text"):
        palaestra.rules("SocialLearning-v0", seat=3)
    with pytest.raises(PalaestraError, match=r"feedback=1 of ModelRouting-v0 is not allowed: give text"):
        palaestra.rules("ModelRouting-v0", feedback=1)
