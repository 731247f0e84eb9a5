/*
 * Preloaded into `wow`, lets one of its calls to the system go wrong. Calls that change files, or lock them or open them
 * for writing, are counted when the file lies below a folder, and so are those that open folders.
 *
 * FAULTS_FOLDER  the folder
 * FAULTS_TRACE   a file elsewhere that gets a line for each call that is counted
 * FAULTS_CALL    counts only calls of this name, when it is set
 * FAULTS_AT      the call that goes wrong, from 1 on; 0 for every one
 * FAULTS_HOW     how: an error's number, or `kill`, or `interrupt`; nothing goes wrong when it is not set
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <semaphore.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

static atomic_int counted;

/* Ctrl-C is handled by a thread that waits for a semaphore which the signal's handler posts. It has done what it does
 * when it waits again. */
static volatile _Thread_local int in_interrupt;
static _Atomic(sem_t *) interrupt_semaphore;
static atomic_int interrupt_taken, interrupt_done;

int sem_post(sem_t *semaphore) {
    if (in_interrupt) interrupt_semaphore = semaphore;
    return REAL(sem_post)(semaphore);
}

int sem_wait(sem_t *semaphore) {
    if (semaphore == interrupt_semaphore && interrupt_taken) interrupt_done = 1;
    int result = REAL(sem_wait)(semaphore);
    if (result == 0 && semaphore == interrupt_semaphore) interrupt_taken = 1;
    return result;
}

static void interrupt(void) {
    in_interrupt = 1;
    raise(SIGINT);
    in_interrupt = 0;
    while (!interrupt_done) sched_yield();
}

static void trace(const char *call, const char *path) {
    const char *name = getenv("FAULTS_TRACE");
    if (!name) return;
    char line[8192];
    int length = snprintf(line, sizeof line, "%s %s\n", call, path);
    int file = syscall(SYS_openat, AT_FDCWD, name, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    syscall(SYS_write, file, line, length);
    syscall(SYS_close, file);
}

/* Counts a call if its file is one of the folder's; whether it is to fail, with `errno` set. */
static int fails(const char *call, const char *path) {
    const char *folder = getenv("FAULTS_FOLDER"), *only = getenv("FAULTS_CALL");
    const char *at = getenv("FAULTS_AT"), *how = getenv("FAULTS_HOW");
    if (!folder || strncmp(path, folder, strlen(folder)) != 0) return 0;
    if (only && strcmp(only, call) != 0) return 0;
    trace(call, path + strlen(folder));
    int number = ++counted;
    if (!how || !at || (atoi(at) != 0 && atoi(at) != number)) return 0;
    if (strcmp(how, "kill") == 0) {
        kill(getpid(), SIGKILL);
        pause();
    }
    if (strcmp(how, "interrupt") == 0) {
        interrupt();
        return 0;
    }
    errno = atoi(how);
    return 1;
}

static int fails_in(const char *call, int folder, const char *path) {
    char whole[8192];
    if (path[0] == '/') return fails(call, path);
    ssize_t length;
    if (folder == AT_FDCWD) {
        length = getcwd(whole, 4096) ? (ssize_t)strlen(whole) : -1;
    } else {
        char link[64];
        snprintf(link, sizeof link, "/proc/self/fd/%d", folder);
        length = readlink(link, whole, 4096);
    }
    if (length < 0) return 0;
    snprintf(whole + length, sizeof whole - length, "/%s", path);
    return fails(call, whole);
}

static int fails_at(const char *call, const char *path) { return fails_in(call, AT_FDCWD, path); }

static int fails_on(const char *call, int file) {
    char link[64], path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0) return 0;
    path[length] = 0;
    return fails(call, path);
}

#define MODE(flags, last)                                       \
    mode_t mode = 0;                                            \
    if ((flags) & (O_CREAT | __O_TMPFILE)) {                    \
        va_list list;                                           \
        va_start(list, last);                                   \
        mode = va_arg(list, mode_t);                            \
        va_end(list);                                           \
    }

