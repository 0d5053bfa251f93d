/* What the files of the kernel share: how a call ends, checks of bounds, and the best documents. */
#ifndef METODSOK_KERNEL_COMMON
#define METODSOK_KERNEL_COMMON
#include <stdint.h>

#define BROKEN (-1)
#define TOO_MANY (-2)
#define NO_MEMORY (-3)

#ifdef CHECKED
#define CHECK(holds) do { if (!(holds)) return BROKEN; } while (0)
#else
#define CHECK(holds) do { } while (0)
#endif

typedef struct {
    int64_t size, held;
    double *score;     /* a heap: the worst of the best on top */
    int64_t *document;
} Best;

static inline int is_worse(double score, int64_t document, double other, int64_t other_document)
{
    return score < other || (score == other && document > other_document);
}

static void keep(Best *best, double score, int64_t document)
{
    double *scores = best->score;
    int64_t *documents = best->document;
    int64_t at;
    if (best->held < best->size) {
        at = best->held++;
        while (at > 0) {
            int64_t above = (at - 1) >> 1;
            if (!is_worse(score, document, scores[above], documents[above])) break;
            scores[at] = scores[above];
            documents[at] = documents[above];
            at = above;
        }
    } else {
        if (!best->size || !is_worse(scores[0], documents[0], score, document)) return;
        at = 0;
        for (;;) {
            int64_t below = 2 * at + 1;
            if (below >= best->held) break;
            if (below + 1 < best->held && is_worse(scores[below + 1], documents[below + 1],
                                                   scores[below], documents[below]))
                below++;
            if (!is_worse(scores[below], documents[below], score, document)) break;
            scores[at] = scores[below];
            documents[at] = documents[below];
            at = below;
        }
    }
    scores[at] = score;
    documents[at] = document;
}

static inline double least_kept(const Best *best)
{
    return best->held == best->size && best->size ? best->score[0] : -1e308;
}

#endif
