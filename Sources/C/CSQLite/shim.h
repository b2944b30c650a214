#pragma once
#include <sqlite3.h>

// SQLITE_TRANSIENT is a cast function pointer, which Swift does not import: SQLite copies the bytes before it returns.
static inline int gatewright_bind_text(sqlite3_stmt *statement, int position, const char *bytes, sqlite3_uint64 count) {
    return sqlite3_bind_text64(statement, position, bytes, count, SQLITE_TRANSIENT, SQLITE_UTF8);
}

static inline int gatewright_bind_blob(sqlite3_stmt *statement, int position, const void *bytes, sqlite3_uint64 count) {
    return sqlite3_bind_blob64(statement, position, bytes, count, SQLITE_TRANSIENT);
}
