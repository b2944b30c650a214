#pragma once
#include <git2.h>
// libgit2's headers need zlib's package; loose objects are checked with it before libgit2 reads them.
#include <zlib.h>
