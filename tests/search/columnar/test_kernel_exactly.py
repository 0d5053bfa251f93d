"""Both kernels and plain Python: every window of an excerpt, every sum to its last bit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from types import ModuleType

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.columnar.building.texts import encoded_numbers
from search.columnar.kernel import twin
from search.columnar.kernel.shapes import Array, Cut, FacetArrays, ForwardArrays, PostingArrays
from search.columnar.planning.scoring import BM25

native = pytest.importorskip(
    "search.columnar.kernel.native", reason="no compiler was found", exc_type=ImportError
)
KERNELS: Sequence[ModuleType] = (native, twin)
K1 = 1.2
SCORES = BM25().table(9.0, 255).scores
BLOCK = 65_536
LONG = 255
SPACES = (b"\n\n", b"", b" \t ")

quick = settings(max_examples=80, deadline=None)

#: Pieces by number: the words in each, with where they begin and end in its text.
PIECES: Sequence[tuple[bytes, Sequence[tuple[int, int, int]]]] = (
    *((f"p{n},".encode(), [(n, 0, 2)]) for n in range(6)),
    (b"p0/p1", [(0, 0, 2), (1, 3, 5)]),
    (b"-", []),
)
WORDS = 6


# -- excerpts --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Text:
    """The pieces of a document and odd white space by the number of the piece after it."""

    pieces: Sequence[int]
    odd: Mapping[int, int]

    def gap(self, place: int) -> bytes:
        if place in self.odd:
            return SPACES[self.odd[place]]
        return b" " if 0 < place < len(self.pieces) else b""


def flat(lists: Sequence[Sequence[int]], kind: str) -> tuple[Array, Array]:
    """Lists one after the other, and where each begins."""
    starts = np.cumsum([0, *map(len, lists)]).astype(np.uint32)
    return np.array([n for some in lists for n in some], kind), starts


def forward_of(texts: Sequence[Text]) -> ForwardArrays:
    data, sizes = encoded_numbers(np.array([n for t in texts for n in t.pieces], np.int64))
    bytes_at = np.concatenate(([0], np.cumsum(sizes))).astype(np.int64)
    firsts = np.cumsum([0, *(len(text.pieces) for text in texts)])
    odd = [
        (int(bytes_at[firsts[n] + place]) + n, kind)
        for n, text in enumerate(texts)
        for place, kind in sorted(text.odd.items())
    ]
    held = [
        [n for n, (_, w) in enumerate(PIECES) if word in [x[0] for x in w]] for word in range(6)
    ]
    words, word_start = flat([[w for w, _, _ in words] for _, words in PIECES], "u4")
    held_by, held_start = flat(held, "u4")
    text, text_start = flat([list(text) for text, _ in PIECES], "u1")
    space, space_start = flat([list(each) for each in SPACES], "u1")
    return ForwardArrays(
        pieces=data,
        start=bytes_at[firsts],
        word_start=word_start,
        word=words,
        word_first=flat([[first for _, first, _ in words] for _, words in PIECES], "u4")[0],
        word_end=flat([[end for _, _, end in words] for _, words in PIECES], "u4")[0],
        held_start=held_start,
        held_by=held_by,
        text=text,
        text_start=text_start,
        odd_at=np.array([at for at, _ in odd], np.int64),
        odd_space=np.array([kind for _, kind in odd], np.uint32),
        space=space,
        space_start=space_start,
        words=WORDS,
    )


def cut_of(text: Text, slots: Mapping[int, int], width: int, lead: int) -> Cut:
    """The excerpt that is the best of all windows there are."""
    pieces = text.pieces
    of_piece = {
        number: slots[word]
        for word in slots
        for number, (_, words) in enumerate(PIECES)
        if word in [each for each, _, _ in words]
    }
    hits = [place for place, number in enumerate(pieces) if number in of_piece]
    best = (0, 0, 0)
    for first in hits:
        inside = [of_piece[pieces[at]] for at in hits if first <= at < first + width - lead]
        best = max(best, (len(set(inside)), len(inside), -first))
    first = max(0, min(-best[2] - lead, len(pieces) - width)) if hits else 0
    last = min(len(pieces), first + width)
    made, spans = b"", []
    for place in range(first, last):
        made += text.gap(place) if place > first or first == 0 else b""
        own, words = PIECES[pieces[place]]
        spans += [(len(made) + a, len(made) + b) for word, a, b in words if word in slots]
        made += own
    if last == len(pieces):
        made += text.gap(last) if last else text.gap(0)
    return Cut(made, spans, first == 0, last == len(pieces))


@st.composite
def texts(draw: st.DrawFn) -> Text:
    pieces = draw(st.lists(st.integers(0, len(PIECES) - 1), max_size=25))
    odd = st.dictionaries(st.integers(0, len(pieces)), st.integers(0, 2), max_size=4)
    return Text(pieces, draw(odd))


@quick
@given(
    given_texts=st.lists(texts(), min_size=1, max_size=5),
    slots=st.dictionaries(st.integers(0, WORDS - 1), st.integers(0, 2), max_size=4),
    width=st.integers(1, 12),
    lead=st.integers(0, 5),
)
def test_an_excerpt_is_the_best_of_all_windows(
    given_texts: list[Text], slots: dict[int, int], width: int, lead: int
) -> None:
    lead = min(lead, width - 1)
    arrays = forward_of(given_texts)
    asked = np.array([word << 8 | slot for word, slot in slots.items()], np.uint64)
    numbers = [*range(len(given_texts)), 0]
    right = [cut_of(given_texts[number], slots, width, lead) for number in numbers]
    for kernel in KERNELS:
        found = kernel.excerpt(kernel.Forward(arrays), numbers, asked, width, lead)
        assert found == right, kernel.__name__


def test_a_window_of_many_hits_never_outweighs_one_of_more_words() -> None:
    # 70,000 times one word, more than two bytes count, and further on two words side by side.
    text = Text([0] * 70_000 + [7] * 70_000 + [1, 2], {})
    arrays = forward_of([text])
    asked = np.array([0 << 8 | 0, 1 << 8 | 1, 2 << 8 | 2], np.uint64)
    for kernel in KERNELS:
        (cut,) = kernel.excerpt(kernel.Forward(arrays), [0], asked, 70_000, 0)
        assert cut.text.endswith(b"p1, p2,"), kernel.__name__


def test_two_fields_take_turns_in_one_thread() -> None:
    # One with more words, one with more pieces: what either needs does not take from the other.
    wide = forward_of([Text([0, 1, 2, 0], {})])
    long = wide._replace(
        word_start=np.concatenate((wide.word_start, np.full(90, wide.word_start[-1]))),
        text_start=np.concatenate((wide.text_start, np.full(90, wide.text_start[-1]))),
        held_start=wide.held_start[:3],
        held_by=wide.held_by[: wide.held_start[2]],
        words=2,
    )
    long = long._replace(word=np.minimum(long.word, 1))
    asked = np.array([1 << 8], np.uint64)
    for kernel in KERNELS:
        fields = [kernel.Forward(wide), kernel.Forward(long)]
        for _ in range(3):
            for field in fields:
                (cut,) = kernel.excerpt(field, [0], asked, 10, 0)
                assert cut.text == b"p0, p1, p2, p0,"
                assert (4, 6) in cut.spans


# -- scores ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Term:
    """A term: frequency and length byte by document, a weight and a clause."""

    postings: Mapping[int, tuple[int, int]]
    weight: float
    clause: int

    def worth(self, document: int) -> float:
        frequency, length = self.postings[document]
        if frequency < LONG:
            return float(SCORES[frequency << 8 | length])
        return float(frequency * (K1 + 1) / (frequency + SCORES[BLOCK + length]))


def arrays_of(documents: int, terms: Sequence[Term]) -> tuple[PostingArrays, list[tuple[int, int]]]:
    columns: tuple[list[int], ...] = ([], [], [], [], [], [], [])
    document, code, block, start, counts, long_posting, long_frequency = columns
    entries = []
    for term in terms:
        first = len(block)
        for number, (frequency, length) in sorted(term.postings.items()):
            if len(block) == first or block[-1] != number // BLOCK:
                block.append(number // BLOCK)
                start.append(len(document))
                counts.append(0)
            if frequency >= LONG:
                long_posting.append(len(document))
                long_frequency.append(frequency)
            counts[-1] += 1
            document.append(number % BLOCK)
            code.append(min(frequency, LONG) << 8 | length)
        entries.append((first, len(block)))
    kinds = ("u2", "u2", "u2", "i8", "u4", "i8", "u4")
    made = [np.array(column, kind) for column, kind in zip(columns, kinds, strict=True)]
    return PostingArrays(documents, *made), entries


def sums_of(terms: Sequence[Term], masks: tuple[int, int, int]) -> dict[int, float]:
    """What is found and its points, added up in the kernel's order: in each block the rarest
    clause that must be there first."""
    must, must_not, any_of = masks
    found: dict[int, float] = {}
    for block in {number // BLOCK for term in terms for number in term.postings}:
        here = [
            Term({n: p for n, p in t.postings.items() if n // BLOCK == block}, t.weight, t.clause)
            for t in terms
        ]
        counts = [sum(len(t.postings) for t in here if t.clause == clause) for clause in range(32)]
        wanted = [clause for clause in range(32) if must >> clause & 1]
        rarest = min(wanted, key=counts.__getitem__, default=-1)
        for number in {number for term in here for number in term.postings}:
            holding = [term for term in here if number in term.postings]
            has = sum({1 << term.clause for term in holding})
            if has & must != must or has & must_not or (any_of and not has & any_of):
                continue
            points = 0.0
            for term in sorted(holding, key=lambda term: term.clause != rarest):
                points += term.weight * term.worth(number)
            found[number] = points
    return found


@st.composite
def segments(draw: st.DrawFn) -> tuple[int, list[Term]]:
    several = draw(st.booleans())
    numbers = st.integers(0, 60)
    if several:  # around the seam of two blocks
        numbers |= st.integers(BLOCK - 20, BLOCK + 40)
    frequency = st.integers(1, 4) | st.sampled_from((254, 255, 256, 70_000))
    posting = st.tuples(frequency, st.integers(0, 255))
    weights = st.floats(1e-6, 30.0)
    term = st.builds(
        Term, st.dictionaries(numbers, posting, max_size=40), weights, st.integers(0, 3)
    )
    return (BLOCK + 100 if several else 61), draw(st.lists(term, min_size=1, max_size=6))


@quick
@given(
    made=st.lists(segments(), min_size=1, max_size=2),
    masks=st.tuples(*[st.integers(0, 15)] * 3) | st.just((0, 0, 0)),
    size=st.integers(0, 12),
    seed=st.integers(0, 99),
    narrowed=st.booleans(),
    by_key=st.booleans(),
)
def test_sums_are_right_to_the_last_bit_and_the_best_are_in_order(
    made: list[tuple[int, list[Term]]],
    masks: tuple[int, int, int],
    size: int,
    seed: int,
    narrowed: bool,
    by_key: bool,
) -> None:
    chance = np.random.default_rng(seed)
    longest = max(documents for documents, _ in made)
    allowed = chance.integers(0, 2**63, longest // 64 + 1).astype(np.uint64)
    keys = chance.integers(-2, 3, longest)
    held = np.unpackbits(allowed.view(np.uint8), bitorder="little")
    wanted, first = [], 0
    for documents, terms in made:
        for number, points in sums_of(terms, masks).items():
            if not narrowed or held[number]:
                wanted.append((-float(keys[number]) if by_key else -points, first + number))
        first += documents
    ordered = sorted(wanted)[:size]
    for kernel in KERNELS:
        best, first, found = kernel.Best(size), 0, []
        for documents, terms in made:
            arrays, entries = arrays_of(documents, terms)
            prepared = [
                kernel.prepare(*each, t.weight, kernel.handle(SCORES), K1, t.clause, True)
                for each, t in zip(entries, terms, strict=True)
            ]
            bits, column = allowed if narrowed else None, keys if by_key else None
            segment, all_terms = kernel.Postings(arrays), kernel.joined(prepared)
            count, matched = kernel.score(
                segment, all_terms, masks, best, first, bits, column, matched=True
            )
            assert count == len(matched)
            found += [first + number for number in matched.tolist()]
            first += documents
        assert sorted(found) == sorted(number for _, number in wanted)
        points, numbers = best.ordered()
        assert numbers == [number for _, number in ordered], kernel.__name__
        assert points == [-each for each, _ in ordered], kernel.__name__


def test_each_block_adds_up_its_own_rarest_clause_first() -> None:
    # Three clauses, each the rarest in one of three blocks: sums of three have an order.
    chance = np.random.default_rng(4)
    terms = []
    for clause in range(3):
        numbers = [
            block * BLOCK + n
            for block in range(3)
            for n in range(0, 300, 1 if block == clause else 2)
            if block != clause or n < 100
        ]
        postings = {n: (int(chance.integers(1, 9)), int(chance.integers(256))) for n in numbers}
        terms.append(Term(postings, float(chance.uniform(0.1, 9)), clause))
    arrays, entries = arrays_of(3 * BLOCK, terms)
    right = sums_of(terms, (7, 0, 0))
    assert len(right) > 100
    for kernel in KERNELS:
        best = kernel.Best(1000)
        prepared = [
            kernel.prepare(*each, t.weight, kernel.handle(SCORES), K1, t.clause, False)
            for each, t in zip(entries, terms, strict=True)
        ]
        segment = kernel.Postings(arrays)
        kernel.score(segment, kernel.joined(prepared), (7, 0, 0), best, 0)
        points, numbers = best.ordered()
        assert dict(zip(numbers, points, strict=True)) == right, kernel.__name__


def test_a_weight_below_0_goes_through_a_clause() -> None:
    terms = [Term({1: (2, 9), 3: (1, 9)}, -2.0, 0), Term({3: (1, 9), 5: (1, 9)}, 1.0, 0)]
    arrays, entries = arrays_of(9, terms)
    right = sums_of(terms, (0, 0, 1))
    for kernel in KERNELS:
        best = kernel.Best(5)
        prepared = [
            kernel.prepare(*each, t.weight, kernel.handle(SCORES), K1, 0, False)
            for each, t in zip(entries, terms, strict=True)
        ]
        count, _ = kernel.score(
            kernel.Postings(arrays), kernel.joined(prepared), (0, 0, 1), best, 0
        )
        points, numbers = best.ordered()
        assert count == 3
        assert dict(zip(numbers, points, strict=True)) == right
        assert numbers == sorted(right, key=lambda number: -right[number])


# -- threads ---------------------------------------------------------------------------------


def test_threads_at_once_cut_and_count_as_one_does() -> None:
    cases = [Text([n % 6, *range(6), *[n % 3] * n], {0: 0}) for n in range(40)]
    forward = native.Forward(forward_of(cases))
    facet = native.Facet(FacetArrays(np.arange(40, dtype=np.uint16) % 7, None, None, 7))

    def asked(number: int) -> tuple[list[Cut], list[int]]:
        pairs = np.array([number % 6 << 8, (number + 1) % 6 << 8 | 1], np.uint64)
        counts = np.zeros(7, np.uint32)
        matched = np.arange(number % 40, dtype=np.uint32)
        native.count_facets([facet], matched, 40, [counts])
        return native.excerpt(forward, [number % 40, 3], pairs, 9, 2), counts.tolist()

    one = [asked(number) for number in range(120)]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(asked, [*range(120)] * 4)) == one * 4
