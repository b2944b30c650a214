import NIOCore

/// A body that other threads are at work on. A class, so that what comes too late is known.
final class PendingBody {}

extension ClientConnection {
    /// Packs a long body elsewhere. Until then the answer is open, and the next request waits.
    func pack(_ response: ExchangeResponse, _ coding: ContentCoding) {
        let bound = beginWork()
        loop.packer.packed(response.body, coding, on: loop.eventLoop).whenComplete { result in
            let (connection, work) = bound.value
            guard connection.pendingBody === work else { return }
            connection.pendingBody = nil
            var response = response
            if case .success(let body) = result {
                response.body = body
                response.announce(coding)
            }
            connection.writeWhole(response)
            connection.endAnswer()
            connection.goOn()
        }
    }

    /// Unpacks the body of a request elsewhere, then goes on with it. What was sent is kept for its signature.
    func unpack(_ sent: [UInt8], _ coding: ContentCoding) {
        let bound = beginWork()
        loop.packer.unpacked(sent, coding, on: loop.eventLoop).whenComplete { result in
            let (connection, work) = bound.value
            guard connection.pendingBody === work else { return }
            connection.pendingBody = nil
            switch result {
            case .success(let unpacked): connection.proceed(sent, unpacked: unpacked)
            // The threads are gone, and so will the connection be.
            case .failure: connection.proceed(sent)
            }
            connection.goOn()
        }
    }

    private func beginWork() -> NIOLoopBound<(ClientConnection, PendingBody)> {
        let work = PendingBody()
        pendingBody = work
        setDeadline(loop.idleTimeout)
        return NIOLoopBound((self, work), eventLoop: loop.eventLoop)
    }
}
