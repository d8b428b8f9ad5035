"""The size budget: how long modules and functions are, and how long they may be."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median, quantiles

from docs.source import functions, length, modules

MODULE_LIMIT = 500
FUNCTION_LIMIT = 60


@dataclass(frozen=True)
class Sizes:
    """Lines of every module and of every function, by name."""

    modules: dict[str, int]
    functions: dict[str, int]

    def summary(self) -> str:
        """The figures to watch, beside what they should be."""
        module, function = self.modules.values(), self.functions.values()
        return (
            f"{len(module)} modules: median {median(module):.0f} (at most 150), longest {max(module)}; "
            f"{len(function)} functions: median {median(function):.0f} (at most 8), "
            f"nine in ten at most {quantiles(function, n=10)[-1]:.0f} (25), longest {max(function)}"
        )


def measured() -> Sizes:
    """The sizes of everything under `src`."""
    return Sizes(
        {module.where: module.lines for module in modules()},
        {
            f"{module.where}:{function.lineno} {function.name}": length(function)
            for module in modules()
            for function in functions(module.tree)
        },
    )


if __name__ == "__main__":
    print(measured().summary())
