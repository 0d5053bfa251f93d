/* A question against a whole collection, in two stages.
 *
 * The first gives every document points by its postings: BM25 of words, runs of words and parts of
 * compounds, and more for what a field says. Of the readings of one word the best counts. The second
 * reads the best documents word by word: the grams of the question in the best window of some
 * widths.
 *
 * Numbers are those of the collection's arrays: documents, rows, places (words in order), words,
 * stems, grams. Places of a stem ascend, and rows and fields are runs of places.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "common.h"

/* Sums of the same weights in another order differ by less. */
#define ROUNDING (1 + 1e-9)
#define AHEAD 16 /* places that are fetched before they are looked at */

typedef struct {
    int64_t documents, rows, places, words, stems, blocks, grams, fields;
    int64_t postings, part_postings, gram_words; /* how many there are in all */
    double average, average_parts; /* words and parts of compounds in a document */
    const int32_t *word;           /* [places] */
    const int32_t *document_of_row; /* [rows] */
    const int32_t *row_of;         /* [places] */
    const int8_t *field_of;        /* [places] */
    const int32_t *stem_of_word;   /* [words] */
    const int64_t *place_start;    /* [stems + 1] */
    const int32_t *place;          /* [places] by stem, ascending */
    const int32_t *following;      /* [places] beside them the next stem of the field, or -1 */
    const int64_t *posting_start;  /* [stems + 1] */
    const int32_t *posting;        /* documents by stem, ascending */
    const uint16_t *frequency;     /* beside them, 65,535 for more */
    const int64_t *part_start;     /* [stems + 1] the same for parts of compounds */
    const int32_t *part_posting;
    const uint16_t *part_frequency;
    const int32_t *length;         /* [documents] words */
    const int32_t *part_length;    /* [documents] parts of compounds */
    const int32_t *field_length;   /* [fields][documents] words */
    const int64_t *document_block; /* [documents + 1] the first block of each */
    const int32_t *block_start;    /* [blocks] the first place of each */
    const int64_t *gram_start;     /* [grams + 1] */
    const int32_t *gram_word;      /* words by gram */
} Collection;

enum { WORDS, PARTS, FIELDS, PAIR };

/* One way in which a word of the question may be answered: by a run of stems that stand side by
 * side (WORDS), by a part of compounds, by the fields that say a stem, or with its neighbour. Of
 * the words with one `group` the best counts. Readings of one `clause` stand together; a pair has
 * none. */
typedef struct {
    int32_t kind, clause, group, count;
    int64_t first; /* the run is stem[first] and those after it, `count` of them */
    double weight;
} Asked;

typedef struct {
    int64_t readings;
    const Asked *reading;
    int64_t stems;
    const int32_t *stem;
    const double *field_weight; /* [fields] */
    const double *full_length;  /* [fields] words up to which each counts in full */
    double k1, b;
    double least;               /* share of the clauses, by rarity, that a document must hold */
    int64_t candidates;         /* documents that are read word by word */
    int64_t grams;
    const int32_t *gram;
    const double *gram_weight;
    double whole;               /* what grams anywhere in a document are worth */
    int64_t widths;
    const int64_t *width;       /* blocks, powers of two, ascending */
    const double *width_weight;
} Question;

typedef struct {
    double *score;      /* [documents] all zero before the call */
    int32_t *found;     /* [documents] those that hold enough, ascending */
    int64_t found_held;
    int64_t read;       /* how many were read word by word */
    int32_t *document;  /* [candidates] they, ascending */
    double *points;     /* [candidates] what their grams earned */
    int64_t *row_start; /* [candidates + 1] cuts their rows */
    int64_t row_room;
    int32_t *row;       /* [row_room] */
    double *row_points; /* [row_room] the best widest window that begins in the row */
} Answer;

