/* The inner loops of the columnar index, and nothing else: no files, no Python, no state but what
 * the caller passes in. native.py calls them, twin.py has each of them in numpy, and the tests hold
 * the two against each other.
 *
 * Documents are numbered from 0 in a segment and cut into blocks of 65,536, so that a document is
 * two bytes in a posting and a block's sums stay in the cache. An entry is one term's postings in
 * one block. A posting's code is its frequency (up to 255) in the high byte and its field length,
 * as one byte, in the low one: an index into a table of scores.
 *
 * Built without -ffast-math and with -ffp-contract=off: scores are those of the numpy twin, bit
 * for bit. With -DCHECKED every index is checked, and a call that would leave its arrays returns
 * BROKEN instead.
 */
#include <stdlib.h>
#include <string.h>

#include "common.h"

#define BLOCK 65536
#define STRIP 4096 /* documents whose sums fit the first cache */
#define MOST_TERMS 1024
#define MOST_CLAUSES 32
/* Another number with every change of a function or a structure that native/ has to follow. */
#define VERSION 3

/* Counting bits is one instruction on all but the oldest machines; sanitizers start before the
 * choice is made, and do without. */
#if defined(__x86_64__) && defined(__gnu_linux__) && !defined(CHECKED)
#define COUNTS_BITS __attribute__((target_clones("popcnt", "default")))
#else
#define COUNTS_BITS
#endif

int64_t version(void) { return VERSION; }

typedef struct {
    int64_t documents, entries, postings;
    const uint16_t *document;    /* [postings] within the block */
    const uint16_t *code;        /* [postings] */
    const uint16_t *entry_block; /* [entries] ascending within a term */
    const int64_t *entry_start;  /* [entries] */
    const uint32_t *entry_count; /* [entries] */
    int64_t long_ones;           /* postings with a frequency of 255 or more */
    const int64_t *long_posting; /* [long_ones] ascending */
    const uint32_t *long_frequency;
} Segment;

typedef struct {
    int64_t first, last;  /* entries [first, last) of the term in this segment */
    double weight;
    const double *scores; /* [65536] by code, then [256] length norms by length byte */
    double k1;            /* negative where the score is the plain frequency */
    int32_t clause;
    int32_t has_long;
} Term;

typedef struct {
    double *sum;       /* [BLOCK], all zero between calls */
    uint32_t *bits;    /* [BLOCK], all zero between calls */
    uint16_t *touched; /* [BLOCK + 1] */
} Scratch;

/* -- the best documents -------------------------------------------------------------------- */

/* Puts the best in order, the very best first: heapsort with what `keep` left. */
void sort_best(Best *best)
{
    int64_t held = best->held, size = best->size;
    while (best->held > 1) {
        int64_t last = --best->held;
        double score = best->score[last], worst = best->score[0];
        int64_t document = best->document[last], worst_document = best->document[0];
        best->size = best->held;
        best->score[0] = -1.0 / 0.0;
        best->document[0] = INT64_MAX;
        keep(best, score, document);
        best->score[last] = worst;
        best->document[last] = worst_document;
    }
    best->held = held;
    best->size = size;
}

/* -- postings ------------------------------------------------------------------------------ */

static double exact(const Segment *segment, const Term *term, int64_t posting)
{
    uint16_t code = segment->code[posting];
    if (code < 0xFF00) return term->scores[code];
    int64_t low = 0, high = segment->long_ones;
    while (low < high) {
        int64_t middle = (low + high) >> 1;
        if (segment->long_posting[middle] < posting) low = middle + 1; else high = middle;
    }
    if (low >= segment->long_ones || segment->long_posting[low] != posting) return term->scores[code];
    double frequency = segment->long_frequency[low];
    if (term->k1 < 0) return frequency;
    return frequency * (term->k1 + 1) / (frequency + term->scores[BLOCK + (code & 255)]);
}

#ifdef CHECKED
/* Whether a term's entries, and the postings of each, lie within the segment. */
static int is_within(const Segment *segment, const Term *term)
{
    if (term->first < 0 || term->first > term->last || term->last > segment->entries) return 0;
    if (term->clause < 0 || term->clause >= MOST_CLAUSES) return 0;
    for (int64_t e = term->first; e < term->last; e++)
        if (segment->entry_start[e] < 0 || segment->entry_start[e] > segment->postings ||
            segment->entry_start[e] + segment->entry_count[e] > segment->postings)
            return 0;
    return 1;
}
#endif

/* The first of ascending numbers in [low, high) that is not below; doubles its steps. */
static inline int64_t gallop(const uint16_t *numbers, int64_t low, int64_t high, uint16_t least)
{
    int64_t step = 1, end = low;
    while (end < high && numbers[end] < least) {
        low = end + 1;
        end += step;
        step <<= 1;
    }
    if (end > high) end = high;
    while (low < end) {
        int64_t middle = (low + end) >> 1;
        if (numbers[middle] < least) low = middle + 1; else end = middle;
    }
    return low;
}

static inline int is_allowed(const uint64_t *allowed, int64_t document)
{
    return !allowed || ((allowed[document >> 6] >> (document & 63)) & 1);
}

