/* measure.c - runs one command and prints what it took: wall time from before the fork to its end,
   processor time, peak memory, how it ended.
   usage: measure OUT ERR COMMAND ARGUMENT...
   The command's standard output goes to OUT (made anew), its errors to ERR, its input is empty.
   prints: wall_ns user_us system_us peak_kib code     (code: 128 + the signal, if one ended it)

   A program of its own because the kernel counts the memory of the process that forks towards the
   peak of its child: a starter must be small. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static long long now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static void redirect(const char *path, int flags, int to)
{
    int fd = open(path, flags, 0644);
    if (fd < 0 || dup2(fd, to) < 0)
        _exit(126);
    close(fd);
}

int main(int argc, char **argv)
{
    if (argc < 4)
        return 2;
    long long before = now_ns();
    pid_t child = fork();
    if (child < 0)
        return 1;
    if (child == 0) {
        redirect("/dev/null", O_RDONLY, STDIN_FILENO);
        redirect(argv[1], O_WRONLY | O_CREAT | O_TRUNC, STDOUT_FILENO);
        redirect(argv[2], O_WRONLY | O_CREAT | O_TRUNC, STDERR_FILENO);
        execvp(argv[3], argv + 3);
        _exit(127);
    }
    int status;
    struct rusage used;
    if (wait4(child, &status, 0, &used) != child)
        return 1;
    long long wall = now_ns() - before;
    int code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    printf("%lld %lld %lld %ld %d\n", wall,
           used.ru_utime.tv_sec * 1000000LL + used.ru_utime.tv_usec,
           used.ru_stime.tv_sec * 1000000LL + used.ru_stime.tv_usec, used.ru_maxrss, code);
    return 0;
}