/* All zero between calls, but for lists. */
typedef struct {
    double *best, *covered; /* [documents] */
    int32_t *stamp;         /* [documents] the last clause that was noted, plus 1 */
    uint64_t *noted;        /* [documents / 64 + 1] */
    uint32_t *slot;         /* [words] the place of a word's bits, plus 1 */
    int32_t *in_clause, *in_group, *holder; /* [documents] lists */
    uint16_t *times;                        /* [documents] beside `holder` */
} Desk;

/* Inverse document frequency, never negative. */
static double rarity(int64_t documents, int64_t holding)
{
    return log1p(((double)documents - (double)holding + 0.5) / ((double)holding + 0.5));
}

static inline double share(const Question *question, double times, double length, double average)
{
    double k1 = question->k1, b = question->b;
    double norm = average != 0 ? k1 * (1 - b + b * length / average) : k1;
    return times * (k1 + 1) / (times + norm);
}

/* -- the first stage ----------------------------------------------------------------------- */

typedef struct {
    const Collection *of;
    const Question *asked;
    Answer *answer;
    Desk *desk;
    int32_t clause;
    int64_t in_clause, in_group;
    double whole; /* the rarity of all clauses together */
} Scoring;

static inline void give(Scoring *scoring, int32_t document, double points)
{
    Desk *desk = scoring->desk;
    scoring->answer->score[document] += points;
    if (scoring->clause >= 0 && desk->stamp[document] != scoring->clause + 1) {
        desk->stamp[document] = scoring->clause + 1;
        desk->in_clause[scoring->in_clause++] = document;
    }
}

static inline void offer(Scoring *scoring, int32_t document, double points)
{
    double *best = scoring->desk->best;
    if (points <= best[document]) return;
    if (best[document] == 0) scoring->desk->in_group[scoring->in_group++] = document;
    best[document] = points;
}

static void close_group(Scoring *scoring)
{
    Desk *desk = scoring->desk;
    for (int64_t i = 0; i < scoring->in_group; i++) {
        int32_t document = desk->in_group[i];
        give(scoring, document, desk->best[document]);
        desk->best[document] = 0;
    }
    scoring->in_group = 0;
}

static void close_clause(Scoring *scoring)
{
    Desk *desk = scoring->desk;
    if (scoring->in_clause) {
        double rare = rarity(scoring->of->documents, scoring->in_clause);
        for (int64_t i = 0; i < scoring->in_clause; i++) {
            int32_t document = desk->in_clause[i];
            desk->covered[document] += rare;
            desk->noted[document >> 6] |= 1ull << (document & 63);
        }
        scoring->whole += rare;
    }
    scoring->in_clause = 0;
}

/* Whether `count` places from one on stand in one field of one row. */
static int is_together(const Collection *of, int64_t first, int64_t count)
{
    for (int64_t k = 1; k < count; k++)
        if (of->row_of[first + k] != of->row_of[first] ||
            of->field_of[first + k] != of->field_of[first])
            return 0;
    return 1;
}

/* Counts a run that begins at a place, in the list of documents that have it. */
static int64_t count_run(const Collection *of, Desk *desk, int64_t first, int64_t found)
{
    CHECK(of->row_of[first] >= 0 && of->row_of[first] < of->rows);
    int32_t document = of->document_of_row[of->row_of[first]];
    CHECK(document >= 0 && document < of->documents);
    if (found && desk->holder[found - 1] == document) {
        desk->times[found - 1] += desk->times[found - 1] < UINT16_MAX;
        return found;
    }
    CHECK(found < of->documents && (!found || document > desk->holder[found - 1]));
    desk->holder[found] = document;
    desk->times[found] = 1;
    return found + 1;
}

/* Two stems side by side: what follows the first is known. */
static int64_t find_pair(const Collection *of, const int32_t *run, Desk *desk)
{
    const int32_t *following = of->following;
    int64_t found = 0, last = of->place_start[run[0] + 1];
    int32_t second = run[1];
    for (int64_t i = of->place_start[run[0]]; i < last; i++) {
        if (following[i] != second) continue;
        CHECK(of->place[i] >= 0 && of->place[i] < of->places);
        found = count_run(of, desk, of->place[i], found);
        if (found < 0) return found;
    }
    return found;
}

