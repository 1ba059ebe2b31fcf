"""The public contracts: functions that tell whether an environment, agent, metric or wrapper keeps its promises.

    from palaestra.core.contract import check_environment
    print(check_environment(lambda: MyRules(horizon=5)))

Every clause is a small function whose docstring says what is promised. A broken one raises `ContractBroken` with the
player, lane and step, what was found and expected, and how to fix it. Members of this suite are tested by the same
functions.
"""

from .agent_contract import check_agent
from .environment_contract import check_environment
from .metric_contract import check_metric
from .report import Report
from .wrapper_contract import check_wrapper

__all__ = ["Report", "check_agent", "check_environment", "check_metric", "check_wrapper"]
