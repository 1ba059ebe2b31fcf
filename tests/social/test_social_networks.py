"""Networks of social learning: what is read, drawn and refused."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import palaestra
import pytest
from palaestra.core.arrays import backend
from palaestra.core.errors import PalaestraError, UnknownName
from palaestra.core.randomness import Draw, lane_keys
from palaestra.theory.social.consensus import consensus_weights
from palaestra.theory.social.degroot import DeGrootNetwork
from palaestra.theory.social.graph_file import read_graph
from palaestra.theory.social.mixing import Mixing
from palaestra.theory.social.real_graphs import REAL_GRAPHS, real_graph
from palaestra.theory.social.robust_interval import robust_interval
from palaestra.theory.social.sampled_islands import SampledIslands
from palaestra.theory.social.small_world import small_world
from palaestra.theory.social.stochastic_block import stochastic_block

GRAPHML = """<?xml version="1.0"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns">
  <key id="c" for="node" attr.name="community" attr.type="string"/>
  <key id="w" for="edge" attr.name="weight" attr.type="double"><default>2</default></key>
  <graph edgedefault="undirected">
    <node id="ann"><data key="c">left</data></node>
    <node id="bob"><data key="c">left</data></node>
    <node id="cyd"><data key="c">right</data></node>
    <edge source="ann" target="bob"><data key="w">4</data></edge>
    <edge source="bob" target="cyd"/>
  </graph>