/* Lists the documents in which a run of stems stands in one field of one row, and how often, by
 * the stem with the fewest places. */
static int64_t find_run(const Collection *of, const int32_t *run, int64_t count, Desk *desk)
{
    int64_t rarest = 0, found = 0, fewest = INT64_MAX;
    for (int64_t k = 0; k < count; k++) {
        CHECK(run[k] >= 0 && run[k] < of->stems);
        CHECK(of->place_start[run[k]] >= 0 && of->place_start[run[k] + 1] <= of->places);
        int64_t held = of->place_start[run[k] + 1] - of->place_start[run[k]];
        CHECK(held >= 0);
        if (held < fewest) fewest = held, rarest = k;
    }
    if (count == 2) return find_pair(of, run, desk);
    int64_t last = of->place_start[run[rarest] + 1], beside = rarest ? rarest - 1 : 1;
    for (int64_t i = of->place_start[run[rarest]]; i < last; i++) {
        int64_t first = of->place[i] - rarest, k = beside;
        /* Places are far apart, but known long before. */
        if (i + AHEAD < last) __builtin_prefetch(&of->word[of->place[i + AHEAD] - rarest + beside]);
        if (first < 0 || first + count > of->places) continue;
        CHECK(of->word[first + k] >= 0 && of->word[first + k] < of->words);
        if (of->stem_of_word[of->word[first + k]] != run[k]) continue; /* nearly always */
        for (k = 0; k < count; k++) {
            CHECK(of->word[first + k] >= 0 && of->word[first + k] < of->words);
            if (of->stem_of_word[of->word[first + k]] != run[k]) break;
        }
        if (k == count && is_together(of, first, count)) found = count_run(of, desk, first, found);
        if (found < 0) return found;
    }
    return found;
}

/* The documents of a stem in some postings; BROKEN when they are not within the collection. */
static int64_t span_of(const Collection *of, const int64_t *start, const int32_t *posting,
                       int64_t postings, int32_t stem)
{
    (void)of, (void)posting, (void)postings;
    CHECK(stem >= 0 && stem < of->stems);
    CHECK(start[stem] >= 0 && start[stem] <= start[stem + 1] && start[stem + 1] <= postings);
#ifdef CHECKED
    for (int64_t i = start[stem]; i < start[stem + 1]; i++)
        CHECK(posting[i] >= 0 && posting[i] < of->documents);
#endif
    return start[stem + 1] - start[stem];
}

static int64_t score_words(Scoring *scoring, const Asked *reading)
{
    const Collection *of = scoring->of;
    const int32_t *run = scoring->asked->stem + reading->first;
    const int32_t *documents = scoring->desk->holder;
    const uint16_t *times = scoring->desk->times;
    int64_t held;
    if (reading->count == 1) {
        held = span_of(of, of->posting_start, of->posting, of->postings, run[0]);
        if (held <= 0) return held;
        documents = of->posting + of->posting_start[run[0]];
        times = of->frequency + of->posting_start[run[0]];
    } else
        held = find_run(of, run, reading->count, scoring->desk);
    double rare = rarity(of->documents, held);
    for (int64_t i = 0; i < held; i++) {
        int32_t d = documents[i];
        double points = reading->weight * (rare * share(scoring->asked, times[i], of->length[d],
                                                        of->average));
        if (reading->kind == PAIR) give(scoring, d, points);
        else offer(scoring, d, points);
    }
    return held;
}

static int64_t score_parts(Scoring *scoring, const Asked *reading)
{
    const Collection *of = scoring->of;
    int32_t stem = scoring->asked->stem[reading->first];
    int64_t held = span_of(of, of->part_start, of->part_posting, of->part_postings, stem);
    if (held <= 0) return held;
    double worth = reading->weight * rarity(of->documents, held);
    for (int64_t i = of->part_start[stem]; i < of->part_start[stem + 1]; i++) {
        int32_t d = of->part_posting[i];
        give(scoring, d, worth * share(scoring->asked, of->part_frequency[i], of->part_length[d],
                                       of->average_parts));
    }
    return held;
}

