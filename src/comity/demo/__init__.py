"""The whole story on synthetic people."""

from comity.demo.run import DemoResult, run_demo

__all__ = ["DemoResult", "run_demo"]