</graphml>
"""


def written(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text)
    return path


def test_an_edge_list_is_read_with_weights_commas_and_comments(tmp_path: Path) -> None:
    path = written(tmp_path, "a.edges", "# who meets whom\nann bob 3\nbob, cyd, 1  # twice\n\ncyd bob 1\n")
    network = read_graph(path, [0, 0, 1])
    assert network.names == ("ann", "bob", "cyd")
    # bob: ties 3 and 2 (added up), and one to himself as heavy as their mean
    assert np.allclose(network.weights.toarray(), [[0.5, 0.5, 0], [0.4, 2.5 / 7.5, 2 / 7.5], [0, 0.5, 0.5]])


def test_graphml_is_read_with_its_weights_and_communities(tmp_path: Path) -> None:
    network = read_graph(written(tmp_path, "a.graphml", GRAPHML))
    assert network.names == ("ann", "bob", "cyd") and network.community.tolist() == [0, 0, 1]
    assert np.allclose(network.weights.toarray()[1], [4 / 9, 3 / 9, 2 / 9])


def test_graphml_reads_what_networkx_writes(tmp_path: Path) -> None:
    nx = pytest.importorskip("networkx")
    graph = nx.les_miserables_graph()
    nx.write_graphml_xml(graph, tmp_path / "les.graphml")
    mine, theirs = read_graph(tmp_path / "les.graphml"), real_graph("les_miserables")
    assert mine.names == theirs.names
    assert abs(mine.weights - theirs.weights).max() < 1e-15


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("a.edges", "ann bob\nann\n", "a.edges, line 2: 'ann' is no tie"),
        ("a.edges", "ann bob heavy\n", "line 1: the weight 'heavy' is no number"),
        ("a.edges", "ann bob 1\nbob cyd -1\n", "line 2: the weight '-1' is not allowed"),
        ("a.edges", "ann bob nan\n", "line 1: the weight 'nan'"),
        ("a.edges", "# nothing\n", "names no tie"),
        ("a.edges", "a b\nb c\nx y\n", r"2 components, the smallest is \{'x', 'y'\} \(2 of 5 agents\)"),
        ("a.graphml", "<graphml><graph>", "a.graphml, line 1: no element found"),
        ("a.graphml", "<graphml>\n<graph>\n<node id='a'/>\n</grph></graphml>", "line 4: mismatched tag"),
        ("a.graphml", "<html/>", "line 1: the document is <html>, not <graphml>"),
        ("a.graphml", "<graphml/>", "no <graph>"),
        ("a.graphml", GRAPHML.replace('target="cyd"', 'target="dan"'), "line 10: the edge names the node 'dan'"),
        ("a.graphml", GRAPHML.replace(">4<", ">four<"), "line 9: the weight 'four' is no number"),
        ("a.graphml", GRAPHML.replace('<node id="bob">', '<node id="ann">'), "line 7: the node 'ann' is named twice"),
        ("a.graphml", '<!DOCTYPE g [<!ENTITY a "b">]><graphml/>', "defines an entity"),
        ("a.graphml", GRAPHML.replace('<data key="c">right</data>', ""), "the node 'cyd' has no community"),
        ("a.graphml", GRAPHML.replace('<node id="ann">', "<node>"), "line 6: <node> has no 'id'"),
    ],
)
def test_files_that_cannot_be_used_are_refused_with_their_line(
    name: str, text: str, message: str, tmp_path: Path
) -> None:
    with pytest.raises(PalaestraError, match=message):
        read_graph(written(tmp_path, name, text))


def test_a_file_that_is_no_text_or_not_there_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.edges").write_bytes(b"ann bob\n\xff\xfe\n")
    with pytest.raises(PalaestraError, match="line 2: this is not UTF-8"):
        read_graph(tmp_path / "a.edges")
    with pytest.raises(PalaestraError, match="There is no graph at"):
        palaestra.rules("SocialLearning-v0", network=str(tmp_path / "b.edges"))
    with pytest.raises(UnknownName, match="karate_club"):
        palaestra.rules("SocialLearning-v0", network="karate")


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        ([[0.5, 0.5], [0.5, 0.6]], r"'1' \(row 1\) gives add up to 1.1, not to 1"),
        ([[1.5, -0.5], [0.5, 0.5]], "'0' gives '1' the weight -0.5"),
        ([[0.5, float("nan")], [0.5, 0.5]], "'0' gives '1' the weight nan"),
        ([[1.0, 0.0], [0.5, 0.5]], r"2 strongly connected components of 1, 1 agents; the component \{'\d'\}"),
        ([[0.0, 1.0], [1.0, 0.0]], "swing for ever.*multiple of 2 rounds"),
        ([[0.5, 0.5]], r"shape \(1, 2\)"),
        ([["a", "b"], ["c", "d"]], "no matrix of numbers"),
        ([], "shape"),
    ],
)
def test_matrices_that_lead_to_no_consensus_are_refused(weights: Any, message: str) -> None:
    with pytest.raises(PalaestraError, match=message):
        DeGrootNetwork.of(weights)


def test_a_ring_whose_length_is_odd_is_aperiodic() -> None:
    ring = 0.5 * (np.roll(np.eye(5), 1, 0) + np.roll(np.eye(5), -1, 0))
    assert DeGrootNetwork.of(ring).agents == 5
    with pytest.raises(PalaestraError, match="multiple of 4"):
        DeGrootNetwork.of(np.roll(np.eye(4), 1, 0))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"adoption": 1.0}, "adoption"),
        ({"adoption": (0.0, 0.5)}, "strictly between 0 and 1"),
        ({"adoption": (0.1, 0.2, 0.3)}, "adoption=.*two"),
        ({"speed": 1.0}, "speed=1.0"),
        ({"speed": -0.1}, "speed=-0.1"),
        ({"homophily": 0.5}, "homophily"),
        ({"majority": 1.0}, "majority"),
        ({"agents": 1}, "agents=1"),
        ({"topics": 0}, "topics=0"),
        ({"noise": 0.0}, "noise=0"),
        ({"seat": "referee"}, "seat='referee'"),
        ({"design": "both"}, "design='both'"),
        ({"reward": "none"}, "reward='none'"),
        ({"reveal": "all"}, "reveal='all'"),
        ({"informed": "nobody"}, "informed='nobody'"),
        ({"outside_trust": 0.0}, "outside_trust=0"),
        ({"training": [0.5, 0.5]}, "the planner's choice"),
        ({"seat": "agents", "training": [0.5, 0.6]}, "training adds up to 1.1"),
        ({"seat": "agents", "training": [0.5, 0.5], "design": "local"}, "for a global AI"),
        ({"network": "islands", "communities": 3}, "two islands"),
        ({"network": "sampled_islands", "density": 0.001}, "disconnected"),
        ({"network": "stochastic_block", "density": 0.001}, "disconnected"),
        ({"network": "stochastic_block", "communities": 99}, "communities=99"),
        ({"network": "small_world", "agents": 4}, "agents=4"),
        ({"network": [[0.5, 0.5], [0.5, 0.5]], "communities": [0]}, "1 communities were given for 2"),
    ],
)
def test_options_out_of_range_are_refused_by_name(options: dict[str, Any], message: str) -> None:
    with pytest.raises(PalaestraError, match=message):
        palaestra.make_batch("SocialLearning-v0", 2, **options).reset(0)


@pytest.mark.parametrize("name", REAL_GRAPHS)
def test_the_real_graphs_are_networks_of_two_communities(name: str) -> None:
    pytest.importorskip("networkx")
    network = real_graph(name)
    agents = {"karate_club": 34, "florentine_families": 15, "davis_southern_women": 18, "les_miserables": 77}[name]
    assert (network.agents, network.communities) == (agents, 2)
    trace = palaestra.run("SocialLearning-v0", "PopulationShare", range(2), horizon=2, options={"network": name})
    assert np.isfinite(palaestra.evaluate(trace)["learning_gap"]).all()
    assert np.isnan(palaestra.evaluate(trace)["robust_margin"]).all(), "no homophily is told of a given graph"


def test_the_karate_club_splits_as_zachary_saw_it() -> None:
    nx = pytest.importorskip("networkx")
    network = real_graph("karate_club")
    assert np.bincount(network.community).tolist() == [17, 17]
    assert {network.names[i] for i in np.flatnonzero(network.community == 0)} == {
        str(n) for n, data in nx.karate_club_graph().nodes(data=True) if data["club"] == "Mr. Hi"
    }


def test_without_networkx_the_real_graphs_say_what_to_install() -> None:
    code = """
