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
