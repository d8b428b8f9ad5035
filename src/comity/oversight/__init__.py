"""Step 7: verify, evaluate, report; it reads everything and writes nothing."""

from comity.oversight.evaluate import evaluate, evaluate_each
from comity.oversight.evaluation import Evaluation, avoidable

__all__ = ["Evaluation", "avoidable", "evaluate", "evaluate_each"]
