"""Every weight of the ranking, with its reason. docs/ranking.md is made from this module.

Most come from experiments on 743 questions over 8,498 Swedish texts and 118 hard queries (split,
joined, inflected, misspelt, abbreviated, everyday words); field weights from the tuning half of
``corpus/judged``. The figures are in docs/ranking.md.
"""

from __future__ import annotations

from collections.abc import Mapping

#: How soon repeating a word stops paying. Lower than the usual 1.2: in short pages the first
#: mention says nearly all.
K1 = 0.7
#: How much a document's length counts (0-1). Lower than the usual .75: a longer page on the right
#: subject is no vaguer.
B = 0.3

#: A word of the question, by its stem: the unit that the other weights are relative to.
STEM = 1.0
#: Two words that stand side by side in the question and on the page. Restores the word order
#: that grams lose.
PAIR = 0.8
#: A word of the question as a part of a compound, or a part of its own compound as one.
PART = 0.4
#: A part of the question's compound among plain words: skolsäkerhet finds säkerhet i skolan.
PART_AMONG_WORDS = 0.3

#: What a word earns more where a field says it. A title says what the page is about, and pages in
#: this field are named after their method; numbers are typed by those who want that document.
FIELD_WEIGHTS: Mapping[str, float] = {
    "title": 1.2,
    "about": 0.0,
    "lead": 0.4,
    "numbers": 1.0,
    "headings": 0.1,
    "body": 0.0,
}

#: Words up to which each word of a field counts in full, and less beyond: a short title is about
#: its words, a long one only mentions them.
FULL_LENGTHS: Mapping[str, int] = {"title": 4}

#: Blocks of five words in a window → what the grams in its best place are worth. Several sizes:
#: small windows find answers to questions, large ones find subjects.
WINDOW_WEIGHTS: Mapping[int, float] = {2: 0.4, 4: 0.4, 8: 1.2}
#: What grams anywhere in a document are worth: helps what is misspelt or abbreviated, costs a
#: little elsewhere.
DOCUMENT_GRAMS = 0.05
#: Documents that are read word by word; 100 give the same figures.
CANDIDATES = 200

#: A document must hold at least this share of the question, by rarity, to be found at all.
LEAST_COVERAGE = 0.1

#: A word typed in capitals means the abbreviation first; the plain word is the weaker reading.
PLAIN_READING_OF_CAPITALS = 0.5
#: A repaired word against one that was typed right: the best guess is right 97 times in 100.
REPAIRED = 0.8
#: Another form of the word that only a dictionary tells (*slog*, *slå*): sure to be the word, and
#: found with all that shares its stem.
LEMMA = 0.5
#: The letters of such a form in a window; more would let its ending stand for the word.
LEMMA_GRAMS = 0.2
#: A word that looks like a rare or unknown one, times the share of grams they have in common.
ALIKE = 0.2
#: Two neighbours of a question as the parts of one compound (*bidrag till resa*: resebidrag).
JOINED = 0.5
#: Another name for the same, from the thesaurus.
SAME = 0.4
#: A near or everyday word for it.
NEAR = 0.3
#: A kind of it.
KIND = 0.3
#: A long or short form that a page explains: another name for the same, as the thesaurus has them.
DEFINED = 0.4
#: A compound that a clip may stand for, less sure since others begin so too. The hard query
#: *op-sköterska* falls from first to tenth without it.
CLIPPED = 0.3
