// The keeper of a function: a small process between the engine and the function, which sees to it that nothing of the
// function is left. It is told of the engine's end, kill -9 included, by a pipe that closes; it is the reaper of all
// that the function starts, so that a child with a session of its own is found as well.
//
// It is a fork of the engine that executes nothing else: only functions that may be called between fork and exec are
// used here, and neither the heap nor a lock.
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "CKeeper.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#ifndef SYS_close_range
#define SYS_close_range 436
#endif

enum { NULL_DEVICE = 0, LIFE = 3, REPORTS = 4, OUTPUT = 5, FIRST_FREE = 6 };

static void report(int file, int32_t kind, int32_t value) {
    gw_keeper_report message = {kind, value};
    // A pipe takes eight bytes whole or not at all; if nobody reads any more, nobody wants to know.
    ssize_t ignored = write(file, &message, sizeof message);
    (void)ignored;
}

static void close_from(int first) {
    if (syscall(SYS_close_range, (unsigned)first, ~0U, 0) == 0) return;
    struct rlimit limit;
    rlim_t end = getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < 65536 ? limit.rlim_cur : 65536;
    for (rlim_t file = (rlim_t)first; file < end; file++) close((int)file);
}

// Gives the descriptors their places. They are moved out of the way first, since one may stand where another goes.
static int place_files(const gw_keeper_order *order) {
    int life = fcntl(order->life, F_DUPFD, FIRST_FREE);
    int reports = fcntl(order->reports, F_DUPFD, FIRST_FREE);
    int output = fcntl(order->output, F_DUPFD, FIRST_FREE);
    int null = open("/dev/null", O_RDWR);
    if (life < 0 || reports < 0 || output < 0 || null < 0) return -1;
    null = null < FIRST_FREE ? fcntl(null, F_DUPFD, FIRST_FREE) : null;
    if (null < 0) return -1;
    for (int file = 0; file < 3; file++) {
        if (dup2(null, file) < 0) return -1;
    }
    if (dup2(life, LIFE) < 0 || dup2(output, OUTPUT) < 0) return -1;
    // Closed by the function's exec, so that a report from before it is the last one of that side.
    if (dup3(reports, REPORTS, O_CLOEXEC) < 0) return -1;
    close_from(FIRST_FREE);
    return 0;
}

static int limit(int resource, uint64_t value) {
    if (value == 0) return 0;
    struct rlimit limit = {value, value};
    return setrlimit(resource, &limit);
}

// Never returns.
static void become_function(const gw_keeper_order *order, pid_t keeper) {
    setpgid(0, 0);
    for (int number = 1; number < 65; number++) signal(number, SIG_DFL);
    sigset_t none;
    sigemptyset(&none);
    int failed = dup2(OUTPUT, 1) < 0 || dup2(OUTPUT, 2) < 0 || chdir(order->folder) != 0;
    const struct rlimit nothing = {0, 0};
    failed = failed || setrlimit(RLIMIT_CORE, &nothing) != 0 || limit(RLIMIT_DATA, order->memoryBytes) != 0;
    failed = failed || limit(RLIMIT_FSIZE, order->fileBytes) != 0 || limit(RLIMIT_NOFILE, order->files) != 0;
    failed = failed || limit(RLIMIT_NPROC, order->processes) != 0;
    if (order->user != 0) {
        // Not the functions of the C library: those make every thread of the process change its user, by a list of
        // threads that is the engine's.
        failed = failed || syscall(SYS_setgroups, 0, NULL) != 0;
        failed = failed || syscall(SYS_setresgid, order->group, order->group, order->group) != 0;
        failed = failed || syscall(SYS_setresuid, order->user, order->user, order->user) != 0;
    }
    failed = failed || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0;
    // After the change of user, which takes it back.
    failed = failed || prctl(PR_SET_PDEATHSIG, SIGKILL) != 0;
    if (getppid() != keeper) _exit(127);
    umask(077);
    if (!failed) {
        close(LIFE);
        close(OUTPUT);
        sigprocmask(SIG_SETMASK, &none, NULL);
        // A fork at the very time when the program was written has it open for writing still, until that one's own exec.
        for (int attempt = 0; attempt < 200; attempt++) {
            execve(order->program, order->arguments, order->environment);
            if (errno != ETXTBSY) break;
            poll(NULL, 0, 5);
        }
    }
    report(REPORTS, GW_KEEPER_REFUSED, errno);
    _exit(127);
}

static int64_t milliseconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