typedef struct {
    const Segment *segment;
    const Term *terms;
    int64_t count;
    int64_t at[MOST_TERMS]; /* the entry that each term has reached */
    /* Of the block that it has been moved to: the terms that are there, and their postings. */
    int64_t held;
    int32_t term[MOST_TERMS];
    int64_t first[MOST_TERMS], last[MOST_TERMS];
} Cursor;

/* Moves every term to a block; says how many postings they have there and in which clauses. */
static int64_t move_to(Cursor *cursor, uint16_t block, int64_t *of_clause, uint32_t *clauses)
{
    const Segment *segment = cursor->segment;
    int64_t postings = 0;
    *clauses = 0;
    cursor->held = 0;
    if (of_clause) memset(of_clause, 0, MOST_CLAUSES * sizeof *of_clause);
    for (int64_t t = 0; t < cursor->count; t++) {
        const Term *term = &cursor->terms[t];
        int64_t at = cursor->at[t];
        while (at < term->last && segment->entry_block[at] < block) at++;
        cursor->at[t] = at;
        if (at < term->last && segment->entry_block[at] == block) {
            int64_t held = segment->entry_count[at], here = cursor->held++;
            cursor->term[here] = (int32_t)t;
            cursor->first[here] = segment->entry_start[at];
            cursor->last[here] = segment->entry_start[at] + held;
            postings += held;
            *clauses |= 1u << term->clause;
            if (of_clause) of_clause[term->clause] += held;
        }
    }
    return postings;
}

/* Adds up a union in the documents below a limit that were not passed yet. Every weight is above 0,
 * so a sum of 0 means untouched. */
static int64_t add_union(Cursor *cursor, uint32_t limit, Scratch *scratch)
{
    const Segment *segment = cursor->segment;
    double *sum = scratch->sum;
    uint16_t *touched = scratch->touched;
    int64_t found = 0;
    for (int64_t h = 0; h < cursor->held; h++) {
        const Term *term = &cursor->terms[cursor->term[h]];
        const uint16_t *documents = segment->document, *codes = segment->code;
        const double *scores = term->scores;
        double weight = term->weight;
        int64_t i = cursor->first[h], last = cursor->last[h];
        if (term->has_long) {
            for (; i < last && documents[i] < limit; i++) {
                uint16_t d = documents[i];
                CHECK(found <= BLOCK);
                touched[found] = d;
                found += sum[d] == 0;
                sum[d] += weight * exact(segment, term, i);
            }
        } else {
            for (; i < last && documents[i] < limit; i++) {
                uint16_t d = documents[i];
                double before = sum[d];
                CHECK(found <= BLOCK);
                touched[found] = d;
                found += before == 0;
                sum[d] = before + weight * scores[codes[i]];
            }
        }
        cursor->first[h] = i;
    }
    return found;
}

/* Adds up clauses and keeps what has all of `must`, none of `must_not` and, where there are any,
 * one of `any`. The clause with the fewest postings of those that must be there goes first. */
static int64_t add_clauses(const Cursor *cursor, const int64_t *of_clause, uint32_t must,
                           uint32_t must_not, uint32_t any, Scratch *scratch)
{
    const Segment *segment = cursor->segment;
    double *sum = scratch->sum;
    uint32_t *bits = scratch->bits;
    uint16_t *touched = scratch->touched;
    int64_t found = 0, kept = 0;
    int rarest = -1;
    for (int clause = 0; clause < MOST_CLAUSES; clause++)
        if ((must >> clause & 1) && (rarest < 0 || of_clause[clause] < of_clause[rarest]))
            rarest = clause;
    for (int pass = 0; pass < 2; pass++)
        for (int64_t h = 0; h < cursor->held; h++) {
            const Term *term = &cursor->terms[cursor->term[h]];
            int seeds = rarest < 0 || term->clause == rarest;
            if (seeds == pass) continue;
            int64_t start = cursor->first[h], held = cursor->last[h] - start;
            const uint16_t *documents = segment->document + start;
            uint32_t bit = 1u << term->clause;
            double weight = term->weight;
            if (seeds) {
                for (int64_t i = 0; i < held; i++) {
                    uint16_t d = documents[i];
                    touched[found] = d;
                    found += bits[d] == 0;
                    bits[d] |= bit;
                    sum[d] += weight * exact(segment, term, start + i);
                }
            } else if (held > found * 24) {
                for (int64_t c = 0; c < found; c++) {
                    uint16_t d = touched[c];
                    int64_t i = gallop(documents, 0, held, d);
                    if (i < held && documents[i] == d) {
                        bits[d] |= bit;
                        sum[d] += weight * exact(segment, term, start + i);
                    }
                }
            } else {
                for (int64_t i = 0; i < held; i++) {
                    uint16_t d = documents[i];
                    if (!bits[d]) continue;
                    bits[d] |= bit;
                    sum[d] += weight * exact(segment, term, start + i);
                }
            }
        }
    for (int64_t c = 0; c < found; c++) {
        uint16_t d = touched[c];
        uint32_t has = bits[d];
        bits[d] = 0;
        if ((has & must) == must && !(has & must_not) && (!any || (has & any))) touched[kept++] = d;
        else sum[d] = 0;
    }
    return kept;
}

typedef struct {
    const uint64_t *allowed;
    const int64_t *sort_key;
    Best *best;
    int64_t first_document;
    uint32_t *matched;
    int64_t total;
} Taken;

