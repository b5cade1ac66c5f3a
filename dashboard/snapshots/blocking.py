"""What keeps data from being published, all of it together and no more than a person reads."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from dashboard.messages import Language, UserError, plural

# Errors told one by one; of those beyond, only the number is known.
MOST = 100


class Problems:
    """Errors as they are found; the first of them are kept, the others counted."""

    def __init__(self) -> None:
        self.kept: list[UserError] = []
        self.count = 0

    def add(self, found: Iterable[UserError]) -> None:
        for each in found:
            self.count += 1
            if len(self.kept) < MOST:
                self.kept.append(each)

    def refuse(self, message_id: str = "refresh.blocked") -> None:
        """Raises Blocked where there is any."""
        if self.count:
            raise Blocked(message_id, self.kept, self.count)


class Blocked(UserError):
    """Data that cannot be published as it is: `problems` are the errors, `count` how many there are in all."""

    def __init__(self, message_id: str, problems: Sequence[UserError], count: int | None = None) -> None:
        self.count = len(problems) if count is None else count
        self.problems = tuple(problems)
        super().__init__(message_id, count=self.count)

    def say(self, language: Language) -> str:
        lines = [plural(self.message_id, self.count, language)]
        lines += [f"  {problem.say(language)}" for problem in self.problems]
        if self.count > len(self.problems):
            lines.append("  " + plural("refresh.more", self.count - len(self.problems), language))
        return "\n".join(lines)
