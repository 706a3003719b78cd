/* waves: the rows of a case in the order of its waves, for those who compare them.
 *
 * A wave is what the wave column says, in the order of names, runs of digits by their value (2
 * before 10, 2023-11 before 2024-02); or it is the file, in the order in which files are named. */
#ifndef ENTENTE_WAVES_H
#define ENTENTE_WAVES_H

#include "survey/packed.h"

struct waved;
struct waves { /* zero, and by_file */
    struct waved *list;
    size_t capacity;
    bool by_file;
};

void waves_deinit(struct waves *w);
bool waves_differ(const struct waves *w, const struct layout *l, const struct packed_row *a,
                  const struct packed_row *b);
/* The rows of one case, wave by wave, each wave's as they came. False when memory is short. */
bool waves_sort(struct waves *w, const struct layout *l, const struct packed_row **rows,
                size_t count);

#endif