/* Takes what a block's sums found, and leaves them zero. */
static int take(Taken *taken, int64_t base, int64_t limit, int64_t found, Scratch *scratch)
{
    (void)limit;
    Best *best = taken->best;
    double least = least_kept(best);
    int64_t total = taken->total;
    for (int64_t i = 0; i < found; i++) {
        uint16_t d = scratch->touched[i];
        int64_t document = base + d;
        double points = scratch->sum[d];
        scratch->sum[d] = 0;
        CHECK(d < limit);
        if (!is_allowed(taken->allowed, document)) continue;
        if (taken->matched) taken->matched[total] = (uint32_t)document;
        total++;
        if (taken->sort_key) points = (double)taken->sort_key[document];
        if (points >= least) {
            keep(best, points, taken->first_document + document);
            least = least_kept(best);
        }
    }
    taken->total = total;
    return 0;
}

/* Finds and scores the documents of one segment.
 *
 * `allowed` is a bitmap or NULL. With `sort_key` the greatest keys are the best, else the greatest
 * scores; equals come by number. Found documents go to `matched`, block by block, unless it is
 * NULL. Returns how many were found. */
int64_t score(const Segment *segment, const Term *terms, int64_t count, uint32_t must,
              uint32_t must_not, uint32_t any, const uint64_t *allowed, const int64_t *sort_key,
              Best *best, int64_t first_document, Scratch *scratch, uint32_t *matched)
{
    Cursor cursor; /* 28 KB, of which only what is used is written */
    Taken taken = {allowed, sort_key, best, first_document, matched, 0};
    int64_t of_clause[MOST_CLAUSES];
    int plain = !must && !must_not && !any;
    if (count > MOST_TERMS) return TOO_MANY;
    cursor.segment = segment;
    cursor.terms = terms;
    cursor.count = count;
    for (int64_t t = 0; t < count; t++) {
        CHECK(is_within(segment, &terms[t]));
        cursor.at[t] = terms[t].first;
    }
    for (int64_t base = 0; base < segment->documents; base += BLOCK) {
        int64_t limit = segment->documents - base < BLOCK ? segment->documents - base : BLOCK;
        uint32_t clauses;
        int64_t postings =
            move_to(&cursor, (uint16_t)(base / BLOCK), plain ? NULL : of_clause, &clauses);
        if (!postings || (clauses & must) != must) continue;
        if (!plain) {
            int64_t found = add_clauses(&cursor, of_clause, must, must_not, any, scratch);
            if (take(&taken, base, limit, found, scratch)) return BROKEN;
            continue;
        }
        /* Few postings touch few lines of the sums wherever they are. */
        int64_t step = postings > STRIP / 4 ? STRIP : BLOCK;
        for (int64_t end = step; end < limit + step; end += step) {
            int64_t found = add_union(&cursor, (uint32_t)end, scratch);
            /* A score of 0 would count a document twice. */
            CHECK(found >= 0 && taken.total + found <= segment->documents);
            if (take(&taken, base, limit, found, scratch)) return BROKEN;
        }
    }
    return taken.total;
}

/* -- phrases ------------------------------------------------------------------------------- */

/* A field's texts: pieces in order, each with its words, and the white space between them. */
typedef struct {
    int64_t documents, bytes;
    const uint8_t *pieces;        /* [bytes] numbers in base 128, low digits first */
    const int64_t *start;         /* [documents + 1] where each document's pieces begin */
    int64_t vocabulary, held, words;
    const uint32_t *word_start;   /* [vocabulary + 1] */
    const uint32_t *word;         /* [held] the words of each piece, numbers below `words` */
    const uint32_t *word_first;   /* [held] where a word begins in its piece, in bytes */
    const uint32_t *word_end;     /* [held] and where it ends */
    const uint32_t *held_start;   /* [words + 1] */
    const uint32_t *held_by;      /* [held] the pieces that hold each word */
    int64_t text_bytes;
    const uint8_t *text;          /* [text_bytes] the pieces' own texts */
    const uint32_t *text_start;   /* [vocabulary + 1] */
    int64_t odd;                  /* white space that is no single space between two pieces */
    const int64_t *odd_at;        /* [odd] ascending: byte of the piece after it + document */
    const uint32_t *odd_space;    /* [odd] */
    int64_t spaces, space_bytes;
    const uint8_t *space;         /* [space_bytes] */
    const uint32_t *space_start;  /* [spaces + 1] */
} Forward;

/* The number at a place, which moves behind it. The last byte of all is below 128. */
static inline uint32_t next_piece(const uint8_t *pieces, int64_t *at)
{
    const uint8_t *p = pieces + *at;
    uint32_t number = p[0] & 127, more = 1;
    if (p[0] >= 128) {
        number |= (uint32_t)(p[more] & 127) << 7;
        if (p[more++] >= 128) {
            number |= (uint32_t)(p[more] & 127) << 14;
            if (p[more++] >= 128) {
                number |= (uint32_t)(p[more] & 127) << 21;
                if (p[more++] >= 128) number |= (uint32_t)(p[more++] & 15) << 28;
            }
        }
    }
    *at += more;
    return number;
}

