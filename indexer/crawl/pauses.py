"""When a site that is busy may be asked again, and when it is left alone.

Owns no clock: the spider says what time it is. Knows nothing of addresses.
"""

from __future__ import annotations

from dataclasses import dataclass, field

#: How often an address is asked before it has failed: one that is busy, and any other.
MOST_TRIES_BUSY = 4
MOST_TRIES = 2
#: So many addresses in a row that fail for the site's own reasons: it wants to be left alone.
MOST_IN_A_ROW = 8
#: The first pause after a failure where the site names none, in seconds; then twice as long.
_FIRST_PAUSE = 10.0
_LONGEST_PAUSE = 300.0


@dataclass(slots=True)
class Pauses:
    """The patience of one run with one site.

    ``least`` is the shortest pause between two requests that robots.txt asks for, in seconds;
    ``scale`` makes our own pauses shorter, for sites that are ours.
    """

    scale: float = 1.0
    least: float = 0.0
    resume_at: float = 0.0
    failed_in_a_row: int = 0
    _tries: dict[str, int] = field(default_factory=dict)

    def wait(self, now: float) -> float:
        """How many seconds the site is still to be left alone."""
        return max(self.resume_at - now, 0.0)

    def asked(self, now: float) -> None:
        """A request goes out."""
        self.resume_at = max(self.resume_at, now + self.least)

    def try_again(
        self, url: str, now: float, *, is_busy: bool = False, asked_for: float | None = None
    ) -> bool:
        """Whether an address that got no answer is to be asked once more, after a pause.

        ``asked_for`` is how long the site wants to be left alone, in seconds, where it says so.
        """
        tries = self._tries.get(url, 0) + 1
        if tries >= (MOST_TRIES_BUSY if is_busy else MOST_TRIES):
            self._tries.pop(url, None)
            self.failed_in_a_row += 1
            return False
        self._tries[url] = tries
        own = min(_FIRST_PAUSE * 2 ** (tries - 1), _LONGEST_PAUSE) * self.scale
        self.resume_at = max(self.resume_at, now + (own if asked_for is None else asked_for))
        return True

    def answered(self, url: str) -> None:
        """The site is there."""
        self._tries.pop(url, None)
        self.failed_in_a_row = 0

    @property
    def is_over(self) -> bool:
        """Whether the site is to be left alone until the next run."""
        return self.failed_in_a_row >= MOST_IN_A_ROW
