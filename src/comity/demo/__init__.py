"""The whole story on synthetic people."""

from comity.demo.account import DemoResult
from comity.demo.run import run_demo

__all__ = ["DemoResult", "run_demo"]