#ifdef CHECKED
static int is_sound(const Forward *forward, int64_t document)
{
    return document >= 0 && document < forward->documents && forward->start[document] >= 0 &&
           forward->start[document] <= forward->start[document + 1] &&
           forward->start[document + 1] <= forward->bytes &&
           (!forward->bytes || forward->pieces[forward->bytes - 1] < 128);
}
#endif

/* Whether words stand one after another in a document: Shift-And (Baeza-Yates and Gonnet, 1992).
 * `places` has for each word a bit for every place of the phrase it may take. */
static int stands(const Forward *forward, int64_t document, const uint32_t *places, uint32_t last)
{
    uint32_t state = 0;
    CHECK(is_sound(forward, document));
    for (int64_t at = forward->start[document]; at < forward->start[document + 1];) {
        uint32_t piece = next_piece(forward->pieces, &at);
        CHECK(piece < forward->vocabulary && forward->word_start[piece + 1] <= forward->held);
        for (uint32_t w = forward->word_start[piece]; w < forward->word_start[piece + 1]; w++) {
            CHECK(forward->word[w] < forward->words);
            state = (state << 1 | 1) & places[forward->word[w]];
            if (state & last) return 1;
        }
    }
    return 0;
}

/* Finds the documents in which the words of a phrase stand side by side; term t is its t-th word,
 * and `word_place` says which words may stand there, as word << 8 | place.
 * `places` is zero for every word, and left so. The rest is as in `score`. */
int64_t phrase(const Segment *segment, const Forward *forward, const Term *terms, int64_t count,
               const uint64_t *word_place, int64_t pairs, const uint64_t *allowed,
               const int64_t *sort_key, Best *best, int64_t first_document, uint32_t *places,
               uint32_t *matched)
{
    int64_t at[MOST_CLAUSES], total = 0;
    if (count > MOST_CLAUSES || count < 1) return TOO_MANY;
    for (int64_t t = 0; t < count; t++) {
        CHECK(is_within(segment, &terms[t]));
        at[t] = terms[t].first;
    }
    for (int64_t i = 0; i < pairs; i++) {
        CHECK((int64_t)(word_place[i] >> 8) < forward->words);
        CHECK((word_place[i] & 255) < MOST_CLAUSES);
    }
    for (int64_t i = 0; i < pairs; i++) places[word_place[i] >> 8] |= 1u << (word_place[i] & 255);
    for (int64_t base = 0; base < segment->documents; base += BLOCK) {
        int64_t start[MOST_CLAUSES], held[MOST_CLAUSES], i[MOST_CLAUSES];
        int there = 1, rarest = 0;
        for (int64_t t = 0; t < count; t++) {
            while (at[t] < terms[t].last && segment->entry_block[at[t]] < base / BLOCK) at[t]++;
            if (at[t] >= terms[t].last || segment->entry_block[at[t]] != base / BLOCK) {
                there = 0;
                break;
            }
            start[t] = segment->entry_start[at[t]];
            held[t] = segment->entry_count[at[t]];
            i[t] = 0;
            if (held[t] < held[rarest]) rarest = (int)t;
        }
        if (!there) continue;
        for (; i[rarest] < held[rarest]; i[rarest]++) {
            uint16_t d = segment->document[start[rarest] + i[rarest]];
            int64_t document = base + d, t;
            CHECK(document < segment->documents && total < segment->documents);
            for (t = 0; t < count; t++) {
                const uint16_t *documents = segment->document + start[t];
                if (t == rarest) continue;
                i[t] = gallop(documents, i[t], held[t], d);
                if (i[t] >= held[t] || documents[i[t]] != d) break;
            }
            if (t < count || !is_allowed(allowed, document)) continue;
            int holds = stands(forward, document, places, 1u << (count - 1));
            CHECK(holds >= 0);
            if (!holds) continue;
            double points = 0;
            if (sort_key) points = (double)sort_key[document];
            else
                for (t = 0; t < count; t++)
                    points += terms[t].weight * exact(segment, &terms[t], start[t] + i[t]);
            if (matched) matched[total] = (uint32_t)document;
            total++;
            if (points >= least_kept(best)) keep(best, points, first_document + document);
        }
    }
    for (int64_t p = 0; p < pairs; p++) places[word_place[p] >> 8] = 0;
    return total;
}

/* -- facets -------------------------------------------------------------------------------- */

typedef struct {
    int64_t documents, held;
    const uint16_t *code;    /* [held] the values, document by document */
    const uint32_t *start;   /* [documents + 1], or NULL where each document has just one */
    const uint64_t *bitmaps; /* [values][words of a bitmap] or NULL */
    int64_t values, bitmap_words;
    uint32_t *counts;        /* [values] */
} Facet;

COUNTS_BITS static uint64_t bits_in_both(const uint64_t *one, const uint64_t *other, int64_t count)
{
    uint64_t both = 0;
    for (int64_t w = 0; w < count; w++) both += (uint64_t)__builtin_popcountll(one[w] & other[w]);
    return both;
}

/* Counts how many of the matched documents have each value. Where most of a segment matched, values
 * that are bitmaps are counted as such: `matched_bits` is room for one, all zero and left so. */