/* What the fields that say a stem earn in one document. */
static void give_fields(Scoring *scoring, int32_t document, uint64_t fields, double worth)
{
    const Collection *of = scoring->of;
    const Question *asked = scoring->asked;
    for (int64_t f = 0; fields; f++, fields >>= 1) {
        if (!(fields & 1)) continue;
        double full = asked->full_length[f] / of->field_length[f * of->documents + document];
        give(scoring, document, asked->field_weight[f] * worth * (full < 1 ? full : 1));
    }
}

static int64_t score_fields(Scoring *scoring, const Asked *reading)
{
    const Collection *of = scoring->of;
    int32_t stem = scoring->asked->stem[reading->first], document = -1;
    int64_t held = span_of(of, of->posting_start, of->posting, of->postings, stem);
    if (held <= 0) return held;
    CHECK(of->place_start[stem] >= 0 && of->place_start[stem + 1] <= of->places);
    double worth = reading->weight * rarity(of->documents, held);
    uint64_t weighed = 0, fields = 0;
    for (int64_t f = 0; f < of->fields; f++)
        if (scoring->asked->field_weight[f] != 0) weighed |= 1ull << f;
    for (int64_t i = of->place_start[stem]; i < of->place_start[stem + 1]; i++) {
        int32_t place = of->place[i];
        CHECK(place >= 0 && place < of->places);
        CHECK(of->field_of[place] >= 0 && of->field_of[place] < of->fields);
        uint64_t field = 1ull << of->field_of[place] & weighed;
        if (!field) continue;
        CHECK(of->row_of[place] >= 0 && of->row_of[place] < of->rows);
        int32_t here = of->document_of_row[of->row_of[place]];
        if (here != document) {
            if (fields) give_fields(scoring, document, fields, worth);
            document = here;
            fields = 0;
            CHECK(document >= 0 && document < of->documents);
        }
        fields |= field;
    }
    if (fields) give_fields(scoring, document, fields, worth);
    return held;
}

static int64_t score_all(Scoring *scoring)
{
    int32_t group = -1;
    scoring->clause = -1;
    for (int64_t r = 0; r < scoring->asked->readings; r++) {
        const Asked *reading = &scoring->asked->reading[r];
        int64_t done = 0;
        CHECK(reading->count > 0 && reading->first >= 0);
        CHECK(reading->first + reading->count <= scoring->asked->stems);
        int another = reading->clause != scoring->clause;
        if (another || reading->kind != WORDS || reading->group != group) close_group(scoring);
        if (another) close_clause(scoring);
        scoring->clause = reading->clause;
        group = reading->kind == WORDS ? reading->group : -1;
        switch (reading->kind) {
        case WORDS: case PAIR: done = score_words(scoring, reading); break;
        case PARTS: done = score_parts(scoring, reading); break;
        case FIELDS: done = score_fields(scoring, reading); break;
        default: return BROKEN;
        }
        if (done < 0) return done;
    }
    close_group(scoring);
    close_clause(scoring);
    return 0;
}

/* Lists the documents that hold enough of the question and keeps the best; leaves the desk clear. */
static void list_found(Scoring *scoring, Best *best)
{
    Desk *desk = scoring->desk;
    Answer *answer = scoring->answer;
    double least = scoring->asked->least * scoring->whole;
    for (int64_t w = 0; w <= scoring->of->documents / 64; w++) {
        uint64_t bits = desk->noted[w];
        desk->noted[w] = 0;
        for (; bits; bits &= bits - 1) {
            int64_t d = w * 64 + __builtin_ctzll(bits);
            double covered = desk->covered[d];
            desk->covered[d] = 0;
            desk->stamp[d] = 0;
            if (!(covered > 0 && covered >= least)) continue;
            answer->found[answer->found_held++] = (int32_t)d;
            keep(best, answer->score[d], d);
        }
    }
}

