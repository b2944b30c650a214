// Which user a connection on 127.0.0.1 belongs to: TCP itself does not say.
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "CKeeper.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

static int64_t ask(int file, uint16_t port, uint16_t peerPort) {
    struct {
        struct nlmsghdr head;
        struct inet_diag_req_v2 body;
    } request;
    memset(&request, 0, sizeof request);
    request.head.nlmsg_len = sizeof request;
    request.head.nlmsg_type = SOCK_DIAG_BY_FAMILY;
    request.head.nlmsg_flags = NLM_F_REQUEST;
    request.body.sdiag_family = AF_INET;
    request.body.sdiag_protocol = IPPROTO_TCP;
    request.body.idiag_states = ~0U;
    request.body.id.idiag_sport = htons(port);
    request.body.id.idiag_dport = htons(peerPort);
    request.body.id.idiag_src[0] = htonl(INADDR_LOOPBACK);
    request.body.id.idiag_dst[0] = htonl(INADDR_LOOPBACK);
    request.body.id.idiag_cookie[0] = INET_DIAG_NOCOOKIE;
    request.body.id.idiag_cookie[1] = INET_DIAG_NOCOOKIE;
    if (send(file, &request, sizeof request, 0) != sizeof request) return -errno;
    union {
        struct nlmsghdr head;
        char bytes[4096];
    } answer;
    ssize_t count = recv(file, &answer, sizeof answer, 0);
    if (count < 0) return -errno;
    if (!NLMSG_OK(&answer.head, (unsigned)count)) return -EPROTO;
    if (answer.head.nlmsg_type == NLMSG_ERROR) {
        const struct nlmsgerr *error = NLMSG_DATA(&answer.head);
        return error->error < 0 ? error->error : -EPROTO;
    }
    if (answer.head.nlmsg_len < NLMSG_LENGTH(sizeof(struct inet_diag_msg))) return -EPROTO;
    const struct inet_diag_msg *found = NLMSG_DATA(&answer.head);
    return found->idiag_uid;
}

int64_t gw_connection_owner(uint16_t port, uint16_t peerPort) {
    int file = socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);
    if (file < 0) return -errno;
    // The system answers at once; a loop must not wait for one that does not.
    struct timeval limit = {0, 100000};
    setsockopt(file, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    int64_t owner = ask(file, port, peerPort);
    close(file);
    return owner;
}