int64_t count_facets(const Facet *facets, int64_t count, const uint32_t *matched, int64_t found,
                     uint64_t *matched_bits)
{
    int laid = 0;
    for (int64_t f = 0; f < count; f++) {
        const Facet *facet = &facets[f];
        uint32_t *counts = facet->counts;
        CHECK(!facet->bitmaps || facet->bitmap_words == (facet->documents + 63) / 64);
        for (int64_t i = 0; i < found; i++) {
            CHECK(matched[i] < facet->documents);
            CHECK(facet->start ? facet->start[matched[i] + 1] <= facet->held
                               : matched[i] < facet->held);
        }
        if (facet->bitmaps && found > facet->values * facet->bitmap_words / 32) {
            if (!laid)
                for (int64_t i = 0; i < found; i++)
                    matched_bits[matched[i] >> 6] |= 1ull << (matched[i] & 63);
            laid = 1;
            for (int64_t v = 0; v < facet->values; v++) {
                const uint64_t *bits = facet->bitmaps + v * facet->bitmap_words;
                counts[v] += (uint32_t)bits_in_both(bits, matched_bits, facet->bitmap_words);
            }
        } else if (facet->start) {
            for (int64_t i = 0; i < found; i++)
                for (uint32_t a = facet->start[matched[i]]; a < facet->start[matched[i] + 1]; a++) {
                    CHECK(facet->code[a] < facet->values);
                    counts[facet->code[a]]++;
                }
        } else {
            for (int64_t i = 0; i < found; i++) {
                CHECK(facet->code[matched[i]] < facet->values);
                counts[facet->code[matched[i]]]++;
            }
        }
    }
    if (laid) for (int64_t i = 0; i < found; i++) matched_bits[matched[i] >> 6] = 0;
    return 0;
}

/* -- excerpts ------------------------------------------------------------------------------ */

typedef struct {
    int64_t room, held;
    uint8_t *bytes;
} Written;

/* Writes the bytes [first, last). What ends before it begins is no want of room: the caller would
 * make room for ever. */
static int write_bytes(Written *out, const uint8_t *bytes, int64_t first, int64_t last)
{
    if (first > last) return BROKEN;
    if (last - first > out->room - out->held) return TOO_MANY;
    memcpy(out->bytes + out->held, bytes + first, (size_t)(last - first));
    out->held += last - first;
    return 0;
}

/* Writes the white space before the piece at a byte, or after the last one. `odd` is the first odd
 * white space of the document that was not passed yet. */
static int write_space(const Forward *forward, int64_t document, int64_t byte, int64_t *odd,
                       Written *out)
{
    int64_t key = byte + document;
    while (*odd < forward->odd && forward->odd_at[*odd] < key) ++*odd;
    if (*odd < forward->odd && forward->odd_at[*odd] == key) {
        uint32_t space = forward->odd_space[*odd];
        if (space >= forward->spaces) return BROKEN;
        CHECK(forward->space_start[space + 1] <= forward->space_bytes);
        return write_bytes(out, forward->space, forward->space_start[space],
                           forward->space_start[space + 1]);
    }
    if (byte == forward->start[document] || byte == forward->start[document + 1]) return 0;
    return write_bytes(out, (const uint8_t *)" ", 0, 1);
}

/* The first odd white space of a document. */
static int64_t first_odd(const Forward *forward, int64_t document)
{
    int64_t key = forward->start[document] + document, low = 0, high = forward->odd;
    while (low < high) {
        int64_t middle = (low + high) >> 1;
        if (forward->odd_at[middle] < key) low = middle + 1; else high = middle;
    }
    return low;
}

typedef struct {
    uint8_t *of_word, *of_piece; /* [words], [pieces]: 0 for what is not asked */
    int64_t *at, *hits;          /* [room]: where pieces begin, and which are asked */
    int64_t room;
    int64_t *out;
    int64_t out_room;
    Written text;
} Reading;

/* The piece from which on `width` pieces have the most different slots, of those the most in all,
 * of those the first. */
static int64_t best_window(const int64_t *hits, int64_t found, int64_t width)
{
    int64_t in_window[256] = {0}, different = 0, end = 0, best = 0, best_worth = -1;
    for (int64_t first = 0; first < found; first++) {
        int64_t last = (hits[first] >> 8) + width;
        while (end < found && (hits[end] >> 8) < last)
            different += in_window[hits[end++] & 255]++ == 0;
        int64_t worth = different * ((int64_t)1 << 40) + (end - first);
        if (worth > best_worth) {
            best_worth = worth;
            best = hits[first] >> 8;
        }
        different -= --in_window[hits[first] & 255] == 0;
    }
    return best;
}