/* -- the second stage ---------------------------------------------------------------------- */

/* The bits of words and blocks: one for each gram of the question, in groups of 64. */
typedef struct {
    int64_t groups, bytes, slots;
    uint64_t *of_slot;    /* [slots + 1][groups] the first has none */
    uint64_t *block;      /* [most blocks][groups] */
    double *value;        /* [bytes][256] what each byte is worth */
    double *worth;        /* [most blocks] no less than the window from each block on is worth */
    int64_t *times;       /* [64 * groups] blocks that have each gram */
} Bits;

static void free_bits(Bits *bits)
{
    free(bits->of_slot);
    free(bits->block);
    free(bits->value);
    free(bits->worth);
    free(bits->times);
}

static int64_t most_blocks(const Collection *of, const Answer *answer)
{
    int64_t most = 0;
    for (int64_t c = 0; c < answer->read; c++) {
        int32_t d = answer->document[c];
        int64_t first = of->document_block[d], last = of->document_block[d + 1];
        CHECK(first >= 0 && first <= last && last <= of->blocks);
        if (last - first > most) most = last - first;
    }
    return most;
}

/* Gives every word that has a gram of the question its bits, and every byte of bits its worth. */
static void lay_bits(const Collection *of, const Question *asked, Desk *desk, Bits *bits)
{
    for (int64_t g = 0; g < asked->grams; g++) {
        int32_t gram = asked->gram[g];
        for (int64_t i = of->gram_start[gram]; i < of->gram_start[gram + 1]; i++) {
            int32_t word = of->gram_word[i];
            if (!desk->slot[word]) desk->slot[word] = (uint32_t)++bits->slots;
            bits->of_slot[desk->slot[word] * bits->groups + (g >> 6)] |= 1ull << (g & 63);
        }
    }
    for (int64_t byte = 0; byte < bits->bytes; byte++) {
        double *value = bits->value + byte * 256;
        value[0] = 0;
        for (int64_t bit = 0; bit < 8; bit++) {
            int64_t g = byte * 8 + bit;
            double weight = g < asked->grams ? asked->gram_weight[g] : 0;
            for (int64_t below = 0; below < 1 << bit; below++)
                value[below + (1 << bit)] = value[below] + weight;
        }
    }
}

static void clear_slots(const Collection *of, const Question *asked, Desk *desk)
{
    for (int64_t g = 0; g < asked->grams; g++)
        for (int64_t i = of->gram_start[asked->gram[g]]; i < of->gram_start[asked->gram[g] + 1]; i++)
            desk->slot[of->gram_word[i]] = 0;
}

/* Unites the bits of the words of each block of a document. */
static int64_t unite_blocks(const Collection *of, const Desk *desk, Bits *bits, int64_t first,
                            int64_t count)
{
    int64_t groups = bits->groups;
    memset(bits->block, 0, (size_t)(count * groups) * sizeof *bits->block);
    for (int64_t n = 0; n < count; n++) {
        int64_t place = of->block_start[first + n];
        int64_t end = first + n + 1 < of->blocks ? of->block_start[first + n + 1] : of->places;
        uint64_t *united = bits->block + n * groups;
        CHECK(place >= 0 && place <= end && end <= of->places);
        for (; place < end; place++) {
            CHECK(of->word[place] >= 0 && of->word[place] < of->words);
            /* A word without any has slot 0: to look costs less than to foresee. */
            const uint64_t *own = bits->of_slot + desk->slot[of->word[place]] * groups;
            united[0] |= own[0];
            for (int64_t g = 1; g < groups; g++) united[g] |= own[g];
        }
    }
    return 0;
}

/* Eight bits as eight bytes of 0 or 1, the lowest first. */
static inline uint64_t spread(uint64_t bits)
{
    uint64_t alone = bits * 0x0101010101010101ull & 0x8040201008040201ull;
    return (alone + 0x7f7f7f7f7f7f7f7full) >> 7 & 0x0101010101010101ull;
}