/* Files that are only read are none of the test's. */
static int opens(int folder, const char *path, int flags) {
    struct stat status;
    int is_counted = (flags & (O_ACCMODE | O_CREAT)) || (fstatat(folder, path, &status, 0) == 0 && S_ISDIR(status.st_mode));
    return is_counted && fails_in(flags & O_CREAT ? "create" : "open", folder, path);
}

#define OPEN(name)                                              \
    int name(const char *path, int flags, ...) {                \
        MODE(flags, flags)                                      \
        return opens(AT_FDCWD, path, flags) ? -1 : REAL(name)(path, flags, mode); \
    }
#define OPENAT(name)                                            \
    int name(int folder, const char *path, int flags, ...) {    \
        MODE(flags, flags)                                      \
        return opens(folder, path, flags) ? -1 : REAL(name)(folder, path, flags, mode); \
    }
OPEN(open)
OPEN(open64)
OPENAT(openat)
OPENAT(openat64)

#define ON_FILE(result, name, call, parameters, ...)            \
    result name parameters { return fails_on(call, file) ? -1 : REAL(name)(__VA_ARGS__); }
ON_FILE(ssize_t, write, "write", (int file, const void *bytes, size_t count), file, bytes, count)
ON_FILE(ssize_t, writev, "write", (int file, const struct iovec *bytes, int count), file, bytes, count)
ON_FILE(ssize_t, pwrite, "write", (int file, const void *bytes, size_t count, off_t at), file, bytes, count, at)
ON_FILE(ssize_t, pwrite64, "write", (int file, const void *bytes, size_t count, off64_t at), file, bytes, count, at)
ON_FILE(int, fsync, "fsync", (int file), file)
ON_FILE(int, fdatasync, "fsync", (int file), file)
ON_FILE(int, ftruncate, "ftruncate", (int file, off_t length), file, length)
ON_FILE(int, ftruncate64, "ftruncate", (int file, off64_t length), file, length)
ON_FILE(int, fallocate, "fallocate", (int file, int mode, off_t at, off_t length), file, mode, at, length)
ON_FILE(int, fallocate64, "fallocate", (int file, int mode, off64_t at, off64_t length), file, mode, at, length)
ON_FILE(int, flock, "flock", (int file, int operation), file, operation)

#define FCNTL(name)                                             \
    int name(int file, int command, ...) {                      \
        va_list list;                                           \
        va_start(list, command);                                \
        void *argument = va_arg(list, void *);                  \
        va_end(list);                                           \
        if (command == F_SETLK && fails_on("lock", file)) return -1; \
        return REAL(name)(file, command, argument);             \
    }
FCNTL(fcntl)
FCNTL(fcntl64)

#define AT_PATH(result, error, name, parameters, ...)           \
    result name parameters { return fails_at(#name, path) ? error : REAL(name)(__VA_ARGS__); }
AT_PATH(int, -1, mkdir, (const char *path, mode_t mode), path, mode)
AT_PATH(int, -1, rmdir, (const char *path), path)
AT_PATH(int, -1, unlink, (const char *path), path)
AT_PATH(int, -1, remove, (const char *path), path)
AT_PATH(int, -1, chmod, (const char *path, mode_t mode), path, mode)
AT_PATH(int, -1, truncate, (const char *path, off_t length), path, length)
AT_PATH(DIR *, NULL, opendir, (const char *path), path)
AT_PATH(int, -1, rename, (const char *path, const char *to), path, to)
AT_PATH(int, -1, link, (const char *path, const char *to), path, to)

#define IN_FOLDER(name, parameters, ...)                        \
    int name parameters { return fails_in(#name, folder, path) ? -1 : REAL(name)(__VA_ARGS__); }
IN_FOLDER(mkdirat, (int folder, const char *path, mode_t mode), folder, path, mode)
IN_FOLDER(unlinkat, (int folder, const char *path, int flags), folder, path, flags)
IN_FOLDER(renameat, (int folder, const char *path, int other, const char *to), folder, path, other, to)
IN_FOLDER(renameat2, (int folder, const char *path, int other, const char *to, unsigned flags), folder, path, other, to,
          flags)
IN_FOLDER(linkat, (int folder, const char *path, int other, const char *to, int flags), folder, path, other, to, flags)