// The parent's id in the text of /proc/PID/stat, which has the program's name in parentheses before it.
static pid_t parent_of(const char *name) {
    char path[64] = "/proc/";
    size_t length = strlen(name);
    if (length > 20) return -1;
    memcpy(path + 6, name, length);
    memcpy(path + 6 + length, "/stat", 6);
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) return -1;
    char text[512];
    ssize_t count = read(file, text, sizeof text - 1);
    close(file);
    if (count <= 0) return -1;
    text[count] = 0;
    const char *rest = strrchr(text, ')');
    // ") S 123 "
    if (rest == NULL || strlen(rest) < 5) return -1;
    pid_t parent = 0;
    for (rest += 4; *rest >= '0' && *rest <= '9'; rest++) parent = parent * 10 + (*rest - '0');
    return parent;
}

struct directory_entry {
    uint64_t inode;
    int64_t offset;
    uint16_t length;
    uint8_t type;
    char name[];
};

// Kills every process whose parent this is: what the function left behind comes here, however it hid.
static void kill_children(pid_t keeper) {
    int folder = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0) return;
    char buffer[4096] __attribute__((aligned(8)));
    for (;;) {
        long count = syscall(SYS_getdents64, folder, buffer, sizeof buffer);
        if (count <= 0) break;
        for (long position = 0; position < count;) {
            struct directory_entry *entry = (struct directory_entry *)(buffer + position);
            position += entry->length;
            if (entry->name[0] < '1' || entry->name[0] > '9' || parent_of(entry->name) != keeper) continue;
            pid_t process = 0;
            for (const char *digit = entry->name; *digit >= '0' && *digit <= '9'; digit++) {
                process = process * 10 + (*digit - '0');
            }
            kill(process, SIGKILL);
        }
    }
    close(folder);
}

// Ends all that the function has started.
static void sweep(pid_t function, int *status, int *is_over) {
    pid_t keeper = getpid();
    kill(-function, SIGKILL);
    if (!*is_over) kill(function, SIGKILL);
    for (;;) {
        int one;
        pid_t ended = waitpid(-1, &one, WNOHANG);
        if (ended == function) {
            *status = one;
            *is_over = 1;
        }
        if (ended > 0) continue;
        if (ended < 0 && errno == ECHILD) return;
        kill_children(keeper);
        poll(NULL, 0, 1);
    }
}

// Waits for the function's end, or for the word to end it.
static int keep(pid_t function, int signals, int grace) {
    int status = 0, is_over = 0;
    int64_t deadline = -1;
    while (!is_over) {
        struct pollfd files[2] = {{LIFE, POLLIN, 0}, {signals, POLLIN, 0}};
        int64_t rest = deadline < 0 ? -1 : deadline - milliseconds();
        if (deadline >= 0 && rest <= 0) break;
        if (poll(files, 2, (int)rest) < 0 && errno != EINTR) break;
        if (files[0].revents != 0) {
            char word = 0;
            if (read(LIFE, &word, 1) != 1 || word != GW_KEEPER_TERMINATE) break;
            kill(-function, SIGTERM);
            if (deadline < 0) deadline = milliseconds() + grace;
        }
        if (files[1].revents != 0) {
            struct signalfd_siginfo information;
            ssize_t ignored = read(signals, &information, sizeof information);
            (void)ignored;
            int one;
            for (pid_t ended = waitpid(-1, &one, WNOHANG); ended > 0; ended = waitpid(-1, &one, WNOHANG)) {
                if (ended != function) continue;
                status = one;
                is_over = 1;
            }
        }
    }
    sweep(function, &status, &is_over);
    return status;
}

// Never returns.
static void become_keeper(const gw_keeper_order *order) {
    setsid();
    // The engine's memory is in here; a function of the same user is not to read it.
    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
    prctl(PR_SET_NAME, "gw-keeper", 0, 0, 0);
    prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
    if (place_files(order) != 0) _exit(126);
    sigset_t children;
    sigemptyset(&children);
    sigaddset(&children, SIGCHLD);
    int signals = signalfd(-1, &children, SFD_CLOEXEC);
    pid_t keeper = getpid();
    pid_t function = signals < 0 ? -1 : fork();
    if (function == 0) become_function(order, keeper);
    if (function < 0) {
        report(REPORTS, GW_KEEPER_REFUSED, errno);
        _exit(126);
    }
    // In both, since either may be first.
    setpgid(function, function);
    close(OUTPUT);
    report(REPORTS, GW_KEEPER_STARTED, function);
    int status = keep(function, signals, order->graceMilliseconds);
    report(REPORTS, GW_KEEPER_ENDED, status);
    _exit(0);
}

int gw_keeper_pipe(int *ends) { return pipe2(ends, O_CLOEXEC) == 0 ? 0 : -errno; }

int gw_keeper_start(const gw_keeper_order *order) {
    // No signal reaches the keeper before it is one; the mask stays with it.
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    pid_t keeper = fork();
    if (keeper == 0) become_keeper(order);
    int error = errno;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return keeper < 0 ? -error : keeper;
}