import sys
sys.modules["networkx"] = None
import palaestra
try:
    palaestra.rules("SocialLearning-v0", network="karate_club")
except ValueError as error:
    print(error)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert "pip install 'palaestra[networks]'" in done.stdout, done.stderr


def test_a_small_world_is_connected_and_has_the_ties_it_was_given() -> None:
    network = small_world(60, 4, 0.5, seed=1)
    dense = network.weights.toarray()
    assert np.allclose(dense.sum(axis=1), 1) and (np.diag(dense) > 0).all()
    assert 60 * 1.7 < (dense > 0).sum() / 2 - 30 <= 60 * 2
    assert (small_world(60, 4, 0.0).weights.toarray() > 0).sum(axis=1).tolist() == [5] * 60


def test_blocks_hold_more_ties_inside_than_across() -> None:
    """Holland, Laskey, Leinhardt 1983: density inside, density/homophily across; here within four deviations."""
    network = stochastic_block(300, 3, 0.3, 4.0, seed=2)
    tied = network.weights.toarray() > 0
    same = network.community[:, None] == network.community[None, :]
    pairs = np.triu(np.ones((300, 300), bool), 1)
    for where, chance in ((same & pairs, 0.3), (~same & pairs, 0.075)):
        count = where.sum()
        assert abs(tied[where].mean() - chance) < 4 * np.sqrt(chance * (1 - chance) / count)


def test_sampled_islands_have_mutual_ties_at_their_rates_and_are_connected() -> None:
    source, lanes = SampledIslands(20, (0.6, 0.6), (3.0, 3.0), 0.5), 400
    source.place(backend())
    drawn = source.start(Draw(lane_keys(range(lanes), backend()), -1, backend()))
    assert drawn.weights is not None
    tied = drawn.weights > 0
    assert (tied == np.swapaxes(tied, 1, 2)).all() and np.allclose(drawn.weights.sum(axis=2), 1)
    inside, across = tied[:, 0, 1:12].mean(), tied[:, :12, 12:].mean()
    assert abs(inside - 0.5) < 0.03 and abs(across - 1 / 6) < 0.015
    assert (np.linalg.matrix_power(tied[:50].astype(float), 20) > 0).all()
    law = np.stack([np.linalg.matrix_power(w, 4000)[0] for w in drawn.weights[:20]])
    assert np.abs(law - drawn.stationary[:20]).max() < 1e-9