/* Writes the excerpt of one document, and its spans from `out` on. Returns how many those are. */
static int64_t write_excerpt(const Forward *forward, int64_t document, int64_t width, int64_t lead,
                             Reading *room, int64_t *header, int64_t spans)
{
    CHECK(is_sound(forward, document));
    int64_t count = 0, found = 0, limit = forward->start[document + 1], written = spans;
    for (int64_t byte = forward->start[document]; byte < limit; count++) {
        if (count + 1 >= room->room) return TOO_MANY;
        room->at[count] = byte;
        uint32_t piece = next_piece(forward->pieces, &byte);
        CHECK(piece < forward->vocabulary && forward->word_start[piece + 1] <= forward->held);
        uint8_t slot = room->of_piece[piece];
        if (slot) room->hits[found++] = count << 8 | slot;
    }
    room->at[count] = limit;
    int64_t from = found ? best_window(room->hits, found, width - lead) - lead : 0;
    if (from > count - width) from = count - width;
    if (from < 0) from = 0;
    int64_t to = width < count - from ? from + width : count;
    int64_t odd = first_odd(forward, document), start = room->text.held;
    for (int64_t n = from; n < to; n++) {
        int64_t byte = room->at[n];
        if (n > from || from == 0) {
            int failed = write_space(forward, document, byte, &odd, &room->text);
            if (failed) return failed;
        }
        uint32_t piece = next_piece(forward->pieces, &byte);
        CHECK(forward->text_start[piece + 1] <= forward->text_bytes);
        int64_t here = room->text.held - start;
        if (room->of_piece[piece])
            for (uint32_t w = forward->word_start[piece]; w < forward->word_start[piece + 1]; w++) {
                CHECK(forward->word[w] < forward->words);
                if (!room->of_word[forward->word[w]]) continue;
                if (2 * written + 2 > room->out_room) return TOO_MANY;
                room->out[2 * written] = here + forward->word_first[w];
                room->out[2 * written++ + 1] = here + forward->word_end[w];
            }
        int failed = write_bytes(&room->text, forward->text, forward->text_start[piece],
                                 forward->text_start[piece + 1]);
        if (failed) return failed;
    }
    if (to == count) {
        int failed = write_space(forward, document, limit, &odd, &room->text);
        if (failed) return failed;
    }
    header[0] = from == 0;
    header[1] = to == count;
    header[2] = room->text.held;
    header[3] = written - spans;
    return written;
}

/* Writes an excerpt of each document: the `width` pieces with the most different asked words, of
 * those the ones with the most in all, of those the first, beginning `lead` pieces earlier.
 *
 * `word_slot` says which words are asked, as word << 8 | slot. out: four numbers a document, that
 * is whether it begins and ends with the text, where its text ends and how many spans it has; then
 * where each asked word begins and ends in its excerpt. Returns how many those are in all; TOO_MANY
 * where there is too little room. */
int64_t excerpt(const Forward *forward, const int64_t *documents, int64_t count,
                const uint64_t *word_slot, int64_t pairs, int64_t width, int64_t lead,
                Reading *room)
{
    int64_t spans = 2 * count;
    if (4 * count > room->out_room) return TOO_MANY;
    for (int64_t p = 0; p < pairs; p++) {
        CHECK((int64_t)(word_slot[p] >> 8) < forward->words);
        CHECK(forward->held_start[(word_slot[p] >> 8) + 1] <= forward->held);
        for (uint32_t h = forward->held_start[word_slot[p] >> 8];
             h < forward->held_start[(word_slot[p] >> 8) + 1]; h++)
            CHECK(forward->held_by[h] < forward->vocabulary);
    }
    for (int64_t p = 0; p < pairs; p++) {
        uint64_t word = word_slot[p] >> 8;
        uint8_t slot = (uint8_t)(1 + (word_slot[p] & 63));
        room->of_word[word] = slot;
        for (uint32_t h = forward->held_start[word]; h < forward->held_start[word + 1]; h++)
            room->of_piece[forward->held_by[h]] = slot;
    }
    room->text.held = 0;
    for (int64_t d = 0; d < count && spans >= 0; d++)
        spans = write_excerpt(forward, documents[d], width, lead, room, room->out + 4 * d, spans);
    for (int64_t p = 0; p < pairs; p++) {
        uint64_t word = word_slot[p] >> 8;
        room->of_word[word] = 0;
        for (uint32_t h = forward->held_start[word]; h < forward->held_start[word + 1]; h++)
            room->of_piece[forward->held_by[h]] = 0;
    }
    return spans < 0 ? spans : spans - 2 * count;
}

/* -- terms --------------------------------------------------------------------------------- */

typedef struct {
    int64_t terms, bytes;
    const uint8_t *text;       /* terms one after the other, ascending within a field */
    const uint32_t *start;     /* [terms + 1] */
    const uint32_t *entry;     /* [terms + 1] */
    const uint32_t *documents; /* [terms] */
} Dictionary;

static int64_t place_of(const Dictionary *terms, int64_t low, int64_t high, const uint8_t *text,
                        int64_t length)
{
    int64_t end = high;
    CHECK(low >= 0 && high <= terms->terms);
    while (low < high) {
        int64_t middle = (low + high) >> 1;
        CHECK(terms->start[middle] <= terms->start[middle + 1]);
        CHECK(terms->start[middle + 1] <= terms->bytes);
        int64_t held = terms->start[middle + 1] - terms->start[middle];
        int order = memcmp(terms->text + terms->start[middle], text,
                           (size_t)(held < length ? held : length));
        if (order < 0 || (order == 0 && held < length)) low = middle + 1;
        else high = middle;
    }
    if (low < end && terms->start[low + 1] - terms->start[low] == length &&
        !memcmp(terms->text + terms->start[low], text, (size_t)length))
        return low;
    return -1;
}

/* Looks a text up in fields, each the terms [low, high) of `ranges`. out: for each field the term's
 * number or -1, its first and last entry, and how many documents have it. Returns how many fields
 * have it. */
