#pragma once
#include <stdint.h>

// What a function's process is started with. All texts end with a zero byte, all lists with a null pointer.
typedef struct {
    const char *program;
    char *const *arguments;
    char *const *environment;
    // The working folder.
    const char *folder;
    // Write end of the pipe that the function's output and errors go to.
    int output;
    // Read end of the pipe that tells the keeper to end the function: a byte, or its end when the engine is gone.
    int life;
    // Write end of the pipe that the keeper reports to.
    int reports;
    // Zero keeps the user that the engine runs as.
    uint32_t user;
    uint32_t group;
    // Limits of the function's process; zero sets none.
    uint64_t memoryBytes;
    uint64_t fileBytes;
    uint64_t processes;
    uint64_t files;
    // Between the signal TERM and the signal KILL.
    int graceMilliseconds;
} gw_keeper_order;

// What the keeper reports, in this order: 8 bytes each.
typedef struct {
    int32_t kind;
    int32_t value;
} gw_keeper_report;

enum {
    // The value is the function's process id.
    GW_KEEPER_STARTED = 1,
    // The program could not be executed; the value is errno.
    GW_KEEPER_REFUSED = 2,
    // Nothing that the function started is left; the value is the wait status of its first process.
    GW_KEEPER_ENDED = 3,
};

// Bytes written to `life`.
enum {
    GW_KEEPER_TERMINATE = 'T',
    GW_KEEPER_KILL = 'K',
};

// The user that has the end `port` of a connection to `peerPort`, both on 127.0.0.1; minus errno where the system does not
// say, and minus ENOENT where there is no such connection.
int64_t gw_connection_owner(uint16_t port, uint16_t peerPort);

// A pipe that no program inherits by exec: read end, write end. Gives 0, or minus errno.
int gw_keeper_pipe(int *ends);

// Starts the keeper of one function, which starts the function. Gives the keeper's process id, or minus errno.
int gw_keeper_start(const gw_keeper_order *order);
