/* In: signals, and descriptors as the parent left them. Out: a run that ends in order. The idea: a
 * batch is asked to stop and has a second for it; then, or at the second signal, temporaries are
 * removed and the process ends. Everywhere else a signal does that at once. */
#include "cli/cli.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <termios.h>
#include <unistd.h>

static void install(int number, void (*handler)(int));

static volatile sig_atomic_t seen, deferring;

/* While a line is edited, and words for who is interrupted. */
static struct termios cooked;
static const char *volatile prompt, *volatile farewell;
static volatile int farewell_to;

static void put(int to, const char *c)
{
    size_t n = 0;
    while (c[n])
        n++;
    ssize_t done = write(to, c, n);
    (void)done; /* nobody to tell */
}

static void end(int number)
{
    outfile_remove_all();
    if (prompt)
        tcsetattr(STDIN_FILENO, TCSANOW, &cooked);
    if (farewell) {
        put(farewell_to, "\n");
        put(farewell_to, farewell);
    }
    _exit(128 + number);
}

/* Stopped in the middle of a line: the shell gets the terminal as it was, and we get it back. */
static void on_stop(int number)
{
    struct termios raw;
    sigset_t one;
    bool editing = prompt != NULL;
    int kept = errno;
    if (editing) {
        tcgetattr(STDIN_FILENO, &raw);
        tcsetattr(STDIN_FILENO, TCSANOW, &cooked);
    }
    signal(number, SIG_DFL);
    sigemptyset(&one);
    sigaddset(&one, number);
    sigprocmask(SIG_UNBLOCK, &one, NULL);
    raise(number);
    install(number, on_stop);
    if (editing) {
        tcsetattr(STDIN_FILENO, TCSANOW, &raw);
        put(STDOUT_FILENO, "\r");
        put(STDOUT_FILENO, prompt);
    }
    errno = kept;
}

void signals_on_terminal(const char *shown)
{
    if (shown)
        tcgetattr(STDIN_FILENO, &cooked);
    prompt = shown;
}

void signals_farewell(const char *words, int to)
{
    farewell_to = to;
    farewell = words;
    install(SIGTSTP, on_stop);
}

void signals_hold(bool on)
{
    static const int numbers[] = {SIGINT, SIGTERM, SIGHUP, SIGTSTP};
    sigset_t set;
    sigemptyset(&set);
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        sigaddset(&set, numbers[i]);
    sigprocmask(on ? SIG_BLOCK : SIG_UNBLOCK, &set, NULL);
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
    now = (struct sigaction){.sa_handler = handler, .sa_flags = number == SIGTSTP ? SA_RESTART : 0};
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
