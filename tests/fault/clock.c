/* clock: a shim (LD_PRELOAD) under which the wall clock goes back an hour at every look (fault 74).
 * The monotonic clock is left alone. */
#include <dlfcn.h>
#include <sys/time.h>
#include <time.h>

static time_t now = 1900000000;

time_t time(time_t *out)
{
    now -= 3600;
    if (out)
        *out = now;
    return now;
}

int gettimeofday(struct timeval *restrict out, void *restrict zone)
{
    (void)zone;
    *out = (struct timeval){.tv_sec = time(NULL)};
    return 0;
}

int clock_gettime(clockid_t which, struct timespec *out)
{
    if (which == CLOCK_REALTIME || which == CLOCK_REALTIME_COARSE) {
        *out = (struct timespec){.tv_sec = time(NULL)};
        return 0;
    }
    return ((int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT, "clock_gettime"))(which, out);
}
