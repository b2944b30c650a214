#pragma once
#include <git2.h>
#include <git2/sys/odb_backend.h>
#include <git2/sys/repository.h>
// libgit2's headers need zlib's package; loose objects are checked with it before libgit2 reads them.
#include <zlib.h>

// An object database backend and its owner: libgit2 hands the first member to the callbacks.
typedef struct {
    git_odb_backend backend;
    void *owner;
} gw_odb_backend;

// git_libgit2_opts takes any arguments, which Swift cannot call.
static inline int gw_git_set_authorities(const char *file) {
    return git_libgit2_opts(GIT_OPT_SET_SSL_CERT_LOCATIONS, file, (const char *)0);
}
static inline int gw_git_set_configuration_folder(const char *folder) {
    return git_libgit2_opts(GIT_OPT_SET_SEARCH_PATH, GIT_CONFIG_LEVEL_GLOBAL, folder);
}
static inline int gw_git_sync_to_disk(void) {
    return git_libgit2_opts(GIT_OPT_ENABLE_FSYNC_GITDIR, 1);
}
