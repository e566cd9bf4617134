"""Why a file cannot be imported."""


class BadImport(Exception):
    """Everything that is wrong, in sentences with their place; nothing was written."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems
