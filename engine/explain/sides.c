/* sides: whose own figures may be shown.
 * In: a case, and how many people a side must have. Out: per partner, whether it is hidden and why.
 * Next: report, api. The one idea: one hidden side beside others would follow from the figures of
 * the case and of the rest, so then the smallest of the rest is hidden too; the diagnosis stays. */
#include "explain/parts.h"

static uint32_t people_of(const struct case_view *v, uint32_t partner)
{
    const uint32_t *from = v->tile->block->respondent_from;
    uint32_t row = v->tile->partner_from + v->partner_from + partner;
    return from[row + 1] - from[row];
}

uint8_t *explain_sides(struct arena *a, const struct case_view *v, uint32_t least)
{
    uint32_t few = 0, smallest = NONE;
    for (uint32_t p = 0; p < v->partners; p++)
        few += people_of(v, p) < least;
    if (few == 0)
        return NULL;
    uint8_t *sides = arena_array(a, v->partners, sizeof *sides);
    for (uint32_t p = 0; p < v->partners; p++) {
        if (people_of(v, p) < least)
            sides[p] = SIDE_FEW;
        else if (smallest == NONE || people_of(v, p) < people_of(v, smallest))
            smallest = p;
    }
    if (few == 1 && smallest != NONE)
        sides[smallest] = SIDE_BESIDE;
    return sides;
}