@pytest.mark.parametrize("name", ["numpy", "torch"])
def test_a_round_of_averaging_is_the_product_with_the_matrix(name: str) -> None:
    rng = np.random.default_rng(0)
    network = stochastic_block(40, 2, 0.2, 2.0, seed=5)
    mixing = Mixing(network.weights)
    mixing.place(backend(name))
    beliefs = rng.normal(size=(40, 2, 7))
    found = mixing(backend(name).asarray(beliefs, "float64"))
    expected = np.einsum("ij,jkl->ikl", network.weights.toarray(), beliefs)
    assert np.abs(np.asarray(found) - expected).max() < 1e-13


def test_numpy_and_torch_add_in_the_same_order() -> None:
    """DESIGN 1, promise 2: the same additions in the same order, here to the bit."""
    network = small_world(50, 6, 0.3, seed=5)
    one, other = Mixing(network.weights), Mixing(network.weights)
    one.place(backend("numpy"))
    other.place(backend("torch"))
    beliefs = np.random.default_rng(0).normal(size=(50, 33))
    assert np.array_equal(one(beliefs), np.asarray(other(backend("torch").asarray(beliefs))))
    assert np.array_equal(one(beliefs)[:, :1], one(beliefs[:, :1].copy()))


def test_a_large_sparse_network_is_solved_as_precisely_as_a_small_one() -> None:
    """Theorem 1 by the series: the weights are those of the left eigenvector, w(I - dynamics) = 0, and positive."""
    network = small_world(4000, 6, 0.2, seed=3)
    rng = np.random.default_rng(0)
    alpha, beta, rho = rng.dirichlet(np.ones(4000)), rng.uniform(0.05, 0.6, 4000), 0.9
    found = consensus_weights(network, alpha, beta, rho)
    assert abs(found.sum() - 1.0) < 1e-12
    # mu = alpha'N/(alpha'N 1) is stationary for (I - B) T + beta alpha'; it is recovered from the answer, whose
    # denominator 1 + (1 - rho) alpha'N 1 follows from N beta = 1.
    scale = float((1 - rho + beta @ alpha) / (beta @ found))
    mu = (scale * found - alpha) / (1 - rho)
    mu /= mu.sum()
    moved = (network.weights.T @ ((1 - beta) * mu)) + (beta @ mu) * alpha
    assert np.abs(moved - mu).sum() < 1e-10


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"alpha": [0.5, 0.6, 0.0]}, "alpha adds up to 1.1"),
        ({"alpha": [1.5, -0.5, 0.0]}, "alpha of '1' is -0.5"),
        ({"alpha": [1.0]}, "give 3 weights"),
        ({"beta": [0.1, 1.2, 0.1]}, "beta of '1' is 1.2"),
        ({"beta": 0.0}, "somebody must rely on the AI"),
        ({"rho": 1.0}, "rho=1.0"),
        ({"rho": 0.0}, "rho=0.0"),
    ],
)
def test_values_out_of_their_range_are_refused_by_name(change: dict[str, Any], message: str) -> None:
    network = DeGrootNetwork.of(np.full((3, 3), 1 / 3))
    with pytest.raises(PalaestraError, match=message.replace("(", r"\(")):
        consensus_weights(network, **{"alpha": [0.2, 0.3, 0.5], "beta": 0.3, "rho": 0.5, **change})


def test_ranges_that_are_none_are_refused() -> None:
    with pytest.raises(PalaestraError, match="at 1 nothing is robust"):
        robust_interval(2.0, 0.9, (1.0, 3.0))
    with pytest.raises(PalaestraError, match="adoption"):
        robust_interval(2.0, 0.9, (1.5, 3.0), (0.6, 0.5))