int64_t lookup(const Dictionary *terms, const int64_t *ranges, int64_t fields, const uint8_t *text,
               int64_t length, int64_t *out)
{
    int64_t found = 0;
    for (int64_t f = 0; f < fields; f++, out += 4) {
        int64_t at = place_of(terms, ranges[2 * f], ranges[2 * f + 1], text, length);
        out[0] = at;
        out[1] = at < 0 ? 0 : terms->entry[at];
        out[2] = at < 0 ? 0 : terms->entry[at + 1];
        out[3] = at < 0 ? 0 : terms->documents[at];
        found += at >= 0;
    }
    return found;
}

/* -- indexing ------------------------------------------------------------------------------ */

/* Distinct pieces of text, each numbered when it is first met: an open-addressing table. */
typedef struct {
    uint32_t number; /* + 1, or 0 where nothing is */
    uint32_t hash;
} Slot;

typedef struct {
    uint64_t start;
    uint32_t length, hash;
} Piece;

typedef struct {
    uint64_t mask;
    Slot *slots;
    Piece *pieces;
    uint8_t *texts;
    int64_t count, room, used, text_room;
} Pieces;

Pieces *pieces_new(void)
{
    Pieces *pieces = calloc(1, sizeof *pieces);
    if (!pieces) return NULL;
    pieces->mask = (1 << 16) - 1;
    pieces->room = 1 << 15;
    pieces->text_room = 1 << 20;
    pieces->slots = calloc(pieces->mask + 1, sizeof *pieces->slots);
    pieces->pieces = malloc((size_t)pieces->room * sizeof *pieces->pieces);
    pieces->texts = malloc((size_t)pieces->text_room);
    if (pieces->slots && pieces->pieces && pieces->texts) return pieces;
    free(pieces->slots);
    free(pieces->pieces);
    free(pieces->texts);
    free(pieces);
    return NULL;
}

void pieces_free(Pieces *pieces)
{
    if (!pieces) return;
    free(pieces->slots);
    free(pieces->pieces);
    free(pieces->texts);
    free(pieces);
}

/* Where the pieces lie, without copying: texts one after the other, and 16 bytes for each. */
int64_t pieces_count(const Pieces *pieces) { return pieces->count; }
const uint8_t *pieces_texts(const Pieces *pieces) { return pieces->texts; }
const Piece *pieces_table(const Pieces *pieces) { return pieces->pieces; }

static inline uint64_t mixed(uint64_t hash, uint64_t bits)
{
    hash = (hash ^ bits) * 0x9FB21C651E98DF25ull;
    return hash ^ hash >> 32;
}

static uint64_t hash_of(const uint8_t *text, int64_t length)
{
    uint64_t hash = (uint64_t)length * 0x9E3779B97F4A7C15ull, rest = 0;
    for (; length >= 8; text += 8, length -= 8) {
        uint64_t bits;
        memcpy(&bits, text, 8);
        hash = mixed(hash, bits);
    }
    memcpy(&rest, text, (size_t)length);
    return mixed(hash, rest);
}

static int grow(Pieces *pieces, int64_t length)
{
    if (pieces->count == pieces->room) {
        Piece *more = realloc(pieces->pieces, 2 * (size_t)pieces->room * sizeof *more);
        if (!more) return 0;
        pieces->pieces = more;
        pieces->room *= 2;
    }
    if (pieces->used + length > pieces->text_room) {
        int64_t room = pieces->text_room * 2;
        while (room < pieces->used + length) room *= 2;
        uint8_t *texts = realloc(pieces->texts, (size_t)room);
        if (!texts) return 0;
        pieces->texts = texts;
        pieces->text_room = room;
    }
    if ((uint64_t)pieces->count * 2 > pieces->mask) {
        uint64_t mask = (pieces->mask + 1) * 4 - 1;
        Slot *slots = calloc(mask + 1, sizeof *slots);
        if (!slots) return 0;
        for (int64_t n = 0; n < pieces->count; n++) {
            uint64_t at = pieces->pieces[n].hash & mask;
            while (slots[at].number) at = (at + 1) & mask;
            slots[at] = (Slot){(uint32_t)n + 1, pieces->pieces[n].hash};
        }
        free(pieces->slots);
        pieces->slots = slots;
        pieces->mask = mask;
    }
    return 1;
}

static int64_t number_of(Pieces *pieces, const uint8_t *text, int64_t length)
{
    uint32_t hash = (uint32_t)hash_of(text, length);
    uint64_t at = hash & pieces->mask;
    for (Slot slot; (slot = pieces->slots[at]).number; at = (at + 1) & pieces->mask) {
        if (slot.hash != hash) continue;
        const Piece *piece = &pieces->pieces[slot.number - 1];
        if (piece->length == length && !memcmp(pieces->texts + piece->start, text, (size_t)length))
            return slot.number - 1;
    }
    if (length > UINT32_MAX || pieces->count == UINT32_MAX - 1) return TOO_MANY;
    if (!grow(pieces, length)) return NO_MEMORY;
    at = hash & pieces->mask;
    while (pieces->slots[at].number) at = (at + 1) & pieces->mask;
    int64_t n = pieces->count++;
    pieces->slots[at] = (Slot){(uint32_t)n + 1, hash};
    pieces->pieces[n] = (Piece){(uint64_t)pieces->used, (uint32_t)length, hash};
    memcpy(pieces->texts + pieces->used, text, (size_t)length);
    pieces->used += length;
    return n;
}

