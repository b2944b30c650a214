#pragma once
#include <stdint.h>
#include <string.h>
#include <zlib.h>

// Inflates a raw deflate stream whole. Gives the bytes written, or -1: the stream is damaged, has no end, goes on after
// its end, or is longer than `capacity`.
static inline long gw_inflate_raw(const uint8_t *input, size_t count, uint8_t *output, size_t capacity) {
    z_stream stream;
    memset(&stream, 0, sizeof stream);
    if (count > UINT32_MAX || capacity > UINT32_MAX) return -1;
    if (inflateInit2(&stream, -MAX_WBITS) != Z_OK) return -1;
    stream.next_in = (Bytef *)(uintptr_t)input;
    stream.avail_in = (uInt)count;
    stream.next_out = output;
    stream.avail_out = (uInt)capacity;
    int result = inflate(&stream, Z_FINISH);
    long written = (long)(capacity - stream.avail_out);
    int is_whole = result == Z_STREAM_END && stream.avail_in == 0;
    inflateEnd(&stream);
    return is_whole ? written : -1;
}

static inline uint32_t gw_crc32(const uint8_t *bytes, size_t count) {
    return (uint32_t)crc32(crc32(0, NULL, 0), bytes, (uInt)count);
}