/* Counts the blocks that have each gram: eight counters to a number, emptied before one is full. */
static void count_grams(Bits *bits, int64_t count)
{
    memset(bits->times, 0, (size_t)(64 * bits->groups) * sizeof *bits->times);
    for (int64_t byte = 0; byte < bits->bytes; byte++)
        for (int64_t first = 0; first < count; first += 255) {
            const uint64_t *block = bits->block + first * bits->groups + (byte >> 3);
            int64_t some = count - first < 255 ? count - first : 255, down = 8 * (byte & 7);
            uint64_t counters = 0;
            for (int64_t n = 0; n < some; n++) counters += spread(block[n * bits->groups] >> down & 255);
            for (int64_t bit = 0; bit < 8; bit++)
                bits->times[8 * byte + bit] += (int64_t)(counters >> 8 * bit & 255);
        }
}

/* What the grams anywhere in a document are worth: BM25 of the blocks that have each. */
static double score_whole(const Collection *of, const Question *asked, Bits *bits, int32_t document,
                          int64_t count)
{
    double points = 0;
    count_grams(bits, count);
    for (int64_t g = 0; g < asked->grams; g++)
        if (bits->times[g])
            points += share(asked, (double)bits->times[g], of->length[document], of->average) *
                      asked->gram_weight[g];
    return points;
}

static double worth_of(const Bits *bits, const uint64_t *window)
{
    double total = 0;
    for (int64_t byte = 0; byte < bits->bytes; byte++)
        total += bits->value[byte * 256 + (window[byte >> 3] >> (8 * (byte & 7)) & 255)];
    return total;
}

/* Unites each run of `width` blocks with the one after it. What it is worth is at most what both
 * are. */
static void widen(Bits *bits, int64_t count, int64_t width)
{
    int64_t groups = bits->groups;
    for (int64_t at = 0; at < (count - width) * groups; at++)
        bits->block[at] |= bits->block[at + width * groups];
    for (int64_t n = 0; n + width < count; n++) bits->worth[n] += bits->worth[n + width];
}

/* The most that a window is worth. Only those that might be it are weighed. */
static double weigh_windows(Bits *bits, int64_t count)
{
    double most = 0;
    for (int64_t n = 0; n < count; n++) {
        if (bits->worth[n] * ROUNDING < most) continue;
        double total = bits->worth[n] = worth_of(bits, bits->block + n * bits->groups);
        if (total > most) most = total;
    }
    return most;
}

/* Notes the best window of each row of a document; returns the best of all. */
static int64_t note_rows(const Collection *of, Bits *bits, int64_t first, int64_t count,
                         Answer *answer, int64_t rows, double *most)
{
    *most = 0;
    for (int64_t n = 0; n < count; n++) {
        int64_t place = of->block_start[first + n];
        CHECK(place < of->places);
        int32_t row = of->row_of[place];
        if (!n || row != answer->row[rows - 1]) {
            if (rows >= answer->row_room) return TOO_MANY;
            answer->row[rows] = row;
            answer->row_points[rows++] = 0;
        }
        double *best = &answer->row_points[rows - 1];
        if (bits->worth[n] * ROUNDING < *best) continue;
        double total = worth_of(bits, bits->block + n * bits->groups);
        if (total > *best) *best = total;
        if (total > *most) *most = total;
    }
    return rows;
}