static inline int is_space(uint8_t byte) { return byte == ' ' || (byte >= 9 && byte <= 13); }
static inline int is_digit(uint8_t byte) { return byte >= '0' && byte <= '9'; }
static inline int is_letter(uint8_t byte)
{
    return (byte | 32) >= 'a' && (byte | 32) <= 'z';
}
static inline int is_paragraph(const uint8_t *text, int64_t at, int64_t end)
{
    return at + 1 < end && text[at] == 0xC2 && text[at + 1] == 0xA7; /* § in UTF-8 */
}

/* Whether what is one word may go on behind white space: a digit, a § or a letter without another
 * of ASCII beside it on both sides of it ("18 a §", "978 91 ..."). To go on too often is only slower:
 * what goes on is read together. */
static int goes_on(const uint8_t *text, int64_t start, int64_t end, int64_t next, int64_t limit)
{
    uint8_t last = text[end - 1], first = text[next];
    int before = is_digit(last) || (end - start >= 2 && is_paragraph(text, end - 2, end)) ||
                 (is_letter(last) && (end - start == 1 || !is_letter(text[end - 2])));
    if (!before) return 0;
    return is_digit(first) || is_paragraph(text, next, limit) ||
           (is_letter(first) &&
            (next + 1 == limit || !(is_letter(text[next + 1]) || is_digit(text[next + 1]))));
}

/* Cuts documents that lie one after the other into pieces at white space, and numbers them.
 *
 * `ends` are the documents' last bytes + 1. With `joins`, pieces that may be one word stay one.
 * out: the pieces' numbers, how many each document has, and where white space is no single space
 * between two pieces: the piece after it (counting one more for every document before), its first
 * byte and its length. Returns how many pieces there are; `odd_count` how much odd white space. */
int64_t tokenise(Pieces *pieces, const uint8_t *text, const int64_t *ends, int64_t documents,
                 int64_t joins, uint32_t *numbers, int64_t *counts, int64_t *odd_at,
                 int64_t *odd_first, int64_t *odd_length, int64_t *odd_count)
{
    int64_t found = 0, at = 0, odd = 0;
    for (int64_t d = 0; d < documents; d++) {
        int64_t first = at, limit = ends[d], before = found;
        for (;;) {
            int64_t space = at;
            while (at < limit && is_space(text[at])) at++;
            int is_inside = space > first && at < limit;
            if (is_inside ? at - space != 1 || text[space] != ' ' : at > space) {
                odd_at[odd] = found + d;
                odd_first[odd] = space;
                odd_length[odd++] = at - space;
            }
            if (at >= limit) break;
            int64_t start = at;
            for (;;) {
                int64_t part = at, next;
                while (at < limit && !is_space(text[at])) at++;
                if (!joins) break;
                for (next = at; next < limit && is_space(text[next]);) next++;
                if (next >= limit || !goes_on(text, part, at, next, limit)) break;
                at = next;
            }
            int64_t number = number_of(pieces, text + start, at - start);
            if (number < 0) return number;
            numbers[found++] = (uint32_t)number;
        }
        counts[d] = found - before;
    }
    *odd_count = odd;
    return found;
}

/* Turns the items of at most 65,536 documents into postings, by term and within it by document.
 *
 * `term_start` and `terms` give the terms of each of `known` items, which are numbers below `most`.
 * `seen` and `end` are room for a number a term. out: `start` [most + 1], `lengths` [documents] in
 * terms, and `documents` and `frequencies` by term. Returns how many postings there are. */
int64_t invert(const uint32_t *items, const int64_t *item_start, int64_t count,
               const int64_t *term_start, int64_t known, const uint32_t *terms, int64_t most,
               int32_t *seen, int64_t *end, int64_t *start, uint32_t *lengths,
               uint16_t *documents, uint32_t *frequencies)
{
    if (count > BLOCK) return TOO_MANY;
    for (int64_t i = 0; i < item_start[count]; i++) CHECK((int64_t)items[i] < known);
    (void)known;
    memset(start, 0, (size_t)(most + 1) * sizeof *start);
    for (int64_t r = 0; r < most; r++) seen[r] = -1;
    for (int64_t d = 0; d < count; d++) {
        uint32_t length = 0;
        for (int64_t i = item_start[d]; i < item_start[d + 1]; i++)
            for (int64_t t = term_start[items[i]]; t < term_start[items[i] + 1]; t++) {
                uint32_t r = terms[t];
                CHECK(r < most);
                length++;
                if (seen[r] != d) {
                    seen[r] = (int32_t)d;
                    start[r + 1]++;
                }
            }
        lengths[d] = length;
    }
    for (int64_t r = 0; r < most; r++) {
        end[r] = start[r];
        start[r + 1] += start[r];
        seen[r] = -1;
    }
    for (int64_t d = 0; d < count; d++)
        for (int64_t i = item_start[d]; i < item_start[d + 1]; i++)
            for (int64_t t = term_start[items[i]]; t < term_start[items[i] + 1]; t++) {
                uint32_t r = terms[t];
                if (seen[r] == d) {
                    frequencies[end[r] - 1]++;
                    continue;
                }
                seen[r] = (int32_t)d;
                documents[end[r]] = (uint16_t)d;
                frequencies[end[r]++] = 1;
            }
    return start[most];
}
