"""Step 7: verify, evaluate, report; it reads everything and writes nothing."""

from comity.oversight.evaluate import Evaluation, avoidable, evaluate

__all__ = ["Evaluation", "avoidable", "evaluate"]
