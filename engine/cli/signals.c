/* In: signals, and descriptors as the parent left them. Out: a run that ends in order. The idea: a
 * batch is asked to stop and has a second for it; then, or at the second signal, temporaries are
 * removed and the process ends. Everywhere else a signal does that at once. */
#include "cli/cli.h"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

static volatile sig_atomic_t seen, deferring;

static void end(int number)
{
    outfile_remove_all();
    _exit(128 + number);
}

static void on_signal(int number)
{
    if (!deferring || seen)
        end(number);
    seen = number;
    alarm(1);
}

static void on_alarm(int number)
{
    (void)number;
    end(seen ? seen : SIGALRM);
}

static void install(int number, void (*handler)(int))
{
    struct sigaction now, was;
    sigaction(number, NULL, &was);
    if (was.sa_handler == SIG_IGN && number != SIGALRM)
        return; /* nohup, or a job in the background */
    now = (struct sigaction){.sa_handler = handler};
    sigemptyset(&now.sa_mask);
    sigaction(number, &now, NULL);
}

void signals_install(void)
{
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN);
    install(SIGINT, on_signal);
    install(SIGTERM, on_signal);
    install(SIGHUP, on_signal);
    install(SIGALRM, on_alarm);
}

void signals_defer(bool on)
{
    deferring = on;
    if (!on)
        alarm(0);
}

int signals_seen(void)
{
    return seen;
}

/* A closed descriptor would be given to the next file opened, which would then be read as input or
 * printed into. Standard output is opened so that it cannot be written: outfile says so. */
bool descriptors_open(void)
{
    static const int how[] = {O_RDONLY, O_RDONLY, O_WRONLY};
    bool has_input = true;
    for (int d = 0; d < 3; d++) {
        if (fcntl(d, F_GETFD) >= 0)
            continue;
        if (d == STDIN_FILENO)
            has_input = false;
        if (open("/dev/null", how[d]) != d)
            _exit(EXIT_IO);
    }
    return has_input;
}