static int64_t read_documents(const Collection *of, const Question *asked, Answer *answer,
                              Desk *desk, Bits *bits)
{
    int64_t rows = 0;
    for (int64_t c = 0; c < answer->read; c++) {
        int32_t document = answer->document[c];
        int64_t first = of->document_block[document], width = 1;
        int64_t count = of->document_block[document + 1] - first;
        int64_t broken = unite_blocks(of, desk, bits, first, count);
        if (broken) return broken;
        double points = asked->whole * score_whole(of, asked, bits, document, count);
        for (int64_t n = 0; n < count; n++) bits->worth[n] = INFINITY;
        for (int64_t w = 0; w < asked->widths; w++) {
            double most;
            for (; width < asked->width[w]; width *= 2) widen(bits, count, width);
            if (w + 1 < asked->widths) most = weigh_windows(bits, count);
            else {
                answer->row_start[c] = rows;
                rows = note_rows(of, bits, first, count, answer, rows, &most);
                if (rows < 0) return rows;
            }
            points += asked->width_weight[w] * most;
        }
        answer->points[c] = points;
        answer->score[document] += points;
    }
    answer->row_start[answer->read] = rows;
    return 0;
}

static int64_t second_stage(const Collection *of, const Question *asked, Answer *answer, Desk *desk)
{
    int64_t held = 0, most = most_blocks(of, answer), done = NO_MEMORY;
    CHECK(most >= 0);
    for (int64_t g = 0; g < asked->grams; g++) {
        int32_t gram = asked->gram[g];
        CHECK(gram >= 0 && gram < of->grams && of->gram_start[gram] >= 0);
        CHECK(of->gram_start[gram] <= of->gram_start[gram + 1]);
        CHECK(of->gram_start[gram + 1] <= of->gram_words);
#ifdef CHECKED
        for (int64_t i = of->gram_start[gram]; i < of->gram_start[gram + 1]; i++)
            CHECK(of->gram_word[i] >= 0 && of->gram_word[i] < of->words);
#endif
        held += of->gram_start[gram + 1] - of->gram_start[gram];
    }
    int64_t groups = (asked->grams + 63) / 64, bytes = (asked->grams + 7) / 8;
    Bits bits = {groups, bytes, 0, NULL, NULL, NULL, NULL, NULL};
    bits.of_slot = calloc((size_t)((held + 1) * groups), sizeof *bits.of_slot);
    bits.block = malloc((size_t)(most * groups + 1) * sizeof *bits.block);
    bits.value = malloc((size_t)(bytes * 256) * sizeof *bits.value);
    bits.worth = malloc((size_t)(most + 1) * sizeof *bits.worth);
    bits.times = malloc((size_t)(groups * 64) * sizeof *bits.times);
    if (bits.of_slot && bits.block && bits.value && bits.worth && bits.times) {
        lay_bits(of, asked, desk, &bits);
        done = read_documents(of, asked, answer, desk, &bits);
        clear_slots(of, asked, desk);
    }
    free_bits(&bits);
    return done;
}

/* Ranks a collection. Returns how many documents hold enough of the question; TOO_MANY where
 * there is too little room for rows, and then the scores must be zeroed before the next try. */
int64_t rank(const Collection *of, const Question *asked, Answer *answer, Desk *desk)
{
    Scoring scoring = {of, asked, answer, desk, -1, 0, 0, 0};
    answer->found_held = answer->read = 0;
    answer->row_start[0] = 0;
    CHECK(of->fields <= 64);
    int64_t failed = score_all(&scoring);
    if (failed) return failed;
    int64_t size = asked->candidates;
    int64_t *documents = malloc((size_t)(size + 1) * sizeof *documents);
    double *scores = malloc((size_t)(size + 1) * sizeof *scores);
    if (!documents || !scores) {
        free(documents);
        free(scores);
        return NO_MEMORY;
    }
    Best best = {size, 0, scores, documents};
    list_found(&scoring, &best);
    /* In the order of documents: `found` has them so, and the worst of the best says which. */
    for (int64_t i = 0; i < answer->found_held && best.held; i++) {
        int32_t d = answer->found[i];
        if (!is_worse(answer->score[d], d, scores[0], documents[0]))
            answer->document[answer->read++] = d;
    }
    free(documents);
    free(scores);
    if (asked->grams && answer->read) failed = second_stage(of, asked, answer, desk);
    else {
        for (int64_t c = 0; c < answer->read; c++) answer->points[c] = 0;
        answer->read = 0;
    }
    return failed ? failed : answer->found_held;
}
